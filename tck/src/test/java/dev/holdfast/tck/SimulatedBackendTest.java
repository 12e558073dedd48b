package dev.holdfast.tck;

/** The contract of the seam on a simulated machine that loses its power. */
final class SimulatedBackendTest extends BackendContract {
    @Override
    protected BackendFixture fixture() {
        return new SimulatedFixture();
    }
}
