package dev.holdfast.bench;

import dev.holdfast.log.LogRecord;
import dev.holdfast.session.SessionConfig;
import dev.holdfast.store.RecordReader;
import dev.holdfast.store.Session;
import dev.holdfast.store.SessionStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Durable appends to Holdfast sessions: one thread that calls, or virtual threads spread over the sessions. */
final class HoldfastSide implements Side {
    private final Path directory;
    private final int threads;
    private final Payload payload;
    private final SessionStore store;
    private final List<Session> sessions = new ArrayList<>();

    HoldfastSide(Path directory, int threads, int sessions, Payload payload) {
        this.directory = directory;
        this.threads = threads;
        this.payload = payload;
        this.store = SessionStore.create(directory);
        for (int k = 0; k < sessions; k++) {
            Session session = store.create(SessionConfig.conversation("bench " + k));
            session.start();
            this.sessions.add(session);
        }
    }

    @Override
    public String name() {
        if (threads == 1) {
            return "Holdfast";
        }
        return "Holdfast, " + threads + " virtual threads on "
                + (sessions.size() == 1 ? "one session" : sessions.size() + " sessions");
    }

    @Override
    public Turn run(long nanos) throws Exception {
        return Crew.run(threads, Thread.ofVirtual().factory(), nanos, (member, end) -> {
            Session session = sessions.get(member % sessions.size());
            long done = 0;
            while (System.nanoTime() < end) {
                session.append(payload.event(done));
                done++;
            }
            return done;
        });
    }

    @Override
    public long recount() {
        close();
        long found = 0;
        try (SessionStore again = SessionStore.open(directory)) {
            for (Session session : sessions) {
                try (RecordReader reader = again.read(session.id()).records()) {
                    for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                        found += record.type().equals("message.added") ? 1 : 0;
                    }
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        sessions.forEach(Session::close);
        store.close();
    }
}
