package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionConfigTest {
    private static SessionConfig full() {
        Map<String, Json> options = new LinkedHashMap<>();
        options.put("failFast", Json.of(true));
        options.put("own", Json.parse("{\"a\":[1.50]}"));
        return SessionConfig.of(SessionKind.WORKFLOW)
                .title("title")
                .project("project")
                .agent("agent")
                .tags(List.of("b", "a"))
                .metadata(Map.of("k", Json.NULL))
                .workflow(Json.parse("{\"name\":\"n\",\"steps\":[1,2]}"))
                .executionMode("worktree:feature/x")
                .maxIterations(7)
                .focus("tests")
                .options(options)
                .environment(Map.of("KEY", "value with = and \n"));
    }

    @Test
    void everyFieldIsReadBackFromTheStoredForm() {
        assertThat(SessionConfig.of(full().toJson())).isEqualTo(full());
    }

    @ParameterizedTest
    @EnumSource
    void absentFieldsAreReadBackAsAbsent(SessionKind kind) {
        SessionConfig config = SessionConfig.of(kind);

        assertThat(SessionConfig.of(config.toJson())).isEqualTo(config);
        assertThat(config.toJson().text())
                .isEqualTo("{\"kind\":\"" + kind.wireName() + "\",\"executionMode\":\"direct\"}");
    }

    @Test
    void fieldsOfALaterVersionArePassedOver() {
        assertThat(SessionConfig.of(Json.parse("{\"kind\":\"conversation\",\"later\":{\"x\":1}}")))
                .isEqualTo(SessionConfig.of(SessionKind.CONVERSATION));
    }

    @Test
    void aWorkflowIsNamedAndTitled() {
        SessionConfig config = SessionConfig.workflow("nightly");

        assertThat(config.title()).isEqualTo("nightly");
        assertThat(config.workflow()).isEqualTo(Json.parse("{\"name\":\"nightly\"}"));
        assertThat(SessionConfig.conversation("talk").title()).isEqualTo("talk");
    }

    @Test
    void aConfigurationIsNotChangedFromOutside() {
        Map<String, Json> metadata = new LinkedHashMap<>();
        SessionConfig config = SessionConfig.of(SessionKind.CONVERSATION).metadata(metadata);
        metadata.put("k", Json.NULL);

        assertThat(config.metadata()).isEmpty();
        assertThatThrownBy(() -> config.metadata().put("k", Json.NULL))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Direct",
                "worktree",
                "worktree:",
                "worktree:../x",
                "worktree:a/../b",
                "worktree:/x",
                "remote"
            })
    void otherExecutionModesAreRefused(String mode) {
        refused(() -> full().executionMode(mode));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void thereIsAtLeastOneIteration(int iterations) {
        refused(() -> full().maxIterations(iterations));
    }

    @Test
    void aTitleHasALimit() {
        assertThat(full().title("x".repeat(1_000)).title()).hasSize(1_000);
        refused(() -> full().title("x".repeat(1_001)));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        HoldfastException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
