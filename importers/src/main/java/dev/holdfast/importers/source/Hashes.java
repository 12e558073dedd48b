package dev.holdfast.importers.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** Hashes of several strengths. */
public final class Hashes {
    private Hashes() {}

    /**
     * Makes a digest.
     *
     * @return a new SHA-256
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Hashes a text, fast and not against an adversary: who could make two ids collide can leave a record out as well.
     *
     * @param text any text
     * @return 64 bits
     */
    public static long bits(String text) {
        long hash = 0x9e37_79b9_7f4a_7c15L + text.length();
        for (int k = 0; k < text.length(); k++) {
            hash = (hash ^ text.charAt(k)) * 0x9fb2_1c65_1e98_df25L;
            hash ^= hash >>> 32;
        }
        hash = (hash ^ hash >>> 29) * 0xbf58_476d_1ce4_e5b9L;
        return hash ^ hash >>> 32;
    }

    /**
     * Fingerprints bytes for telling records apart: two checksums of different polynomials and the length. As fast as
     * memory; SHA-256 would cost more than parsing.
     *
     * @param bytes where they are
     * @param from the first
     * @param length how many
     * @return {@code crc:}, 16 hexadecimal digits, a dash and the length
     */
    public static String fingerprint(byte[] bytes, int from, int length) {
        CRC32C castagnoli = new CRC32C();
        castagnoli.update(bytes, from, length);
        CRC32 ethernet = new CRC32();
        ethernet.update(bytes, from, length);
        HexFormat hex = HexFormat.of();
        return "crc:" + hex.toHexDigits((int) castagnoli.getValue()) + hex.toHexDigits((int) ethernet.getValue()) + "-"
                + length;
    }
}
