package dev.holdfast.cli;

import dev.holdfast.ErrorCode;

/** How the program ends. The numbers are part of its contract. */
enum ExitCode {
    /** What was asked is done. */
    DONE(0),
    /** It could not be done. */
    FAILED(1),
    /** It was asked in a wrong way. Nothing was written. */
    USAGE(2),
    /** What was named does not exist. */
    NOT_FOUND(3),
    /** It contradicts what is there, or another process drives. Nothing was written. */
    CONFLICT(4),
    /** Something acknowledged may be lost. */
    DAMAGED(5);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static ExitCode of(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND -> NOT_FOUND;
            case INVALID_ARGUMENT, TOO_LARGE -> USAGE;
            case CONFLICT, DRIVEN_BY_OTHER, ILLEGAL_TRANSITION, BUSY -> CONFLICT;
            case DAMAGED -> DAMAGED;
            case OUTCOME_UNKNOWN, UNSUPPORTED, STORAGE, CLOSED -> FAILED;
        };
    }
}
