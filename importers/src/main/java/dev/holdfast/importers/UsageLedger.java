package dev.holdfast.importers;

import dev.holdfast.event.Tokens;
import dev.holdfast.event.UsageRecorded;
import dev.holdfast.importers.source.Hashes;
import dev.holdfast.session.SessionState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sees to it that a response counts once, with its largest figures: across imports, across copies of a transcript that
 * end in its middle, and across the fork in which a session goes on. Not thread-safe.
 */
final class UsageLedger {
    private static final String PREFIX = "usage/";

    /** What earlier imports recorded, of this session and of those it goes on from. */
    private final Map<Long, Tokens> stored = new HashMap<>();

    private final Map<Long, Tokens> recent = bounded(4 * SessionState.REMEMBERED_RESPONSES);

    /** As the session's state remembers them, so that what is appended raises its count by what is missing. */
    private final Map<String, Tokens> remembered = bounded(SessionState.REMEMBERED_RESPONSES);

    private final Map<String, Tokens> ofFile = bounded(2 * SessionState.REMEMBERED_RESPONSES);
    private Tokens sum = Tokens.NONE;

    /** The identity of a report that a response used so much. */
    static String identity(String response, Tokens tokens) {
        return PREFIX + response + "/" + tokens.input() + "." + tokens.output() + "." + tokens.cacheRead() + "."
                + tokens.cacheWrite() + "." + tokens.reasoning();
    }

    /** Takes in the identity of a record that was imported before. */
    void wasStored(String identity) {
        int slash = identity.lastIndexOf('/');
        if (identity.startsWith(PREFIX) && slash > PREFIX.length()) {
            String[] figures = identity.substring(slash + 1).split("\\.", -1);
            if (figures.length == 5) {
                Tokens tokens = new Tokens(
                        Long.parseLong(figures[0]),
                        Long.parseLong(figures[1]),
                        Long.parseLong(figures[2]),
                        Long.parseLong(figures[3]),
                        Long.parseLong(figures[4]));
                stored.merge(Hashes.bits(identity.substring(PREFIX.length(), slash)), tokens, Tokens::max);
            }
        }
    }

    /** Starts from what a session's state remembers. */
    void driving(List<SessionState.CountedResponse> responses) {
        remembered.clear();
        responses.forEach(response -> remembered.put(response.id(), response.tokens()));
    }

    /** Tells whether all of a report was counted before. */
    boolean isCounted(UsageRecorded usage) {
        String response = usage.responseId();
        if (response == null) {
            return false;
        }
        Tokens known = known(Hashes.bits(response));
        return known.max(usage.tokens()).equals(known);
    }

    /** Returns what to append so that the report counts with what was counted before. */
    UsageRecorded missing(UsageRecorded usage) {
        String response = usage.responseId();
        if (response == null) {
            return usage;
        }
        long key = Hashes.bits(response);
        Tokens known = known(key);
        Tokens largest = known.max(usage.tokens());
        recent.put(key, largest);
        Tokens before = remembered.remove(response);
        Tokens appended = (before == null ? Tokens.NONE : before).plus(largest.minus(known));
        remembered.put(response, appended);
        return new UsageRecorded(appended, usage.model(), response, usage.costUsd());
    }

    private Tokens known(long response) {
        return stored.getOrDefault(response, Tokens.NONE).max(recent.getOrDefault(response, Tokens.NONE));
    }

    /** Counts what the file says a response used, whether it is new here or not. */
    void count(UsageRecorded usage) {
        String response = usage.responseId();
        Tokens before = response == null ? Tokens.NONE : ofFile.getOrDefault(response, Tokens.NONE);
        Tokens after = before.max(usage.tokens());
        if (response != null) {
            ofFile.put(response, after);
        }
        sum = sum.plus(after.minus(before));
    }

    /** Returns what the file's records in this session amount to. */
    Tokens sum() {
        return sum;
    }

    private static <K> Map<K, Tokens> bounded(int entries) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Tokens> eldest) {
                return size() > entries;
            }
        };
    }
}
