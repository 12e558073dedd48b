package dev.holdfast.tck;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Map;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a suite as its users do and tells what became of each test. */
final class SuiteRun implements TestExecutionListener {
    private final Map<String, String> outcomes = new TreeMap<>();
    private TestPlan plan;

    private SuiteRun() {}

    /** The tests of a suite, {@code Class.method}, and SUCCESSFUL, FAILED, ABORTED, SKIPPED or NOT_RUN. */
    static Map<String, String> of(Class<?> suite) {
        SuiteRun run = new SuiteRun();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(suite))
                                .build(),
                        run);
        return run.outcomes;
    }

    private static String name(TestIdentifier test) {
        MethodSource source = (MethodSource) test.getSource().orElseThrow();
        return source.getClassName().replaceAll(".*[.$]", "") + "." + source.getMethodName();
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
        testPlan.getRoots().stream()
                .flatMap(root -> testPlan.getDescendants(root).stream())
                .filter(TestIdentifier::isTest)
                .forEach(test -> outcomes.put(name(test), "NOT_RUN"));
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        if (identifier.isTest()) {
            outcomes.put(name(identifier), "SKIPPED");
        }
        plan.getDescendants(identifier).stream()
                .filter(TestIdentifier::isTest)
                .forEach(test -> outcomes.put(name(test), "SKIPPED"));
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.isTest()) {
            outcomes.put(name(identifier), result.getStatus().name());
        }
    }
}
