package dev.holdfast;

/**
 * The kinds of fault a caller can act on. Stable: names are part of the public contract and appear in {@code --json} errors.
 */
public enum ErrorCode {
    /** A store, session, record, blob or trash entry that was named does not exist. */
    NOT_FOUND,
    /** An argument, id or event is malformed. Nothing was written. */
    INVALID_ARGUMENT,
    /** The request contradicts what is already recorded. Nothing was written. */
    CONFLICT,
    /** Another process or handle drives the session now. Nothing was written. */
    DRIVEN_BY_OTHER,
    /** The lifecycle does not allow the transition or event in the session's status. Nothing was written. */
    ILLEGAL_TRANSITION,
    /** The short lock of a log was not free in time. Nothing was written; trying again is safe. */
    BUSY,
    /** A record is larger than the format allows once its blobs are split out. Nothing was written. */
    TOO_LARGE,
    /** Damage below what was known durable. The session is readable; writing needs a repair first. */
    DAMAGED,
    /** An append was attempted and it is not known whether it is durable. Reopen the session and look before repeating it. */
    OUTCOME_UNKNOWN,
    /** The store's format is newer than this version, or the file system is not safe for appends. */
    UNSUPPORTED,
    /** The storage refused an operation (permission, space, I/O). */
    STORAGE,
    /** The handle or store was closed. */
    CLOSED
}
