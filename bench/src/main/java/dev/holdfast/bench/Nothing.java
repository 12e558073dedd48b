package dev.holdfast.bench;

/** The empty program: what the virtual machine alone takes to start. */
final class Nothing {
    private Nothing() {}

    /**
     * Does nothing.
     *
     * @param args ignored
     */
    public static void main(String[] args) {}
}
