package dev.holdfast.tck;

/** The contract of the seam on a backend of rows. */
final class TableBackendTest extends BackendContract {
    @Override
    protected BackendFixture fixture() {
        return new TableFixture();
    }
}
