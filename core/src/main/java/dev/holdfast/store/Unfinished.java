package dev.holdfast.store;

import dev.holdfast.event.AgentRun;
import dev.holdfast.event.BlobSource;
import dev.holdfast.event.Event;
import dev.holdfast.event.Iteration;
import dev.holdfast.event.Journal;
import dev.holdfast.event.Message;
import dev.holdfast.event.Part;
import dev.holdfast.event.Role;
import dev.holdfast.event.Step;
import dev.holdfast.event.ToolRun;
import dev.holdfast.log.LogRecord;
import dev.holdfast.log.Position;
import dev.holdfast.session.SessionState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session had begun and not ended when its last record was written.
 *
 * @param toolCalls calls without a result since the last user message, in order
 * @param begun iterations, steps, runs, questions and items that have not ended, in order
 */
public record Unfinished(List<ToolCall> toolCalls, List<Begun> begun) {
    /** Copies the lists. */
    public Unfinished {
        toolCalls = List.copyOf(toolCalls);
        begun = List.copyOf(begun);
    }

    /**
     * A tool call that has no result.
     *
     * @param id the call's id
     * @param name the tool
     * @param position the message that made the call
     */
    public record ToolCall(String id, String name, Position position) {}

    /** What can be begun and not ended. */
    public enum Kind {
        /** An iteration; its id is its number. */
        ITERATION,
        /** A step of a workflow. */
        STEP,
        /** An agent's run. */
        AGENT_RUN,
        /** A tool's run. */
        TOOL_RUN,
        /** A question without an answer. */
        QUESTION,
        /** An attempt at an item. */
        ITEM
    }

    /**
     * Something that was begun.
     *
     * @param kind what
     * @param id its id
     * @param name what it is, in words; may be empty
     * @param position where it was begun
     */
    public record Begun(Kind kind, String id, String name, Position position) {}

    /**
     * Tells whether there is nothing.
     *
     * @return true if all that was begun has ended
     */
    public boolean isEmpty() {
        return toolCalls.isEmpty() && begun.isEmpty();
    }

    static Unfinished of(Records view, Lineage lineage, SessionState state) {
        List<Begun> begun = new ArrayList<>(begun(lineage, state));
        if (state.work().items().running() > 0) {
            for (WorkItem item : SessionItems.list(ItemLedger.read(lineage), ItemStatus.RUNNING)) {
                begun.add(new Begun(Kind.ITEM, item.id(), "attempt " + item.attempts(), item.position()));
            }
        }
        return new Unfinished(toolCalls(view), begun);
    }

    /** Reads back to the last user message: a call that a later one left behind is history. */
    private static List<ToolCall> toolCalls(Records view) {
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
        return open.reversed();
    }

    /** Reads back until all that the state says is open was found. */
    private static List<Begun> begun(Lineage lineage, SessionState state) {
        int open = state.work().open().size() + (state.work().iterationOpen() ? 1 : 0);
        List<Begun> found = new ArrayList<>();
        if (open == 0) {
            return found;
        }
        Set<String> seen = new HashSet<>();
        try (RecordReader reader = new RecordReader(lineage.path(), true, List.of(), BlobSource.EMPTY)) {
            for (LogRecord record = reader.next(); record != null && found.size() < open; record = reader.next()) {
                Begun begun = begun(record);
                if (begun != null && isOpen(begun, state) && seen.add(begun.kind() + " " + begun.id())) {
                    found.add(begun);
                }
            }
        }
        return found.reversed();
    }

    private static @Nullable Begun begun(LogRecord record) {
        boolean begins = record.type().endsWith(".started") || record.type().equals("question.opened");
        Event event = begins ? record.event(BlobSource.EMPTY) : null;
        Position at = record.position();
        return switch (event) {
            case Iteration.Started started -> new Begun(Kind.ITERATION, Long.toString(started.number()), "", at);
            case Step.Started started -> new Begun(Kind.STEP, started.id(), started.name(), at);
            case AgentRun.Started started -> new Begun(Kind.AGENT_RUN, started.id(), started.agentType(), at);
            case ToolRun.Started started -> new Begun(Kind.TOOL_RUN, started.id(), started.name(), at);
            case Journal.QuestionOpened opened -> new Begun(Kind.QUESTION, opened.id(), opened.question(), at);
            case null, default -> null;
        };
    }

    private static boolean isOpen(Begun begun, SessionState state) {
        var open = state.work().open();
        return switch (begun.kind()) {
            case ITERATION -> state.work().iterationOpen() && begun.id().equals(Long.toString(state.iteration()));
            case STEP -> open.steps().contains(begun.id());
            case AGENT_RUN -> open.agentRuns().contains(begun.id());
            case TOOL_RUN -> open.toolRuns().contains(begun.id());
            case QUESTION -> open.questions().contains(begun.id());
            case ITEM -> false;
        };
    }
}
