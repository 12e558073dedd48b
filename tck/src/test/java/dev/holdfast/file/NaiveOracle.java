package dev.holdfast.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Says what must be read of damaged bytes, by the words of the format and without any of the code under test: tries every
 * beginning with every end.
 */
final class NaiveOracle {
    private static final Pattern HEAD = Pattern.compile("\\{\"i\":(\\d+),");
    private static final Pattern TRAILER = Pattern.compile(",\"crc\":\"([0-9a-f]{8})\"\\}");
    private static final Pattern DURABLE = Pattern.compile("\"type\":\"[a-z._]+\"(?:,\"id\":\"[^\"]*\")?,\"d\":(\\d+)");
    private static final Pattern BATCH = Pattern.compile("\"b\":\\[(\\d+),(\\d+)\\]");

    /** An intact line. */
    record Line(long index, int offset, long durable, int ordinal, int size, byte[] bytes) {}

    private NaiveOracle() {}

    /** Every intact record of a segment's bytes, in the order in which they stand. */
    static List<Line> lines(byte[] file, String log, int segment) {
        List<Line> lines = new ArrayList<>();
        byte[] seed = (log + "/" + segment + "/").getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int to = 0; to < file.length; to++) {
            if (file[to] == '\n') {
                String text = new String(file, from, to - from, StandardCharsets.ISO_8859_1);
                Matcher head = HEAD.matcher(text);
                for (int at = 0; head.find(at); ) {
                    Line line = lineAt(file, from, head, text, seed);
                    if (line == null) {
                        at = head.start() + 1;
                    } else {
                        lines.add(line);
                        at = line.offset() - from + line.bytes().length;
                    }
                    if (at > text.length()) {
                        break;
                    }
                }
                from = to + 1;
            }
        }
        return lines;
    }

    private static Line lineAt(byte[] file, int from, Matcher head, String text, byte[] seed) {
        int start = from + head.start();
        Matcher trailer = TRAILER.matcher(text);
        for (int at = head.start(); trailer.find(at); at = trailer.start() + 1) {
            CRC32C crc = new CRC32C();
            crc.update(seed);
            crc.update(file, start, from + trailer.start() - start);
            if (HexFormat.of().toHexDigits((int) crc.getValue()).equals(trailer.group(1))) {
                String line = text.substring(head.start(), trailer.end());
                long index = Long.parseLong(head.group(1));
                String envelope = line.substring(0, line.indexOf(",\"data\":"));
                Matcher durable = DURABLE.matcher(envelope);
                Matcher batch = BATCH.matcher(envelope);
                boolean several = batch.find();
                return new Line(
                        index,
                        start,
                        durable.find() ? Long.parseLong(durable.group(1)) : index,
                        several ? Integer.parseInt(batch.group(1)) : 0,
                        several ? Integer.parseInt(batch.group(2)) : 1,
                        Arrays.copyOfRange(file, start, from + trailer.end()));
            }
        }
        return null;
    }

    /**
     * The indexes that must be read: all intact ones below what is known to have been forced, wherever they stand; beyond
     * that, as far as nothing is missing, stands out of order or is half an append.
     */
    static Set<Long> mustBeRead(List<Line> lines, long known) {
        long durable = known;
        TreeMap<Long, Line> first = new TreeMap<>();
        for (Line line : lines) {
            durable = Math.max(durable, line.durable());
            first.putIfAbsent(line.index(), line);
        }
        Set<Long> must = new TreeSet<>();
        for (Line line : first.values()) {
            long begin = line.index() - line.ordinal();
            boolean whole = true;
            int before = -1;
            for (long index = durable; index < begin + line.size(); index++) {
                Line each = first.get(index);
                whole &= each != null && each.offset() > before;
                before = each == null ? before : each.offset();
            }
            // What stands in place is met before anything that stands behind it.
            boolean inPlace = first.tailMap(line.index(), false).values().stream()
                    .noneMatch(other -> other.offset() < line.offset());
            if (line.index() < durable || whole && inPlace) {
                must.add(line.index());
            }
        }
        return must;
    }
}
