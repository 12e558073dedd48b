package dev.holdfast.event;

import dev.holdfast.HoldfastException;

/**
 * Names a payload that is kept beside the log under the SHA-256 of its bytes.
 *
 * @param sha256 64 lower-case hexadecimal digits
 * @param bytes the payload's length
 */
public record BlobRef(String sha256, long bytes) {
    /** Checks the form, so that a reference can never name anything but a blob. */
    public BlobRef {
        if (!sha256.matches("[0-9a-f]{64}") || bytes < 0) {
            throw HoldfastException.invalid("not a blob reference: \"" + sha256 + "\", " + bytes + " bytes");
        }
    }
}
