package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and shows times and durations as people write them. */
final class Times {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})([smhdw])");

    private Times() {}

    /** A point in time: an ISO time or date, or how long ago: 30m, 2h, 3d, 1w. */
    static Instant past(String text, Instant now) {
        try {
            if (DURATION.matcher(text).matches()) {
                return now.minus(duration(text));
            }
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneId.systemDefault())
                        .toInstant();
            }
            return text.matches(".*T.*(Z|[+-][0-9:]+)")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw HoldfastException.invalid("not a time: \"" + text
                    + "\"; write 2026-11-20, 2026-11-20T21:03:00Z, or how long ago: 30m, 2h, 3d, 1w");
        }
    }

    /** A duration: 90s, 30m, 2h, 3d, 1w. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw HoldfastException.invalid("not a duration: \"" + text + "\"; write 90s, 30m, 2h, 3d or 1w");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    /** How long ago, in one unit. */
    static String age(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + "h";
        }
        long days = seconds / 86_400;
        return days < 1000 ? days + "d" : days / 365 + "y";
    }
}
