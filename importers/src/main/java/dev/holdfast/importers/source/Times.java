package dev.holdfast.importers.source;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Reads the times of records. Stateless. */
public final class Times {
    /** {@code 2026-01-02T03:04:05.678Z}, as nearly every record has it. */
    private static final String USUAL = "dddd-dd-ddTdd:dd:dd.dddZ";

    private static final int SECONDS_OF_DAY = 86_400;

    private Times() {}

    /**
     * Reads an instant in ISO form.
     *
     * @param text what a record says
     * @return the instant, or null if it is none
     */
    public static @Nullable Instant parse(@Nullable String text) {
        if (text == null || text.isEmpty() || text.charAt(0) < '0' || text.charAt(0) > '9') {
            return null;
        }
        try {
            return isUsual(text) ? usual(text) : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean isUsual(String text) {
        if (text.length() != USUAL.length()) {
            return false;
        }
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            char wanted = USUAL.charAt(k);
            if (wanted == 'd' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        // What is beyond the clock is left to the full reader: it knows 24:00 and leap seconds.
        return number(text, 11, 2) < 24 && number(text, 14, 2) < 60 && number(text, 17, 2) < 60;
    }

    /** The full reader does the same in thirty times the time, and there is one time in every record. */
    private static Instant usual(String text) {
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2))
                .toEpochDay();
        long second = number(text, 11, 2) * 3_600L + number(text, 14, 2) * 60L + number(text, 17, 2);
        return Instant.ofEpochSecond(day * SECONDS_OF_DAY + second, number(text, 20, 3) * 1_000_000L);
    }

    private static int number(String text, int from, int digits) {
        int number = 0;
        for (int k = from; k < from + digits; k++) {
            number = number * 10 + (text.charAt(k) - '0');
        }
        return number;
    }
}
