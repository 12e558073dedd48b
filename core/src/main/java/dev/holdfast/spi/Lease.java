package dev.holdfast.spi;

/** The right to drive a log. Thread-safe. */
public interface Lease extends AutoCloseable {
    /** Gives the right back. Does nothing the second time. */
    @Override
    void close();
}
