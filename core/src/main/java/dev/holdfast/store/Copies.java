package dev.holdfast.store;

import dev.holdfast.ErrorCode;
import dev.holdfast.HoldfastException;
import dev.holdfast.event.BlobRef;
import dev.holdfast.log.LogRecord;
import dev.holdfast.spi.Log;
import dev.holdfast.spi.LogCopy;
import dev.holdfast.spi.RecordSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The intact records of some segments of one log, to be taken elsewhere. What is debris stays behind. */
final class Copies implements LogCopy {
    private static final Pattern REFERENCE =
            Pattern.compile("\"\\$blob\":\\{\"sha256\":\"([0-9a-f]{64})\",\"bytes\":(\\d{1,18})");

    private final Log log;
    private final List<Piece> pieces;

    /** Takes the pieces of one log, each the beginning of a segment. */
    Copies(Log log, List<Piece> pieces) {
        this.log = log;
        this.pieces = pieces;
    }

    @Override
    public List<Integer> segments() {
        return pieces.stream().map(Piece::segment).toList();
    }

    @Override
    public Set<BlobRef> write(int segment, OutputStream out) throws IOException {
        Piece piece = pieces.stream()
                .filter(each -> each.segment() == segment)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no segment " + segment));
        Set<BlobRef> needed = new HashSet<>();
        try (RecordSource source = log.read(segment, 0, 0, piece.durable())) {
            for (LogRecord record = source.next();
                    record != null && record.index() < piece.to();
                    record = source.next()) {
                byte[] line = record.line();
                Matcher reference = REFERENCE.matcher(new String(line, StandardCharsets.UTF_8));
                while (reference.find()) {
                    needed.add(new BlobRef(reference.group(1), Long.parseLong(reference.group(2))));
                }
                out.write(line);
                out.write('\n');
            }
        }
        return needed;
    }

    @Override
    public byte @Nullable [] blob(BlobRef ref) {
        try {
            return log.load(ref);
        } catch (HoldfastException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.DAMAGED) {
                return null;
            }
            throw e;
        }
    }
}
