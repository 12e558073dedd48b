package dev.holdfast.event;

import dev.holdfast.HoldfastException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One run of an agent within a session. */
public sealed interface AgentRun extends WorkEvent {
    /**
     * Returns which run.
     *
     * @return its id
     */
    String id();

    /**
     * An agent begins to work.
     *
     * @param id the run's id, unique among those under way
     * @param agentType what kind of agent
     * @param model its model, or null
     * @param phase the phase it works in, or null
     * @param milestone the milestone it works at, or null
     * @param parent the run that began it, or null
     * @param providerSession the provider's own id of the session, or null
     */
    record Started(
            String id,
            String agentType,
            @Nullable String model,
            @Nullable String phase,
            @Nullable Long milestone,
            @Nullable String parent,
            @Nullable String providerSession)
            implements AgentRun {
        /** Checks the ranges. */
        public Started {
            Ranges.requireName("a run's id", id);
            Ranges.requireName("an agent's type", agentType);
            if (milestone != null) {
                Ranges.requirePositive("milestone", milestone);
            }
        }

        /**
         * A run of which only the kind of agent is known.
         *
         * @param id the run's id
         * @param agentType what kind of agent
         * @return the event
         */
        public static Started of(String id, String agentType) {
            return new Started(id, agentType, null, null, null, null, null);
        }

        @Override
        public String type() {
            return "agentrun.started";
        }
    }

    /**
     * An agent's run is over.
     *
     * @param id the run's id
     * @param status how it ended
     * @param error what went wrong, or null
     * @param providerSession the provider's own id of the session, if it is known only now, or null
     */
    record Ended(
            String id,
            Status status,
            @Nullable String error,
            @Nullable String providerSession) implements AgentRun {
        /** Checks the id. */
        public Ended {
            Ranges.requireName("a run's id", id);
        }

        @Override
        public String type() {
            return "agentrun.ended";
        }
    }

    /** How a run ended. */
    enum Status {
        /** Well. */
        COMPLETED,
        /** Badly. */
        FAILED,
        /** It was called off. */
        CANCELLED,
        /** Whoever ran it is gone. */
        INTERRUPTED;

        /**
         * Returns the wire name.
         *
         * @return the name in lower case
         */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a wire name.
         *
         * @param name a status in lower case
         * @return the status
         * @throws HoldfastException INVALID_ARGUMENT for any other name
         */
        public static Status of(String name) {
            for (Status status : values()) {
                if (status.wireName().equals(name)) {
                    return status;
                }
            }
            throw HoldfastException.invalid(
                    "unknown status of a run \"" + name + "\"; one of completed, failed, cancelled, interrupted");
        }
    }
}
