package dev.holdfast.store;

import dev.holdfast.event.Changes;
import dev.holdfast.event.CommandExecuted;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An iteration under way: what it does is recorded as it happens, what it changed when it is completed. Thread-safe. */
public final class IterationWork {
    private final Session session;
    private final long number;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private volatile Changes changes = Changes.NONE;

    IterationWork(Session session, long number) {
        this.session = session;
        this.number = number;
    }

    /**
     * Returns which iteration.
     *
     * @return its number
     */
    public long number() {
        return number;
    }

    /**
     * Records that a command ran. Durable when it returns.
     *
     * @param command the command
     * @param outcome how it ended
     * @return this
     */
    public IterationWork command(String command, Outcome outcome) {
        session.append(
                new CommandExecuted(command, outcome.exitCode(), outcome.took().toMillis(), outcome.outputTail()));
        commands.add(command);
        return this;
    }

    /**
     * Says what the iteration changed; recorded with its completion.
     *
     * @param value the changes; without commands, those given to {@link #command} count
     * @return this
     */
    public IterationWork changed(Changes value) {
        changes = value;
        return this;
    }

    Changes changes() {
        Changes now = changes;
        return now.commandsRun().isEmpty() ? now.commandsRun(List.copyOf(commands)) : now;
    }
}
