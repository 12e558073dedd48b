package dev.holdfast.tck;

/** The contract of the store on a real directory. */
final class FileStoreTest extends StoreContract {
    @Override
    protected BackendFixture fixture() {
        return new FileFixture();
    }
}
