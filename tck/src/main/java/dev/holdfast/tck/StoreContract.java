package dev.holdfast.tck;

import org.junit.jupiter.api.Nested;

/**
 * What a {@link dev.holdfast.store.SessionStore} must do over any backend. Whoever writes a backend extends this in a test
 * class of their own, beside {@link BackendContract} and with the same fixture.
 *
 * <p>No test skips: where the fixture lacks a {@link Trait}, the other answer is expected.
 */
public abstract class StoreContract {
    /** Creates the suite; JUnit does. */
    protected StoreContract() {}

    /**
     * Makes a fixture. Called once for each test.
     *
     * @return a new fixture
     */
    protected abstract BackendFixture fixture();

    @Nested
    final class Living extends LifecycleContract {
        Living() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    final class Recording extends RecordingContract {
        Recording() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    final class Histories extends HistoryContract {
        Histories() {
            super(StoreContract.this::fixture);
        }
    }

    @Nested
    final class Ownership extends OwnershipContract {
        Ownership() {
            super(StoreContract.this::fixture);
        }
    }
}
