package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.ErrorCode;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.Json;
import dev.holdfast.event.Message;
import dev.holdfast.event.RandomEvents;
import dev.holdfast.log.Fault;
import dev.holdfast.log.GoldenSegment;
import dev.holdfast.log.SessionId;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.session.SessionState;
import dev.holdfast.session.SessionStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What only a store in a directory can show. */
class DirectoryStoreTest extends StoreFixture {
    private Path directory(SessionId id) {
        return root.resolve("store")
                .resolve("sessions")
                .resolve(id.value().substring(34))
                .resolve(id.value());
    }

    @Test
    void aStoreIsMadeOnceAndKeepsItsId() throws IOException {
        assertThat(another().info()).isEqualTo(store().info());
        refused(ErrorCode.CONFLICT, () -> SessionStore.create(root.resolve("store")));
        refused(ErrorCode.NOT_FOUND, () -> SessionStore.open(root.resolve("none")));
        Files.createDirectory(root.resolve("full"));
        Files.writeString(root.resolve("full").resolve("somebody's"), "x");
        refused(ErrorCode.CONFLICT, () -> SessionStore.create(root.resolve("full")));
    }

    @Test
    void aStoreOfANewerFormatIsRefused() throws IOException {
        Path newer = Files.createDirectory(root.resolve("newer"));
        Files.writeString(
                newer.resolve("holdfast.json"), "{\"format\":2,\"id\":\"x\",\"created\":\"2026-01-01T00:00:00Z\"}");
        refused(ErrorCode.UNSUPPORTED, () -> SessionStore.open(newer));
        Files.writeString(newer.resolve("holdfast.json"), "{");
        refused(ErrorCode.DAMAGED, () -> SessionStore.open(newer));
    }

