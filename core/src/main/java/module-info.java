/** Durable sessions for AI agents and workflow runs: an append-only log, an enforced lifecycle, recovery. */
module dev.holdfast.core {
    requires static transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires transitive tools.jackson.core;

    exports dev.holdfast;
    exports dev.holdfast.event;
    exports dev.holdfast.file to
            dev.holdfast.tck;
    exports dev.holdfast.log;
    exports dev.holdfast.session;
    exports dev.holdfast.spi;
    exports dev.holdfast.store;
    exports dev.holdfast.travel;
}
