package dev.holdfast.log;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The one form in which times are written, {@code YYYY-MM-DDThh:mm:ss.ffffffZ}. */
final class WrittenTime {
    private static final int LENGTH = 27;
    private static final int SECONDS_OF_DAY = 24 * 60 * 60;

    private WrittenTime() {}

    static void write(Instant at, LineBuffer out) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(at.getEpochSecond(), at.getNano(), ZoneOffset.UTC);
        out.padded(time.getYear(), 4).ascii("-").padded(time.getMonthValue(), 2).ascii("-");
        out.padded(time.getDayOfMonth(), 2).ascii("T").padded(time.getHour(), 2).ascii(":");
        out.padded(time.getMinute(), 2).ascii(":").padded(time.getSecond(), 2).ascii(".");
        out.padded(time.getNano() / 1000, 6).ascii("Z");
    }

    /** Reads a time in this form, or returns null for any other. */
    static @Nullable Instant parse(byte[] text, int from, int to) {
        boolean formed = to - from == LENGTH
                && text[from + 4] == '-'
                && text[from + 7] == '-'
                && text[from + 10] == 'T'
                && text[from + 13] == ':'
                && text[from + 16] == ':'
                && text[from + 19] == '.'
                && text[from + 26] == 'Z';
        if (!formed) {
            return null;
        }
        int year = number(text, from, 4);
        int month = number(text, from + 5, 2);
        int day = number(text, from + 8, 2);
        int hour = number(text, from + 11, 2);
        int minute = number(text, from + 14, 2);
        int second = number(text, from + 17, 2);
        int micros = number(text, from + 20, 6);
        boolean inRange = year >= 0
                && month >= 1
                && month <= 12
                && day >= 1
                && (day <= 28 || day <= YearMonth.of(year, month).lengthOfMonth())
                && hour >= 0
                && hour <= 23
                && minute >= 0
                && minute <= 59
                && second >= 0
                && second <= 59
                && micros >= 0;
        if (!inRange) {
            return null;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Instant.ofEpochSecond(days * SECONDS_OF_DAY + (hour * 60L + minute) * 60 + second, micros * 1000L);
    }

    /** Returns the number that some digits are, or -1. */
    private static int number(byte[] text, int from, int digits) {
        int value = 0;
        for (int k = from; k < from + digits; k++) {
            int digit = text[k] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
