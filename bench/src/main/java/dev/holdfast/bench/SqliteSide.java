package dev.holdfast.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;

/**
 * SQLite in WAL mode with {@code synchronous=FULL}: one insert a transaction, by a prepared statement, into a table with
 * no index but its row id. The row holds the same line as the others write.
 */
final class SqliteSide implements Side {
    private static final int BUSY_MILLIS = 60_000;

    private final Path file;
    private final int threads;
    private final Payload payload;
    private final List<Connection> connections = new ArrayList<>();
    private final List<PreparedStatement> inserts = new ArrayList<>();
    private final ReentrantLock turn = new ReentrantLock();

    SqliteSide(Path file, int threads, int connections, Payload payload) throws SQLException {
        this.file = file;
        this.threads = threads;
        this.payload = payload;
        for (int k = 0; k < connections; k++) {
            Connection connection = connect();
            this.connections.add(connection);
            if (k == 0) {
                try (Statement ddl = connection.createStatement()) {
                    ddl.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, session INTEGER, line BLOB NOT NULL)");
                }
            }
            inserts.add(connection.prepareStatement("INSERT INTO records (session, line) VALUES (?, ?)"));
        }
    }

    private Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    @Override
    public String name() {
        if (threads == 1) {
            return "SQLite";
        }
        return "SQLite, " + threads + " threads "
                + (connections.size() == 1 ? "taking turns on one connection" : "with a connection each");
    }

    @Override
    public Turn run(long nanos) throws Exception {
        return Crew.run(threads, Thread.ofPlatform().factory(), nanos, (member, end) -> {
            boolean shared = connections.size() < threads;
            PreparedStatement insert = inserts.get(member % inserts.size());
            long done = 0;
            while (System.nanoTime() < end) {
                if (shared) {
                    turn.lock();
                }
                try {
                    insert(insert, member, payload.line(done));
                } finally {
                    if (shared) {
                        turn.unlock();
                    }
                }
                done++;
            }
            return done;
        });
    }

    private static void insert(PreparedStatement insert, int session, byte[] line) throws SQLException {
        insert.setInt(1, session);
        insert.setBytes(2, line);
        if (insert.executeUpdate() != 1) {
            throw new SQLException("the insert changed nothing");
        }
    }

    @Override
    public long recount() throws SQLException {
        close();
        try (Connection again = connect();
                Statement query = again.createStatement();
                ResultSet rows = query.executeQuery("SELECT count(*) FROM records WHERE length(line) > 0")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        try {
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
