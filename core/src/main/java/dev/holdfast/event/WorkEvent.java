package dev.holdfast.event;

/**
 * Something that work consists of: iterations, steps, commands, runs of agents and tools, phases, milestones, items, and
 * what was noted down on the way. Which ones may follow which, the session package decides.
 */
public sealed interface WorkEvent extends Event
        permits Iteration,
                Step,
                CommandExecuted,
                Measurement,
                Journal,
                AgentRun,
                ToolRun,
                Phase,
                Milestone,
                WorkspaceSet,
                Item {}
