package dev.holdfast.event;

import org.jspecify.annotations.Nullable;

/** Something worth keeping was noted down on the way: decisions, questions, documents, artifacts, commits. */
public sealed interface Journal extends WorkEvent {
    /**
     * An analysis is done.
     *
     * @param subject what was analysed, in words
     * @param results what was found, as data
     */
    record AnalysisCompleted(String subject, Json results) implements Journal {
        @Override
        public String type() {
            return "analysis.completed";
        }
    }

    /**
     * Something was decided.
     *
     * @param decision what
     * @param rationale why, may be empty
     */
    record DecisionMade(String decision, String rationale) implements Journal {
        @Override
        public String type() {
            return "decision.made";
        }
    }

    /**
     * A question is open.
     *
     * @param id its id, unique among the open ones
     * @param question the question
     */
    record QuestionOpened(String id, String question) implements Journal {
        /** Checks the id. */
        public QuestionOpened {
            Ranges.requireName("a question's id", id);
        }

        @Override
        public String type() {
            return "question.opened";
        }
    }

    /**
     * A question is answered. May be recorded while the session is paused.
     *
     * @param id the question's id
     * @param answer the answer
     */
    record QuestionAnswered(String id, String answer) implements Journal {
        /** Checks the id. */
        public QuestionAnswered {
            Ranges.requireName("a question's id", id);
        }

        @Override
        public String type() {
            return "question.answered";
        }
    }

    /**
     * A document was written or changed.
     *
     * @param path where it is, relative to the project
     * @param summary what changed, may be empty
     * @param sha256 the hash of its content, or null
     */
    record DocumentUpdated(
            String path, String summary, @Nullable String sha256) implements Journal {
        /** Checks the hash. */
        public DocumentUpdated {
            requireHash(sha256);
        }

        @Override
        public String type() {
            return "document.updated";
        }
    }

    /**
     * Work left something behind.
     *
     * @param path where it is, relative to the project
     * @param kind what it is: {@code report}, {@code image}, a name of the caller's own
     * @param sha256 the hash of its content, or null
     */
    record ArtifactRecorded(
            String path, String kind, @Nullable String sha256) implements Journal {
        /** Checks the ranges. */
        public ArtifactRecorded {
            Ranges.requireName("an artifact's kind", kind);
            requireHash(sha256);
        }

        @Override
        public String type() {
            return "artifact.recorded";
        }
    }

    /**
     * A commit was made.
     *
     * @param commit the commit
     * @param milestone the milestone it belongs to, or null
     */
    record CommitRecorded(Changes.Commit commit, @Nullable Long milestone) implements Journal {
        /** Checks the milestone. */
        public CommitRecorded {
            if (milestone != null) {
                Ranges.requirePositive("milestone", milestone);
            }
        }

        @Override
        public String type() {
            return "commit.recorded";
        }
    }

    private static void requireHash(@Nullable String sha256) {
        if (sha256 != null) {
            var unused = new BlobRef(sha256, 0);
        }
    }
}
