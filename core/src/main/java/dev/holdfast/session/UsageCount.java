package dev.holdfast.session;

import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the usage of responses, each response once with its largest figures. Not thread-safe. */
final class UsageCount {
    private final ArrayDeque<SessionState.CountedResponse> responses;
    private Tokens tokens;
    private @Nullable BigDecimal costUsd;

    UsageCount(SessionState from) {
        responses = new ArrayDeque<>(from.recentResponses());
        tokens = from.tokens();
        costUsd = from.costUsd();
    }

    Tokens tokens() {
        return tokens;
    }

    @Nullable
    BigDecimal costUsd() {
        return costUsd;
    }

    List<SessionState.CountedResponse> responses() {
        return List.copyOf(responses);
    }

    void add(UsageRecorded usage) {
        String given = usage.responseId();
        String id = given == null ? null : Bounded.shortened(given);
        SessionState.CountedResponse before = null;
        for (SessionState.CountedResponse response : responses) {
            before = response.id().equals(id) ? response : before;
        }
        Tokens counted = before == null ? Tokens.NONE : before.tokens();
        Tokens largest = counted.max(usage.tokens());
        tokens = tokens.plus(largest.minus(counted));
        BigDecimal reported = usage.costUsd();
        BigDecimal cost = reported == null ? null : reported.round(MathContext.DECIMAL128);
        BigDecimal costBefore = before == null ? null : before.costUsd();
        BigDecimal largestCost = cost == null ? costBefore : costBefore == null ? cost : cost.max(costBefore);
        if (largestCost != null) {
            BigDecimal sum = costUsd == null ? BigDecimal.ZERO : costUsd;
            costUsd = sum.add(largestCost)
                    .subtract(costBefore == null ? BigDecimal.ZERO : costBefore)
                    .round(MathContext.DECIMAL128);
        }
        if (id != null) {
            if (before != null) {
                responses.remove(before);
            }
            responses.add(new SessionState.CountedResponse(id, largest, largestCost));
            if (responses.size() > SessionState.REMEMBERED_RESPONSES) {
                responses.poll();
            }
        }
    }
}
