package dev.holdfast.importers;

import dev.holdfast.event.Tokens;
import dev.holdfast.log.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * A session that a file's records belong to.
 *
 * @param sourceId its id in the source; of a subagent {@code <session>:<agent>}
 * @param id its id in the store
 * @param parent the session it came from, or null
 * @param relation {@code subagent}, {@code fork} or empty
 * @param created whether this import made it
 * @param newRecords how many records this import appended to it, or to its fork
 * @param continuedIn the fork that holds the newer records, or null
 * @param reason why it went on in a fork, or empty
 * @param tokens the tokens of the file's records in this session, each response once
 */
public record ImportedSession(
        String sourceId,
        SessionId id,
        @Nullable SessionId parent,
        String relation,
        boolean created,
        long newRecords,
        @Nullable SessionId continuedIn,
        String reason,
        Tokens tokens) {
    /** This report of a second reading, with what an earlier reading in the same run had done already. */
    ImportedSession after(ImportedSession earlier) {
        return new ImportedSession(
                sourceId,
                id,
                parent,
                relation,
                created || earlier.created,
                newRecords + earlier.newRecords,
                continuedIn,
                reason,
                tokens);
    }
}
