package dev.holdfast.tck;

/** The contract of the store on a backend of rows. */
final class TableStoreTest extends StoreContract {
    @Override
    protected BackendFixture fixture() {
        return new TableFixture();
    }
}
