package dev.holdfast.spi;

import java.time.Instant;

/**
 * Who drives something, as they said themselves. For messages only; the lock is what counts.
 *
 * @param pid the process id
 * @param host the machine's name
 * @param processStarted when the process started, which tells a reused pid apart
 * @param since when the driving began
 */
public record Holder(long pid, String host, Instant processStarted, Instant since) {}
