package dev.holdfast.tck;

/** The contract of the store on the heap. */
final class MemoryStoreTest extends StoreContract {
    @Override
    protected BackendFixture fixture() {
        return new MemoryFixture();
    }
}
