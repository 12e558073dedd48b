package dev.holdfast.tck;

/** The contract of the store on a simulated machine that loses its power. */
final class SimulatedStoreTest extends StoreContract {
    @Override
    protected BackendFixture fixture() {
        return new SimulatedFixture();
    }
}
