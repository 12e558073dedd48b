package dev.holdfast.tck;

import org.junit.jupiter.api.Nested;

/**
 * What every backend must do. Whoever writes a backend extends this in a test class of their own:
 *
 * <pre>{@code
 * final class MyBackendTest extends BackendContract {
 *     @Override
 *     protected BackendFixture fixture() {
 *         return new MyFixture();
 *     }
 * }
 * }</pre>
 *
 * <p>No test skips: where the fixture lacks a {@link Trait}, the other answer is expected.
 */
public abstract class BackendContract {
    /** Creates the suite; JUnit does. */
    protected BackendContract() {}

    /**
     * Makes a fixture. Called once for each test.
     *
     * @return a new fixture
     */
    protected abstract BackendFixture fixture();

    @Nested
    final class Creating extends CreatingContract {
        Creating() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Appending extends AppendingContract {
        Appending() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Reading extends ReadingContract {
        Reading() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Segments extends SegmentsContract {
        Segments() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Beside extends BesideContract {
        Beside() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Driving extends DrivingContract {
        Driving() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Removing extends RemovingContract {
        Removing() {
            super(BackendContract.this::fixture);
        }
    }

    @Nested
    final class Copying extends CopyingContract {
        Copying() {
            super(BackendContract.this::fixture);
        }
    }
}
