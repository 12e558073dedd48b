package dev.holdfast.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.memory.MemoryBackend;
import dev.holdfast.spi.Backend;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.RecordSource;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backend that does all but one thing fails at least one test of the seam. */
class OmissionTest {
    /** What may be left out: derived data may vanish, the heap needs no closing, and nothing on it is ever damaged. */
    private static final Set<String> HARMLESS = Set.of(
            "Backend.close",
            "Log.close",
            "Log.derived",
            "Log.saveDerived",
            "Log.verifyBeside",
            "Log.setAside",
            "Backend.strays",
            "Log.stamp",
            "RecordSource.close",
            "RecordSource.faults");

    /** What the suite is run without. */
    private static volatile Method omitted;

    static final class AlmostEverything extends BackendContract {
        @Override
        protected BackendFixture fixture() {
            Backend almost = Hollow.without(new MemoryBackend(), Backend.class, omitted);
            return new Hollow.Fixture(Set.of(Trait.OFFSETS), almost, () -> new MemoryBackend());
        }
    }

    static Stream<Method> methods() {
        return Stream.of(Backend.class, Log.class, Lease.class, RecordSource.class)
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> !HARMLESS.contains(name(method)));
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whatIsLeftOutIsNoticed(Method method) {
        omitted = method;
        Map<String, String> outcomes = SuiteRun.of(AlmostEverything.class);
        assertThat(outcomes.values()).as("the suite without %s", name(method)).contains("FAILED", "SUCCESSFUL");
    }
}
