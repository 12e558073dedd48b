package dev.holdfast.tck;

/** The contract of the seam on the heap. */
final class MemoryBackendTest extends BackendContract {
    @Override
    protected BackendFixture fixture() {
        return new MemoryFixture();
    }
}
