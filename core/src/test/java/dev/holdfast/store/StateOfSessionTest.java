package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Json;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Tokens;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.Fold;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the state of a session promises. */
class StateOfSessionTest extends EveryStore {
    @Test
    void theStateIsTheSameHoweverItIsReached() {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        RandomEvents events = new RandomEvents(random);
        SessionId id = make(CONVERSATION, Session::start);
        for (int round = 0; round < 6; round++) {
            try (Session session = (round % 2 == 0 ? store : another()).drive(id)) {
                for (int k = 0; k < 40; k++) {
                    Event event = events.next();
                    if (!(event instanceof Lifecycle) && allowed(event)) {
                        appendIfItFits(session, event);
                    }
                }
                if (random.nextBoolean()) {
                    session.compact("s", List.of());
                }
                SessionState driven = session.state();
                assertThat(another().read(id).state()).as("seed %d", seed).isEqualTo(driven);
                assertThat(foldedFromTheStart(id)).as("seed %d", seed).isEqualTo(driven);
            }
        }
    }

    /** A random change may be one that the state cannot take in; such a one is refused and changes nothing. */
    private static void appendIfItFits(Session session, Event event) {
        try {
            session.append(event);
        } catch (HoldfastException e) {
            assertThat(e).hasMessageContaining("does not fit");
            assertThat(event).isInstanceOfAny(MetadataSet.class, ConfigChanged.class);
        }
    }

    private static boolean allowed(Event event) {
        return !(event instanceof Annotation.Tagged) && !(event instanceof Annotation.TitleSet);
    }

    private SessionState foldedFromTheStart(SessionId id) {
        try (RecordReader reader = store.read(id).records()) {
            LogRecord first = Objects.requireNonNull(reader.next());
            Fold fold = Fold.of((SegmentOpened) first.event(reader.blobs()), first.at());
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                fold.apply(record, reader.blobs());
            }
            return fold.toState();
        }
    }

    @Test
    void largeWordsAndValuesGiveTheSameStateAfterReopening() {
        SessionId id;
        SessionState driven;
        try (Session session = store.create(CONVERSATION)) {
            id = session.id();
            session.append(Message.user(LARGE));
            refused(ErrorCode.INVALID_ARGUMENT, () -> session.metadata(Map.of("large", Json.of(LARGE))));
            session.metadata(Map.of("small", Json.of(1)));
            session.start();
            session.pause(LARGE);
            driven = session.state();
            assertThat(foldedFromTheStart(id)).isEqualTo(driven);
            session.fail(LARGE);
            driven = session.state();
        }
        assertThat(foldedFromTheStart(id)).isEqualTo(driven);
        assertThat(another().read(id).state()).isEqualTo(driven);
        assertThat(driven.preview()).startsWith("0123");
        assertThat(Objects.requireNonNull(driven.error())).startsWith("0123");
    }

    @Test
    void aSessionWithALargeStateGoesOnInTheNextSegment() {
        Json value = Json.of("漢".repeat(5_000));
        SessionConfig config = CONVERSATION
                .metadata(Map.of("a", value, "b", value, "c", value, "d", value))
                .options(Map.of("o", value));
        SessionId id = make(config, session -> {
            for (int k = 0; k < 40; k++) {
                session.append(new UsageRecorded(new Tokens(1, 1, 1, 1, 1), "m", "r".repeat(4_000) + k, null));
            }
            fill(session);
            session.append(Message.user("after"));
        });
        SessionStore other = another();

        assertThat(other.read(id).state().messages()).isEqualTo(11);
        assertThat(other.read(id).state().tokens().input()).isEqualTo(40);
        try (Session session = other.drive(id)) {
            session.append(Message.user("and on"));
        }
        assertThat(other.verify(id).faults()).isEmpty();
    }

    @Test
    void aSessionWithALargeConfigurationGoesOnInTheNextSegment() {
        SessionId id = make(CONVERSATION, session -> {
            for (int k = 0; k < 8; k++) {
                try {
                    session.configure(Json.of(Map.of("option" + k, "漢".repeat(10_000))));
                } catch (HoldfastException e) {
                    assertThat(e.code()).isIn(ErrorCode.TOO_LARGE, ErrorCode.INVALID_ARGUMENT);
                }
            }
            fill(session);
            session.append(Message.user("after"));
        });
        SessionStore other = another();

        assertThat(other.read(id).state().messages()).isEqualTo(11);
        assertThat(other.verify(id).faults()).isEmpty();
    }

    @Test
    void aConfigurationThatIsTooLargeIsRefused() {
        refused(ErrorCode.TOO_LARGE, () -> store.create(CONVERSATION.focus(LARGE)));
        refused(ErrorCode.TOO_LARGE, () -> store.create(CONVERSATION.metadata(Map.of("k", Json.of(LARGE)))));
        assertThat(store.list(SessionFilter.ALL).sessions()).isEmpty();
    }

    @Test
    void idsOfAppendsHaveALimit() {
        Append append = Append.of(Message.user("x"));
        refused(ErrorCode.INVALID_ARGUMENT, () -> append.id(""));
        refused(ErrorCode.INVALID_ARGUMENT, () -> append.id("x".repeat(201)));
        refused(ErrorCode.INVALID_ARGUMENT, () -> append.id("x").separate());
        refused(ErrorCode.INVALID_ARGUMENT, () -> append.separate().id("x"));
    }

    @Test
    void unexpectedNamespacesAndTypesAreRefused() {
        refused(ErrorCode.INVALID_ARGUMENT, () -> new Extension("../x", Json.NULL));
        refused(ErrorCode.INVALID_ARGUMENT, () -> new Unknown("No.Type", Json.EMPTY_OBJECT));
    }
}
