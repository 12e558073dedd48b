package dev.holdfast.store;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs tests on each kind of store: what is promised does not depend on what keeps the logs. */
@ParameterizedClass(name = "{0}")
@EnumSource(StoreFixture.Kind.class)
abstract class EveryStore extends StoreFixture {}
