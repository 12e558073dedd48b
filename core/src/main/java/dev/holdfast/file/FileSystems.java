package dev.holdfast.file;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Knows which file systems do not append atomically. */
final class FileSystems {
    private FileSystems() {}

    /** Refuses network and pass-through file systems, where two writers could tear each other's lines. */
    static void refuseUnsafe(Path root, boolean unsafe) {
        if (unsafe || !root.toFile().exists()) {
            return;
        }
        String type;
        try {
            type = Files.getFileStore(root).type().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            return;
        }
        if (type.startsWith("nfs")
                || type.startsWith("smb")
                || type.equals("cifs")
                || type.equals("9p")
                || type.startsWith("fuse")) {
            throw new HoldfastException(
                    ErrorCode.UNSUPPORTED,
                    root + " is on " + type
                            + ", where appends are not atomic; use a local disk, or allow it at your own"
                            + " risk with --unsafe-file-system");
        }
    }
}
