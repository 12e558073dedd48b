package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.Event;
import dev.holdfast.event.Origin;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionState;
import dev.holdfast.spi.Trashed;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Records;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * All that a store shows of its sessions, as text: exactly, and without what differs where an operation was done in a
 * second attempt (positions, ids, times, segments that only say that a writer went on).
 */
final class LineageSnapshot {
    private LineageSnapshot() {}

    /** Everything, positions and checksums included, by id. */
    static Map<String, String> exact(SessionStore store) {
        return look(store, SessionId::value, Look::exact);
    }

    /** What was told, by the names that a script has for its sessions. */
    static Map<String, String> told(SessionStore store, Map<String, SessionId> names) {
        Map<SessionId, String> byId = new HashMap<>();
        names.forEach((name, id) -> byId.put(id, name));
        return look(store, id -> byId.getOrDefault(id, "another, " + id), Look::told);
    }

    private static Map<String, String> look(
            SessionStore store, Function<SessionId, String> name, Function<Look, String> text) {
        Map<String, String> found = new TreeMap<>();
        for (SessionId id : ids(store)) {
            found.put(name.apply(id), text.apply(new Look(store, id)));
        }
        for (Trashed trashed : store.trash().list()) {
            found.put(name.apply(new SessionId(trashed.id().name())) + " in the trash", "");
        }
        return found;
    }

    /** Says in which lines two looks differ. */
    static void assertSame(Map<String, String> found, Map<String, String> expected, String when) {
        if (found.equals(expected)) {
            return;
        }
        assertThat(found.keySet()).as("%s, the sessions", when).isEqualTo(expected.keySet());
        expected.forEach((name, text) -> {
            List<String> more = new ArrayList<>(found.get(name).lines().toList());
            List<String> less = new ArrayList<>(text.lines().toList());
            more.removeAll(text.lines().toList());
            less.removeAll(found.get(name).lines().toList());
            assertThat(found.get(name))
                    .as("%s, %s has %s, lacks %s", when, name, more, less)
                    .hasSameSizeAs(text)
                    .isEqualTo(text);
        });
    }

    private static List<SessionId> ids(SessionStore store) {
        dev.holdfast.store.SessionListing listing = store.list(dev.holdfast.store.SessionFilter.ALL);
        assertThat(listing.unreadable()).as("sessions that cannot be read").isEmpty();
        return listing.sessions().stream()
                .map(dev.holdfast.store.SessionSummary::id)
                .sorted()
                .toList();
    }

    private record Look(SessionStore store, SessionId id) {
        String exact() {
            SessionView view = store.read(id);
            StringBuilder text = new StringBuilder();
            text.append("state ").append(view.state()).append('\n');
            text.append("last ").append(view.last()).append('\n');
            view.allCheckpoints()
                    .forEach(each ->
                            text.append(each).append(hash(state(view, each))).append('\n'));
            text.append("history\n");
            for (LogRecord record : records(view.history())) {
                text.append(record.position()).append(' ').append(record.crc()).append('\n');
            }
            text.append("view\n");
            for (LogRecord record : records(view.view())) {
                text.append(record.position()).append('\n');
            }
            return text.append(damage()).toString();
        }

        private String damage() {
            return store.verify(id).faults().stream()
                    .filter(dev.holdfast.log.Fault::damage)
                    .map(fault -> "damage " + fault.kind() + "\n")
                    .reduce("", String::concat);
        }

        private static String state(SessionView view, Checkpoint checkpoint) {
            try {
                return String.valueOf(view.checkpointState(checkpoint));
            } catch (HoldfastException e) {
                return "damaged: " + e.code();
            }
        }

        private static long hash(String text) {
            java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
            crc.update(text.getBytes(StandardCharsets.UTF_8));
            return crc.getValue();
        }

        /** Reads both ways, and sees the same. */
        private static List<LogRecord> records(Records records) {
            List<LogRecord> forwards = all(records);
            List<LogRecord> backwards = all(records.reversed());
            assertThat(backwards.reversed())
                    .extracting(LogRecord::position)
                    .isEqualTo(forwards.stream().map(LogRecord::position).toList());
            return forwards;
        }

        private static List<LogRecord> all(Records records) {
            List<LogRecord> all = new ArrayList<>();
            try (RecordReader reader = records.reader()) {
                for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                    all.add(record);
                }
            }
            return all;
        }

        String told() {
            SessionView view = store.read(id);
            SessionState state = view.state();
            StringBuilder text = new StringBuilder();
            text.append("%s %s, %d messages, %d checkpoints, %d odd%n"
                    .formatted(state.status(), state.title(), state.messages(), state.checkpoints(), state.oddities()));
            for (Checkpoint each : view.allCheckpoints()) {
                text.append("checkpoint %d %s %s %s%n"
                        .formatted(
                                each.number(),
                                each.label(),
                                each.current() ? "current" : "left",
                                each.pruned() ? "pruned" : "kept"));
            }
            append(text.append("history\n"), view.history());
            append(text.append("view\n"), view.view());
            return text.append(damage()).toString();
        }

        private static void append(StringBuilder text, Records records) {
            for (LogRecord record : records(records)) {
                String told = told(record.event(records.blobs()));
                if (!told.isEmpty()) {
                    text.append(told.length() < 200 ? told : told.substring(0, 80) + hash(told))
                            .append('\n');
                }
            }
        }

        private static String told(Event event) {
            return switch (event) {
                case SegmentOpened opened ->
                    switch (opened.origin()) {
                        case Origin.Recovered recovered -> "";
                        case Origin.RolledOver rolled -> "";
                        case Origin.Compacted compacted -> "compacted, " + compacted.summary();
                        case Origin.Restored restored -> "restored, " + restored.state();
                        case Origin origin -> origin.getClass().getSimpleName();
                    };
                case CheckpointTaken taken -> "checkpoint " + taken.number() + " " + taken.label() + taken.state();
                case CheckpointsPruned pruned -> "pruned " + pruned.ids().size();
                default -> event.toString();
            };
        }
    }
}
