package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhasePlanTest {
    private static final PhasePlan OWN = PhasePlan.linear("own", List.of("draft", "review", "done"));

    static List<PhasePlan> plans() {
        return List.of(PhasePlan.DELIVERY, PhasePlan.MAPREDUCE, OWN);
    }

    /** Every pair of phases, each with and without a reason. */
    @ParameterizedTest
    @MethodSource("plans")
    void workMovesAlongTheEdgesAndBackWithAReason(PhasePlan plan) {
        for (String from : plan.phases()) {
            for (String to : plan.phases()) {
                boolean edge = plan.edges().getOrDefault(from, List.of()).contains(to);
                boolean back = plan.phases().indexOf(to) < plan.phases().indexOf(from);
                assertThat(plan.refusal(from, to, null) == null)
                        .as("%s to %s", from, to)
                        .isEqualTo(edge);
                assertThat(plan.refusal(from, to, "why") == null)
                        .as("%s to %s with a reason", from, to)
                        .isEqualTo(edge || back);
            }
        }
        for (String to : plan.phases()) {
            assertThat(plan.refusal(null, to, "why") == null)
                    .isEqualTo(to.equals(plan.phases().getFirst()));
        }
    }

    @Test
    void theBuiltInEdgesAreThoseOfTheDesign() {
        assertThat(PhasePlan.DELIVERY.edges())
                .isEqualTo(Map.of(
                        "spec", List.of("plan", "complete"),
                        "plan", List.of("build"),
                        "build", List.of("docs", "complete"),
                        "docs", List.of("complete")));
        assertThat(PhasePlan.of(SessionKind.MAPREDUCE)).isEqualTo(PhasePlan.MAPREDUCE);
        assertThat(PhasePlan.of(SessionKind.WORKFLOW)).isEqualTo(PhasePlan.FREE);
        assertThat(PhasePlan.FREE.refusal("anything", "whatever", null)).isNull();
        assertThat(PhasePlan.FREE.refusal(null, "No Name", null)).contains("no name of a phase");
    }

    @Test
    void aRefusalSaysWhatIsAllowed() {
        assertThat(PhasePlan.DELIVERY.refusal("plan", "docs", null))
                .isEqualTo("no way from plan to docs in plan delivery; build may follow, and an earlier phase with a"
                        + " reason");
        assertThat(PhasePlan.DELIVERY.refusal("build", "spec", " "))
                .isEqualTo("from build back to spec only with a reason");
        assertThat(PhasePlan.DELIVERY.refusal("build", "map", null))
                .isEqualTo("plan delivery has no phase \"map\"; its phases are spec, plan, build, docs, complete");
        assertThat(PhasePlan.MAPREDUCE.refusal(null, "map", null))
                .isEqualTo("plan mapreduce begins with setup, not with map");
    }

    @ParameterizedTest
    @MethodSource("plans")
    void aPlanIsReadBackFromItsStoredForm(PhasePlan plan) {
        assertThat(PhasePlan.of(plan.toJson())).isEqualTo(plan);
        assertThat(PhasePlan.of(PhasePlan.FREE.toJson())).isEqualTo(PhasePlan.FREE);
    }

    @Test
    void aPlanWithoutEdgesIsLinear() {
        assertThat(PhasePlan.of(Json.parse("{\"name\":\"own\",\"phases\":[\"draft\",\"review\",\"done\"]}")))
                .isEqualTo(OWN);
    }

    @Test
    void anotherPlanReplacesTheWholeOldOneByAPatch() {
        PhasePlan smaller = new PhasePlan("s", List.of("a", "b", "c"), Map.of("a", List.of("c")));
        SessionConfig config = SessionConfig.workflow("w").phasePlan(OWN);
        Json patch = Json.parse("{\"phasePlan\":" + smaller.toJson().text() + "}");

        assertThat(SessionConfig.of(Json.of(MergePatch.apply(config.toJson().toNode(), patch.toNode())))
                        .plan())
                .isEqualTo(smaller);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"other\"",
                "7",
                "{}",
                "{\"name\":\"x\",\"phases\":[]}",
                "{\"name\":\"x\",\"phases\":[\"a\",\"a\"]}",
                "{\"name\":\"x\",\"phases\":[\"A\"]}",
                "{\"name\":\"\",\"phases\":[\"a\"]}",
                "{\"name\":\"x\",\"phases\":[\"a\",\"b\"],\"edges\":[[\"b\",\"a\"]]}",
                "{\"name\":\"x\",\"phases\":[\"a\",\"b\"],\"edges\":[[\"a\",\"c\"]]}",
                "{\"name\":\"x\",\"phases\":[\"a\",\"b\"],\"edges\":[[\"c\",\"a\"]]}"
            })
    void whatIsNoPlanIsRefused(String plan) {
        assertThatThrownBy(() -> PhasePlan.of(Json.parse(plan))).isInstanceOf(HoldfastException.class);
    }

    @Test
    void edgesAreNotChangedFromOutside() {
        assertThatThrownBy(() -> OWN.edges().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(Set.copyOf(OWN.phases())).hasSize(3);
    }
}
