package dev.holdfast.spi;

import java.time.Instant;

/**
 * Which store this is.
 *
 * @param id the store's own id, kept when it is moved
 * @param format the format's version
 * @param created when it was made
 * @param location where it is, for messages
 */
public record StoreInfo(String id, int format, Instant created, String location) {}
