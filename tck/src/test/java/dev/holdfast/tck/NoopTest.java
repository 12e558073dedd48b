package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.spi.Backend;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that does nothing fails every test of both suites, whatever it declares; and no test of them skips. */
class NoopTest {
    private static BackendFixture noop(Set<Trait> traits) {
        Backend noop = Hollow.hollow(Backend.class);
        return new Hollow.Fixture(traits, noop, () -> noop);
    }

    static final class NoopBackendWithAllTraits extends BackendContract {
        @Override
        protected BackendFixture fixture() {
            return noop(EnumSet.allOf(Trait.class));
        }
    }

    static final class NoopBackendWithoutTraits extends BackendContract {
        @Override
        protected BackendFixture fixture() {
            return noop(Set.of());
        }
    }

    static final class NoopStoreWithAllTraits extends StoreContract {
        @Override
        protected BackendFixture fixture() {
            return noop(EnumSet.allOf(Trait.class));
        }
    }

    static final class NoopStoreWithoutTraits extends StoreContract {
        @Override
        protected BackendFixture fixture() {
            return noop(Set.of());
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                NoopBackendWithAllTraits.class,
                NoopBackendWithoutTraits.class,
                NoopStoreWithAllTraits.class,
                NoopStoreWithoutTraits.class
            })
    void everyTestFails(Class<?> suite) {
        Map<String, String> outcomes = SuiteRun.of(suite);

        assertThat(outcomes.keySet()).isEqualTo(written(suite.getSuperclass()));
        assertThat(outcomes)
                .allSatisfy((test, outcome) -> assertThat(outcome).as(test).isEqualTo("FAILED"));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {MemoryBackendTest.class, MemoryStoreTest.class, TableBackendTest.class, TableStoreTest.class})
    void noTestSkipsThoughTheBackendsDeclareTheOpposite(Class<?> suite) {
        Map<String, String> outcomes = SuiteRun.of(suite);

        assertThat(outcomes.keySet()).isEqualTo(written(suite.getSuperclass()));
        assertThat(outcomes)
                .allSatisfy((test, outcome) -> assertThat(outcome).as(test).isEqualTo("SUCCESSFUL"));
    }

    /** The tests that stand in the sources of a suite, so that none is lost on the way. */
    private static Set<String> written(Class<?> suite) {
        Set<String> names = new TreeSet<>();
        List<Class<?>> topics = List.of(suite.getDeclaredClasses());
        assertThat(topics).hasSizeGreaterThan(3);
        for (Class<?> topic : topics) {
            Stream<Method> methods = Arrays.stream(topic.getSuperclass().getDeclaredMethods());
            methods.filter(method -> method.isAnnotationPresent(Test.class))
                    .forEach(method -> names.add(topic.getSimpleName() + "." + method.getName()));
        }
        return names;
    }
}