    @Test
    void theStateIsTheSameWithoutOrWithACorruptSavedState() throws IOException {
        SessionId id = make(SessionConfig.conversation("t"), session -> {
            session.start();
            session.append(Message.user("x\uD83D\uDE00".repeat(200)));
            session.append(notes(20));
            session.compact("s", List.of());
            session.metadata(Map.of("k", Json.parse("1.50")));
            session.pause("for now");
        });
        SessionId other = make(SessionConfig.conversation("other"), session -> session.append(notes(3)));
        Path file = directory(id).resolve("state.json");
        byte[] saved = Files.readAllBytes(file);
        SessionState expected = store().read(id).state();
        assertThat(expected.status()).isEqualTo(SessionStatus.PAUSED);

        Files.delete(file);
        assertThat(another().read(id).state()).isEqualTo(expected);
        byte[] foreign = Files.readAllBytes(directory(other).resolve("state.json"));
        for (byte[] content : List.of(
                new byte[0],
                "{}".getBytes(StandardCharsets.UTF_8),
                "null".getBytes(StandardCharsets.UTF_8),
                "[1]".getBytes(StandardCharsets.UTF_8),
                "{\"format\":1,\"segment\":\"x\"}".getBytes(StandardCharsets.UTF_8),
                foreign,
                java.util.Arrays.copyOf(saved, saved.length / 2),
                new String(saved, StandardCharsets.UTF_8)
                        .replaceFirst("\"format\":1", "\"format\":2")
                        .getBytes(StandardCharsets.UTF_8),
                new String(saved, StandardCharsets.UTF_8)
                        .replaceFirst("\"crc\":\"........", "\"crc\":\"00000000")
                        .getBytes(StandardCharsets.UTF_8),
                new String(saved, StandardCharsets.UTF_8)
                        .replaceFirst("\"offset\":\\d+", "\"offset\":1")
                        .getBytes(StandardCharsets.UTF_8),
                new String(saved, StandardCharsets.UTF_8)
                        .replaceFirst("\"offset\":\\d+", "\"offset\":999999999")
                        .getBytes(StandardCharsets.UTF_8),
                new String(saved, StandardCharsets.UTF_8)
                        .replaceFirst("\"segment\":\\d+", "\"segment\":1")
                        .getBytes(StandardCharsets.UTF_8))) {
            Files.write(file, content);
            assertThat(another().read(id).state())
                    .as(new String(content, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
            assertThat(store().verify(id).faults())
                    .extracting(Fault::kind)
                    .containsExactly(Fault.Kind.CORRUPT_DERIVED_FILE);
        }
        Files.write(file, saved);
        assertThat(another().read(id).state()).isEqualTo(expected);
        assertThat(store().verify(id).faults()).isEmpty();
    }

    @Test
    void randomDamageToASavedStateNeverKeepsASessionFromOpening() throws IOException {
        long seed = RandomEvents.seed();
        Random random = new Random(seed);
        SessionId id = make(SessionConfig.conversation("t"), session -> session.append(notes(5)));
        Path file = directory(id).resolve("state.json");
        byte[] saved = Files.readAllBytes(file);
        for (int k = 0; k < 500; k++) {
            byte[] damaged = saved.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            Files.write(file, damaged);
            assertThat(store().read(id).state())
                    .as("seed %d, damage %d", seed, k)
                    .isNotNull();
        }
    }

    @Test
    void aSessionsDirectoryTravels() throws IOException {
        SessionId id = make(SessionConfig.conversation("t"), session -> {
            session.append(Message.user("y".repeat(100_000)));
            session.compact("s", List.of());
            session.append(Message.user("after"));
        });
        Path elsewhere = root.resolve("elsewhere");
        try (SessionStore second = SessionStore.create(elsewhere)) {
            copy(
                    directory(id),
                    elsewhere
                            .resolve("sessions")
                            .resolve(id.value().substring(34))
                            .resolve(id.value()));
            assertThat(second.read(id).state()).isEqualTo(store().read(id).state());
            assertThat(events(second, id)).isEqualTo(events(store(), id));
            assertThat(second.verify(id).faults()).isEmpty();
            try (Session session = second.drive(id)) {
                session.append(Message.user("goes on"));
            }
        }
    }

    @Test
    void theGoldenSegmentOpensAndGoesOn() throws IOException {
        SessionId id = GoldenSegment.SESSION;
        Path directory = directory(id);
        Files.createDirectories(directory.resolve("blobs"));
        Files.write(directory.resolve("000001.jsonl"), GoldenSegment.bytes());
        Files.writeString(directory.resolve("blobs").resolve(GoldenSegment.PAYLOAD_NAME), GoldenSegment.PAYLOAD);

        assertThat(store().verify(id).faults()).isEmpty();
        SessionState state = store().read(id).state();
        assertThat(state.status()).isEqualTo(SessionStatus.RUNNING);
        assertThat(state.title()).isEqualTo("Parser work");
        assertThat(state.preview()).isEqualTo("Split the parser ✂ \"now\"");
        assertThat(state.tokens().cacheRead()).isEqualTo(900);
        assertThat(state.costUsd()).isEqualByComparingTo("0.0123");
        assertThat(state.records()).isEqualTo(8);
        assertThat(state.oddities()).isZero();
        assertThat(events(store(), id)).contains(Message.tool("c1", Json.of(GoldenSegment.PAYLOAD)));
        try (Session session = store().drive(id)) {
            assertThat(session.append(Append.of(Message.user("Split the parser ✂ \"now\""))
                            .id("turn-1")))
                    .isInstanceOf(AppendResult.Duplicate.class);
            assertThat(session.append(Message.user("more")).index()).isEqualTo(9);
        }
        byte[] grown = Files.readAllBytes(directory.resolve("000001.jsonl"));
        assertThat(java.util.Arrays.copyOf(grown, GoldenSegment.bytes().length)).isEqualTo(GoldenSegment.bytes());
    }

    @Test
    void whatLiesAroundInAStoreIsNoSession() throws IOException {
        SessionId id = make(SessionConfig.conversation("t"), session -> {});
        Path sessions = root.resolve("store").resolve("sessions");
        Files.createDirectories(sessions.resolve("ff").resolve("not-an-id"));
        Files.writeString(sessions.resolve(".hidden"), "x");
        SessionId unborn = SessionId.of(1, 1, 1);
        Files.createDirectories(directory(unborn));
        Files.createFile(directory(SessionId.of(1, 1, 1)).resolve("000001.jsonl"));

        assertThat(store().list(SessionFilter.ALL).sessions())
                .extracting(SessionSummary::id)
                .containsExactly(id);
        assertThat(store().exists(unborn)).isFalse();
        refused(ErrorCode.NOT_FOUND, () -> store().annotate(unborn, new Annotation.TitleSet("t")));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }
}
