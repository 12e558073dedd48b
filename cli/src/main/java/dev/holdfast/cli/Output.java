package dev.holdfast.cli;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/** Standard output in large pieces, which notices when nobody reads any more. Used by one thread. */
final class Output {
    private static final int PIECE_BYTES = 32 * 1024;

    private final PrintStream stream;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private boolean closed;

    /** Thrown when the reader went away. */
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("standard output is closed", null, false, false);
        }
    }

    Output(PrintStream stream) {
        this.stream = stream;
    }

    /** Prints a line that holds no foreign text, or only text that went through {@link Text}. */
    void line(String line) {
        write(line);
    }

    /** Prints one JSON value as a line. */
    void json(JsonNode value) {
        rawJson(value.toString());
    }

    /** Prints a line of JSON. */
    void rawJson(String json) {
        write(Text.json(json));
    }

    /** Takes what is no line of text, as it is. */
    OutputStream bytes() {
        flush();
        return new BufferedOutputStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int from, int length) {
                        stream.write(bytes, from, length);
                        if (stream.checkError()) {
                            closed = true;
                            throw new Closed();
                        }
                    }
                },
                PIECE_BYTES);
    }

    private void write(String line) {
        piece.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        piece.write('\n');
        if (piece.size() >= PIECE_BYTES) {
            flush();
        }
    }

    /** Hands over what was printed so far. Says once that nobody reads it. */
    void flush() {
        byte[] bytes = piece.toByteArray();
        piece.reset();
        if (closed) {
            return;
        }
        stream.write(bytes, 0, bytes.length);
        if (stream.checkError()) {
            closed = true;
            throw new Closed();
        }
    }
}
