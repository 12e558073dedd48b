package dev.holdfast.travel;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * A file that is written under a passing name and gets its own when it is whole. Only its owner may read it: a transcript
 * holds whatever was said.
 */
final class PassingFile extends FilterOutputStream {
    private static final FileAttribute<?>[] MODE =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private final Path target;
    private final Path passing;
    private final FileChannel channel;
    private final boolean overwrite;
    private boolean whole;

    private PassingFile(Path target, Path passing, FileChannel channel, boolean overwrite) {
        super(Channels.newOutputStream(channel));
        this.target = target;
        this.passing = passing;
        this.channel = channel;
        this.overwrite = overwrite;
    }

    /** Begins a file; one that is there already is replaced only if told so. */
    static PassingFile of(Path target, boolean overwrite) throws IOException {
        refuse(target, overwrite);
        Path parent = Objects.requireNonNull(target.toAbsolutePath().getParent(), "a file in a directory");
        if (!Files.isDirectory(parent)) {
            throw HoldfastException.notFound("there is no directory " + parent + "; make it, or choose another file");
        }
        Path passing = parent.resolve(".tmp-" + UUID.randomUUID());
        FileChannel channel =
                FileChannel.open(passing, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), MODE);
        return new PassingFile(target, passing, channel, overwrite);
    }

    private static void refuse(Path target, boolean overwrite) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new HoldfastException(ErrorCode.CONFLICT, target + " is no file; choose another name");
        }
        if (!overwrite) {
            throw new HoldfastException(
                    ErrorCode.CONFLICT, target + " exists already; choose another name, or overwrite it (force)");
        }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    /** Makes the file durable and gives it its name. */
    void finish() throws IOException {
        flush();
        channel.force(true);
        channel.close();
        refuse(target, overwrite);
        Files.move(passing, target, StandardCopyOption.ATOMIC_MOVE);
        whole = true;
    }

    /** Takes away what was not finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        if (!whole) {
            Files.deleteIfExists(passing);
        }
    }

    /** Something to write. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static void write(Path target, boolean overwrite, Content content) throws IOException {
        try (PassingFile file = of(target, overwrite)) {
            content.writeTo(file);
            file.finish();
        }
    }
}
