package dev.holdfast.session;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.Annotation;
import dev.holdfast.event.CheckpointTaken;
import dev.holdfast.event.CheckpointsPruned;
import dev.holdfast.event.ConfigChanged;
import dev.holdfast.event.Event;
import dev.holdfast.event.Extension;
import dev.holdfast.event.Item;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Lifecycle;
import dev.holdfast.event.Message;
import dev.holdfast.event.MetadataSet;
import dev.holdfast.event.OutputAppended;
import dev.holdfast.event.SegmentOpened;
import dev.holdfast.event.Unknown;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.event.WorkEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides which events a status admits: the lifecycle of the design and the table of {@code docs/lifecycle.md}. Pure.
 */
public final class Admission {
    /** Longest title, in characters. */
    public static final int MAX_TITLE = 1_000;

    /** Longest tag, in characters. */
    public static final int MAX_TAG = 100;

    private Admission() {}

    /**
     * Admits an event or refuses it.
     *
     * @param kind the session's kind
     * @param status the session's status before the event
     * @param event the event
     * @return the status after the event
     * @throws IllegalTransitionException if the status does not admit it
     * @throws HoldfastException INVALID_ARGUMENT if the event is beyond a limit
     */
    public static SessionStatus admit(SessionKind kind, SessionStatus status, Event event) {
        return switch (event) {
            case Lifecycle lifecycle -> transition(status, lifecycle);
            case Annotation annotation -> {
                checkLimits(annotation);
                yield status;
            }
            case Message message -> work(kind, status, event);
            case UsageRecorded usage -> work(kind, status, event);
            case OutputAppended output -> work(kind, status, event);
            case WorkEvent each -> workEvent(kind, status, each);
            case Extension extension -> unlessFinal(status, event);
            case MetadataSet metadata -> unlessFinal(status, event);
            case ConfigChanged changed -> unlessFinal(status, event);
            case CheckpointTaken taken -> unlessFinal(status, event);
            case CheckpointsPruned pruned -> status;
            case Unknown unknown -> unlessFinal(status, event);
            case SegmentOpened opened ->
                throw HoldfastException.invalid("segment.opened is written by the store itself; append another event");
        };
    }

    /**
     * Tells whether more than the status decides about an event.
     *
     * @param event the event
     * @return true if {@link #admit(Fold, Event)} must be asked too
     */
    public static boolean looksAtState(Event event) {
        return event instanceof MetadataSet
                || event instanceof ConfigChanged
                || event instanceof CheckpointTaken
                || event instanceof CheckpointsPruned
                || (event instanceof WorkEvent work && !WorkRules.isFree(work));
    }

    /**
     * Admits an event by what the state holds, or refuses it.
     *
     * @param fold the state before the event
     * @param event the event
     * @throws HoldfastException INVALID_ARGUMENT or CONFLICT if the event does not follow from the state
     */
    public static void admit(Fold fold, Event event) {
        if (event instanceof CheckpointTaken taken) {
            requireNext(fold, taken.previous(), taken.number() == fold.checkpoints() + 1);
        } else if (event instanceof CheckpointsPruned pruned) {
            requireNext(fold, pruned.previous(), true);
        } else if (event instanceof WorkEvent work) {
            String refusal = fold.refusal(work);
            if (refusal != null) {
                throw new HoldfastException(ErrorCode.CONFLICT, refusal);
            }
        }
    }

    private static void requireNext(Fold fold, @Nullable String previous, boolean numbered) {
        if (!numbered || !Objects.equals(previous, fold.lastCheckpoint())) {
            throw HoldfastException.invalid("the next checkpoint record has number " + (fold.checkpoints() + 1)
                    + " and refers back to " + fold.lastCheckpoint() + "; let the session take its checkpoints");
        }
    }

    /**
     * Returns the status a transition leads to, whether legal or not.
     *
     * @param lifecycle the transition
     * @return its target
     */
    public static SessionStatus target(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case Lifecycle.Started started -> SessionStatus.RUNNING;
            case Lifecycle.Paused paused -> SessionStatus.PAUSED;
            case Lifecycle.Resumed resumed -> SessionStatus.RUNNING;
            case Lifecycle.Completed completed -> SessionStatus.COMPLETED;
            case Lifecycle.Failed failed -> SessionStatus.FAILED;
            case Lifecycle.Cancelled cancelled -> SessionStatus.CANCELLED;
        };
    }

    /**
     * Tells whether a transition is legal.
     *
     * @param status the status before
     * @param lifecycle the transition
     * @return true if it may be recorded
     */
    public static boolean isLegal(SessionStatus status, Lifecycle lifecycle) {
        return switch (lifecycle) {
            case Lifecycle.Started started -> status == SessionStatus.CREATED;
            case Lifecycle.Resumed resumed -> status == SessionStatus.PAUSED;
            case Lifecycle.Paused paused -> status.next().contains(SessionStatus.PAUSED);
            case Lifecycle.Completed completed -> status.next().contains(SessionStatus.COMPLETED);
            case Lifecycle.Failed failed -> status.next().contains(SessionStatus.FAILED);
            case Lifecycle.Cancelled cancelled -> status.next().contains(SessionStatus.CANCELLED);
        };
    }

    private static SessionStatus transition(SessionStatus status, Lifecycle lifecycle) {
        SessionStatus target = target(lifecycle);
        if (!isLegal(status, lifecycle)) {
            throw new IllegalTransitionException(lifecycle.type(), status, target);
        }
        return target;
    }

    private static SessionStatus work(SessionKind kind, SessionStatus status, Event event) {
        boolean open = status == SessionStatus.RUNNING || (kind == SessionKind.CONVERSATION && !status.isFinal());
        if (!open) {
            throw new IllegalTransitionException(event.type(), status, null);
        }
        return status;
    }

    /** Answers and what to do with dead letters are no work of the session's own: they may come while it rests. */
    private static SessionStatus workEvent(SessionKind kind, SessionStatus status, WorkEvent event) {
        if (event instanceof Journal.DocumentUpdated updated) {
            SessionConfig.requireRelative("document", updated.path());
        } else if (event instanceof Journal.ArtifactRecorded artifact) {
            SessionConfig.requireRelative("artifact", artifact.path());
        }
        boolean whileResting = event instanceof Journal.QuestionAnswered
                || event instanceof Item.Requeued
                || event instanceof Item.Dropped;
        return whileResting ? unlessFinal(status, event) : work(kind, status, event);
    }

    private static SessionStatus unlessFinal(SessionStatus status, Event event) {
        if (status.isFinal()) {
            throw new IllegalTransitionException(event.type(), status, null);
        }
        return status;
    }

    private static void checkLimits(Annotation annotation) {
        switch (annotation) {
            case Annotation.TitleSet title -> {
                if (title.title().length() > MAX_TITLE) {
                    throw HoldfastException.invalid("title of " + title.title().length() + " characters; at most "
                            + MAX_TITLE + ", put the rest in a note");
                }
            }
            case Annotation.Tagged tagged -> {
                tagged.add().forEach(Admission::requireTag);
            }
            case Annotation.Noted noted -> {}
        }
    }

    static void requireTag(String tag) {
        if (tag.isBlank() || tag.length() > MAX_TAG || tag.chars().anyMatch(Character::isISOControl)) {
            throw HoldfastException.invalid(
                    "not a tag: a tag has 1 to " + MAX_TAG + " characters and no control characters");
        }
    }
}
