package dev.holdfast.cli;

/** The page of {@code holdfast --help}. Plain text, so that it needs neither picocli nor a store. */
final class HelpPage {
    private static final String HEAD = """
            Usage: holdfast COMMAND [--store DIR] [--json] [--debug] ...

            Keeps the sessions of AI agents and workflow runs: every acknowledged record is on disk.
            """;

    private static final String FOOT = """

            Ids may be cut to a beginning that only one session has.
            `holdfast COMMAND --help` tells more, with an example.

            Exit codes:
              0 done   1 failed   2 usage   3 not found   4 conflict or driven by another   5 damaged

            Environment:
              HOLDFAST_STORE       the store, when --store is not given; else the nearest .holdfast upwards, else ~/.holdfast
              NO_COLOR             no colours on a terminal
              HOLDFAST_JAVA_HOME   the JDK that the launcher uses; HOLDFAST_JAVA_OPTS more options for it

            Example:
              holdfast import ~/.claude/projects && holdfast ls
            """;

    private HelpPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        for (CommandName.Group group : CommandName.Group.values()) {
            page.append('\n').append(group.title()).append(":\n");
            for (CommandName name : CommandName.values()) {
                if (name.group() == group) {
                    page.append("  ")
                            .append(name.word())
                            .append(" ".repeat(12 - name.word().length()));
                    page.append(name.purpose()).append('\n');
                }
            }
        }
        return page.append(FOOT).toString();
    }
}
