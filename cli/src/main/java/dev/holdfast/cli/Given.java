package dev.holdfast.cli;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads what an argument gives: itself, what standard input holds, or a file. */
final class Given {
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    private Given() {}

    /** The text itself, or for {@code -} standard input. */
    static String text(String argument, Invocation invocation) {
        return argument.equals("-") ? read(invocation.in(), "standard input") : argument;
    }

    /** As {@link #text}, and for {@code @FILE} what the file holds. */
    static String textOrFile(String argument, Invocation invocation) {
        if (!argument.startsWith("@")) {
            return text(argument, invocation);
        }
        Path file = StorePlace.path(argument.substring(1));
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (IOException e) {
            throw unreadable(file.toString(), e);
        }
    }

    private static String read(InputStream in, String from) {
        try {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new HoldfastException(
                        ErrorCode.TOO_LARGE, from + " is longer than " + MAX_BYTES + " bytes; give less");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HoldfastException.invalid(from + " is not UTF-8; write it as UTF-8");
        } catch (IOException e) {
            throw unreadable(from, e);
        }
    }

    private static HoldfastException unreadable(String from, IOException e) {
        String why = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
        return HoldfastException.invalid("cannot read " + from + ": " + why + "; name a file that can be read");
    }
}
