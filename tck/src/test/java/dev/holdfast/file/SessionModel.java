package dev.holdfast.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.event.Annotation;
import dev.holdfast.event.Event;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionStatus;
import dev.holdfast.store.Checkpoint;
import dev.holdfast.store.Records;
import dev.holdfast.store.SessionStore;
import dev.holdfast.store.SessionView;
import java.util.ArrayList;
import java.util.List;

/** A session as lists: what a store must show of it. */
final class SessionModel {

    record Entry(Position position, Event event) {}

    /** An append with an id: where it was, with which events, and the numbers of its first and last record. */
    record Remembered(Position first, List<Event> events, long from, long to) {}

    /** A record and the way that led to it. */
    record Node(Position position, Node before) {
        List<Position> way() {
            List<Position> way = new ArrayList<>();
            for (Node node = this; node != null; node = node.before) {
                way.add(node.position);
            }
            return way.reversed();
        }
    }

    /** Everything in order, the first records of segments too. */
    final List<Position> history = new ArrayList<>();
    /** The way to each record as a model is shown it, and as it was gone. */
    final java.util.Map<Position, Node> views = new java.util.HashMap<>();

    final java.util.Map<Position, Node> paths = new java.util.HashMap<>();
    final List<Checkpoint> checkpoints = new ArrayList<>();
    final java.util.Map<String, Json> states = new java.util.HashMap<>();
    Node view;
    Node path;
    boolean forked;
    final SessionId id;
    final SessionKind kind;
    final List<Entry> records = new ArrayList<>();
    final java.util.Map<String, Remembered> ids = new java.util.HashMap<>();
    SessionStatus status = SessionStatus.CREATED;
    int segment = 1;
    long index = 1;

    SessionModel(SessionId id, SessionKind kind) {
        this.id = id;
        this.kind = kind;
        happened(new Position(id, 1, 0));
    }

    private void happened(Position position) {
        history.add(position);
        view = new Node(position, view);
        path = new Node(position, path);
        views.put(position, view);
        paths.put(position, path);
    }

    /** Opens a segment; what comes before it in view was set. */
    Position opens() {
        segment++;
        index = 1;
        Position opening = new Position(id, segment, 0);
        happened(opening);
        return opening;
    }

    /** Compacts: the summary comes first, then what is kept. */
    Position compacts(List<Position> kept) {
        view = null;
        Position opening = opens();
        kept.forEach(position -> view = new Node(position, view));
        return opening;
    }

    /** Goes back to a record. */
    Position goesBack(Position to) {
        view = views.get(to);
        path = paths.get(to);
        return opens();
    }

    /** A session that goes on from a record of this one. */
    SessionModel fork(SessionId fork, Position at) {
        SessionModel child = new SessionModel(fork, kind);
        Position opening = child.history.removeFirst();
        child.history.addAll(history.subList(0, history.indexOf(at) + 1));
        child.view = views.get(at);
        child.path = paths.get(at);
        checkpoints.stream()
                .filter(each -> child.history.contains(each.position()))
                .forEach(child.checkpoints::add);
        child.states.putAll(states);
        child.happened(opening);
        forked = true;
        return child;
    }

    Position last() {
        return records.isEmpty() ? new Position(id, 1, 0) : records.getLast().position();
    }

    Position add(List<Event> events, String appendId) {
        Position first = new Position(id, segment, index);
        if (appendId != null) {
            ids.put(appendId, new Remembered(first, events, records.size(), records.size() + events.size() - 1L));
        }
        for (Event event : events) {
            happened(new Position(id, segment, index));
            records.add(new Entry(new Position(id, segment, index++), event));
            status = after(status, event);
        }
        return first;
    }

    /** Whether every event may follow the one before. */
    boolean admits(List<Event> events) {
        SessionStatus at = status;
        for (Event event : events) {
            boolean open = at == SessionStatus.RUNNING || (kind == SessionKind.CONVERSATION && !at.isFinal());
            boolean fits = switch (event) {
                case Annotation remark -> true;
                case Lifecycle step -> legal(at, step);
                default -> open;
            };
            if (!fits) {
                return false;
            }
            at = after(at, event);
        }
        return true;
    }

    private static boolean legal(SessionStatus at, Lifecycle step) {
        boolean live = at == SessionStatus.RUNNING || at == SessionStatus.PAUSED;
        return switch (step) {
            case Lifecycle.Started started -> at == SessionStatus.CREATED;
            case Lifecycle.Paused paused -> at == SessionStatus.RUNNING;
            case Lifecycle.Resumed resumed -> at == SessionStatus.PAUSED;
            case Lifecycle.Completed completed -> live;
            case Lifecycle.Failed failed -> !at.isFinal();
            case Lifecycle.Cancelled cancelled -> !at.isFinal();
        };
    }

    private static SessionStatus after(SessionStatus before, Event event) {
        return switch (event) {
            case Lifecycle.Started started -> SessionStatus.RUNNING;
            case Lifecycle.Paused paused -> SessionStatus.PAUSED;
            case Lifecycle.Resumed resumed -> SessionStatus.RUNNING;
            case Lifecycle.Completed completed -> SessionStatus.COMPLETED;
            case Lifecycle.Failed failed -> SessionStatus.FAILED;
            case Lifecycle.Cancelled cancelled -> SessionStatus.CANCELLED;
            default -> before;
        };
    }

    private static List<Position> positions(Records records) {
        return records.stream().map(LogRecord::position).toList();
    }

    /** The history, the view both ways, and the checkpoints with their states. */
    void assertShownBy(SessionStore store) {
        SessionView read = store.read(id);
        assertThat(positions(read.history())).isEqualTo(history);
        assertThat(positions(read.view())).isEqualTo(view.way());
        assertThat(positions(read.view().reversed())).isEqualTo(view.way().reversed());
        List<Position> way = path.way();
        List<Checkpoint> found = read.checkpoints();
        assertThat(found).hasSameSizeAs(checkpoints);
        for (int k = 0; k < found.size(); k++) {
            Checkpoint expected = checkpoints.get(k);
            assertThat(found.get(k).position()).isEqualTo(expected.position());
            assertThat(found.get(k).label()).isEqualTo(expected.label());
            assertThat(found.get(k).current()).isEqualTo(way.contains(expected.position()));
            assertThat(read.checkpointState(found.get(k))).isEqualTo(states.get(expected.id()));
        }
    }
}
