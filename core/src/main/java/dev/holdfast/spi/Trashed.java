package dev.holdfast.spi;

import dev.holdfast.log.LogId;
import java.time.Instant;

/**
 * Something in the trash.
 *
 * @param name its name there
 * @param id the log it was
 * @param at when it was moved there
 * @param bytes its size
 */
public record Trashed(String name, LogId id, Instant at, long bytes) {}
