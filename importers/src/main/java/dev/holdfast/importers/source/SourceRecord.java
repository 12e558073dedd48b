package dev.holdfast.importers.source;

import dev.holdfast.event.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One record of a source file: where it stands, what it says, and what became of it. Its bytes are those of the line
 * buffer until the reader goes on; {@link #raw()} keeps them. Not thread-safe.
 */
public final class SourceRecord {
    private final long line;
    private final long offset;
    private final ObjectNode tree;
    private final byte[] buffer;
    private final int from;
    private final int length;
    private @Nullable Json raw;
    private String id = "";
    private @Nullable String parent;
    private Instant at = Instant.EPOCH;
    private boolean copied;
    private int events;
    private int fresh;

    SourceRecord(long line, long offset, ObjectNode tree, byte[] buffer, int from, int length) {
        this.line = line;
        this.offset = offset;
        this.tree = tree;
        this.buffer = buffer;
        this.from = from;
        this.length = length;
    }

    /**
     * Says who the record is, before its first event is emitted.
     *
     * @param identity its id in the source, or a hash of its bytes
     * @param time when it happened
     * @param parentId the record it follows, or null
     * @param copy whether it was copied from another session
     */
    public void identify(String identity, Instant time, @Nullable String parentId, boolean copy) {
        this.id = identity;
        this.at = time;
        this.parent = parentId;
        this.copied = copy;
    }

    /**
     * Returns its line.
     *
     * @return the number, from 1
     */
    public long line() {
        return line;
    }

    /**
     * Returns where it begins.
     *
     * @return the offset in the file
     */
    public long offset() {
        return offset;
    }

    /**
     * Returns how long it is.
     *
     * @return the length in bytes
     */
    public int length() {
        return length;
    }

    /**
     * Returns what it says.
     *
     * @return the tree, which the translator may change
     */
    public ObjectNode tree() {
        return tree;
    }

    /**
     * Returns its identity.
     *
     * @return the id
     */
    public String id() {
        return id;
    }

    /**
     * Returns the record it follows.
     *
     * @return that record's id in the source, or null
     */
    public @Nullable String parent() {
        return parent;
    }

    /**
     * Returns when it happened.
     *
     * @return the time
     */
    public Instant at() {
        return at;
    }

    /**
     * Tells whether it was copied from another session.
     *
     * @return true for a forked or replayed prefix
     */
    public boolean isCopied() {
        return copied;
    }

    /**
     * Returns its exact text.
     *
     * @return the text as a JSON value
     */
    public Json raw() {
        Json kept = raw;
        if (kept == null) {
            kept = Json.trusted(new String(buffer, from, length, StandardCharsets.UTF_8));
            raw = kept;
        }
        return kept;
    }

    /**
     * Fingerprints its bytes.
     *
     * @return the fingerprint
     */
    public String fingerprint() {
        return Hashes.fingerprint(buffer, from, length);
    }

    /**
     * Notes that one of its events was emitted.
     *
     * @param isNew whether the store did not have it yet
     * @return the event's number within the record, from 0
     */
    public int emitted(boolean isNew) {
        fresh += isNew ? 1 : 0;
        return events++;
    }

    /**
     * Returns how many events it has so far.
     *
     * @return the number of events emitted
     */
    public int events() {
        return events;
    }

    /**
     * Returns how many of its events the store did not have.
     *
     * @return the number of new events
     */
    public int fresh() {
        return fresh;
    }
}
