package dev.holdfast.travel;

import java.io.IOException;
import java.util.Map;

/** A transcript for people. Every text it is given is foreign, and stays text. */
sealed interface Page permits MarkdownPage, HtmlPage {
    /** Begins with a title and a table. */
    void begin(String title, Map<String, String> facts) throws IOException;

    /** Somebody speaks. */
    void speaker(String who, String when, String with) throws IOException;

    /** What is said. */
    void text(String text) throws IOException;

    /** What is shown only to those who ask. */
    void folded(String summary, String content) throws IOException;

    /** Something happened, in one line. */
    void remark(String when, String what) throws IOException;

    /** Ends with a table. */
    void end(String title, Map<String, String> facts) throws IOException;
}
