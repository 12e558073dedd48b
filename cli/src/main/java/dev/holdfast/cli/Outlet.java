package dev.holdfast.cli;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Passes bytes on and remembers why that failed, which a {@code PrintStream} does not tell. */
final class Outlet extends OutputStream {
    private final OutputStream target;
    private volatile @Nullable String problem;

    Outlet(OutputStream target) {
        this.target = target;
    }

    /** Why writing failed, or null if it did not, or if only the reader went away, which is no fault. */
    @Nullable
    String problem() {
        return problem;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            target.write(bytes, from, length);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (problem == null && !message.contains("Broken pipe")) {
                problem = message;
            }
            throw e;
        }
    }
}
