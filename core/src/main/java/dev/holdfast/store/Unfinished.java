package dev.holdfast.store;

import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a session had begun and not ended when its last record was written.
 *
 * @param toolCalls calls without a result since the last user message, in order
 */
public record Unfinished(List<ToolCall> toolCalls) {
    /** Copies the list. */
    public Unfinished {
        toolCalls = List.copyOf(toolCalls);
    }

    /**
     * A tool call that has no result.
     *
     * @param id the call's id
     * @param name the tool
     * @param position the message that made the call
     */
    public record ToolCall(String id, String name, Position position) {}

    /**
     * Tells whether there is nothing.
     *
     * @return true if all that was begun has ended
     */
    public boolean isEmpty() {
        return toolCalls.isEmpty();
    }

    /** Reads back to the last user message: a call that a later one left behind is history. */
    static Unfinished of(Records view) {
        Set<String> answered = new HashSet<>();
        List<ToolCall> open = new ArrayList<>();
        try (RecordReader reader = view.reversed().reader()) {
            for (LogRecord record = reader.next(); record != null; record = reader.next()) {
                if (!record.type().equals("message.added")
                        || !(record.event(BlobSource.EMPTY) instanceof Message message)) {
                    continue;
                }
                List<ToolCall> calls = new ArrayList<>();
                for (Part part : message.parts()) {
                    if (part instanceof Part.ToolResponse response) {
                        answered.add(response.id());
                    } else if (part instanceof Part.ToolCall call) {
                        calls.add(new ToolCall(call.id(), call.name(), record.position()));
                    }
                }
                open.addAll(calls.reversed());
                if (message.role() == Role.USER
                        && message.parts().stream().anyMatch(part -> part instanceof Part.Text)) {
                    break;
                }
            }
        }
        open.removeIf(call -> answered.contains(call.id()));
        return new Unfinished(open.reversed());
    }
}
