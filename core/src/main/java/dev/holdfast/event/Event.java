package dev.holdfast.event;

/**
 * Something that happened in a session. A closed family, plus {@link Unknown} for what this version does not know.
 *
 * <p>Every event is an immutable value with a stable wire name. Later versions add members; a {@code switch} over this
 * type without {@code default} then fails to compile, which is the point.
 */
public sealed interface Event
        permits SegmentOpened,
                Lifecycle,
                Message,
                UsageRecorded,
                Annotation,
                MetadataSet,
                ConfigChanged,
                CheckpointTaken,
                CheckpointsPruned,
                Extension,
                OutputAppended,
                WorkEvent,
                Unknown {
    /**
     * Returns the wire name, for example {@code message.added}.
     *
     * @return the type as it stands in a record
     */
    String type();
}
