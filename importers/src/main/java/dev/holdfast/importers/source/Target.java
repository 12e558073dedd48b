package dev.holdfast.importers.source;

import dev.holdfast.event.Event;
import dev.holdfast.event.UsageRecorded;
import java.time.Instant;
import java.util.List;

/** Where a translator puts what it makes. Every record is settled or skipped exactly once. Not thread-safe. */
public interface Target {
    /**
     * Where in the file something comes from that belongs to no single record.
     *
     * @param line the line's number
     * @param offset the byte's offset
     * @param at when it happened
     */
    record Place(long line, long offset, Instant at) {
        /**
         * The place of a record.
         *
         * @param record the record
         * @return its place
         */
        public static Place of(SourceRecord record) {
            return new Place(record.line(), record.offset(), record.at());
        }
    }

    /**
     * Makes sure a session exists, before another one refers to it.
     *
     * @param session the session
     */
    void ensure(SourceSession session);

    /**
     * Adds the next event of a record to a session, unless it is there.
     *
     * @param session the session
     * @param record the record, which was identified before
     * @param event the event
     */
    void emit(SourceSession session, SourceRecord record, Event event);

    /**
     * Adds an event that several records amount to, unless it is there. It settles none of them.
     *
     * @param session the session
     * @param place the last of the records
     * @param id the event's identity
     * @param event the event
     */
    void emitDerived(SourceSession session, Place place, String id, Event event);

    /**
     * Counts a response, unless it was counted with figures as large. Settles no record.
     *
     * @param session the session
     * @param place the last record that reports it
     * @param response the response's id
     * @param usage the largest figures reported so far
     */
    void emitUsage(SourceSession session, Place place, String response, UsageRecorded usage);

    /**
     * Starts the session's view again from a summary, unless the record was imported before.
     *
     * @param session the session
     * @param record the record that says so; its first event is emitted next
     * @param summary the summary
     * @param kept ids of records that stay in view; those that are not found are left out
     */
    void compact(SourceSession session, SourceRecord record, String summary, List<String> kept);

    /**
     * Says that a record's events are all emitted; at least one was.
     *
     * @param record the record
     */
    void settle(SourceRecord record);

    /**
     * Says that a record has no events, and why.
     *
     * @param record the record
     * @param reason a short name
     */
    void skip(SourceRecord record, String reason);

    /**
     * Counts something odd that is no fault.
     *
     * @param kind a short name
     * @param count how often
     */
    void warn(String kind, long count);
}
