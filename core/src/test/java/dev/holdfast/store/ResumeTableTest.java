package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.event.Item;
import dev.holdfast.event.Json;
import dev.holdfast.event.Phase;
import dev.holdfast.log.Docs;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.IllegalTransitionException;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionKind;
import dev.holdfast.session.SessionStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of what may be resumed, row by row. */
class ResumeTableTest extends EveryStore {
    private record Row(SessionStatus status, SessionKind kind, String call, String from) {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : Docs.read("lifecycle.md").lines().toList()) {
            String[] cells = line.split("\\|");
            if (cells.length == 5 && cells[3].strip().startsWith("`")) {
                for (String kind : cells[2].strip().split(", ")) {
                    rows.add(new Row(
                            SessionStatus.of(cells[1].strip()),
                            SessionKind.of(kind),
                            cells[3].strip().replaceAll("`([^`]*)`.*", "$1"),
                            cells[4].strip()));
                }
            }
        }
        return rows;
    }

    @Test
    void theTableHasEveryStatusOfEveryKindOnce() {
        assertThat(rows().stream().map(row -> row.status() + " " + row.kind()).distinct())
                .hasSize(18)
                .hasSameSizeAs(rows());
    }

    @TestFactory
    List<DynamicTest> everyRowHolds() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.status() + " " + row.kind(), () -> holds(row)))
                .toList();
    }

    private void holds(Row row) {
        SessionId id = make(SessionConfig.of(row.kind()), session -> bring(session, row));
        switch (row.call()) {
            case "resume" -> {
                try (Session session = another().drive(id)) {
                    ResumePoint point = session.work().resume(Resume.asRecorded());
                    assertThat(point.rule().goesOn()).isTrue();
                    assertThat(session.state().status()).isEqualTo(SessionStatus.RUNNING);
                    goesOn(session, row, point);
                }
            }
            case "retry" -> {
                cannotResume(id);
                try (Session retry = another().retry(id)) {
                    retry.work().resume(Resume.asRecorded());
                    goesOn(retry, row, ResumePoint.of(retry.state()));
                }
            }
            case "fork" -> {
                cannotResume(id);
                try (Session fork = another().fork(store.read(id).last(), "more")) {
                    assertThat(fork.state().status()).isEqualTo(SessionStatus.CREATED);
                }
            }
            default -> throw new AssertionError("the table names no call: " + row);
        }
    }

    private void cannotResume(SessionId id) {
        try (Session session = another().drive(id)) {
            assertThatThrownBy(() -> session.work().resume(Resume.asRecorded()))
                    .isInstanceOf(IllegalTransitionException.class)
                    .hasMessageContaining("is final");
        }
    }

    /** Begins some work and brings the session to the row's status. */
    private static void bring(Session session, Row row) {
        if (row.status() == SessionStatus.CREATED) {
            return;
        }
        session.start();
        switch (row.kind()) {
            case CONVERSATION -> session.append(dev.holdfast.event.Message.user("hello"));
            case WORKFLOW -> {
                session.iteration(1, it -> {});
                session.work().startIteration(2);
                session.work().startStep("s", 0, "build");
            }
            case MAPREDUCE -> {
                session.append(new Phase.Moved(null, "setup", null), new Phase.Moved("setup", "map", null));
                session.items()
                        .add(List.of(
                                new Item.Task("a", Json.NULL),
                                new Item.Task("b", Json.NULL),
                                new Item.Task("c", Json.NULL)));
                session.items().claim(2, null);
                session.items().complete("a", null);
            }
        }
        switch (row.status()) {
            case CREATED, RUNNING -> {}
            case PAUSED -> session.pause("");
            case COMPLETED -> session.complete("");
            case FAILED -> session.fail("no");
            case CANCELLED -> session.cancel("");
        }
    }

    private static void goesOn(Session session, Row row, ResumePoint point) {
        boolean begun = row.status() != SessionStatus.CREATED;
        switch (row.kind()) {
            case CONVERSATION ->
                assertThat(LineageTest.texts(session.read().view())).hasSize(begun ? 1 : 0);
            case WORKFLOW -> {
                assertThat(point.iteration()).isEqualTo(begun ? 2 : 1);
                assertThat(point.iterationOpen()).isEqualTo(begun);
                session.iteration(point.iteration(), it -> {});
            }
            case MAPREDUCE -> {
                assertThat(point.phase()).isEqualTo(begun ? "map" : null);
                assertThat(point.itemsLeft()).isEqualTo(begun ? 2 : 0);
                assertThat(begun ? session.items().claim(9, null) : List.<WorkItem>of())
                        .extracting(WorkItem::id)
                        .containsExactlyInAnyOrderElementsOf(begun ? List.of("b", "c") : List.of());
            }
        }
    }
}
