package dev.holdfast.tck;

import dev.holdfast.log.LogId;
import dev.holdfast.spi.Backend;
import java.util.EnumSet;
import java.util.Set;

/** Each process is a connection to one database. */
final class TableFixture implements BackendFixture {
    private final TableBackend.Database database = new TableBackend.Database();

    @Override
    public Set<Trait> traits() {
        return EnumSet.of(Trait.DURABLE, Trait.SHARED);
    }

    @Override
    public Backend create() {
        return open();
    }

    @Override
    public Backend open() {
        return new TableBackend(database);
    }

    @Override
    public Backend reopen() {
        return open();
    }

    @Override
    public void driveAndDie(LogId id) {
        TableBackend other = new TableBackend(database);
        other.drive(id);
        other.die();
    }

    @Override
    public void damage(LogId id, int segment, long index) {
        // The database looks after its bytes.
    }

    @Override
    public void close() {
        // It goes with the test.
    }
}
