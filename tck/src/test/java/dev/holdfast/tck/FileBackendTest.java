package dev.holdfast.tck;

/** The contract of the seam on a real directory. */
final class FileBackendTest extends BackendContract {
    @Override
    protected BackendFixture fixture() {
        return new FileFixture();
    }
}
