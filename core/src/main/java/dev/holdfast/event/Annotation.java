package dev.holdfast.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A remark about a session. Anyone may append one, in any status, whoever drives. */
public sealed interface Annotation extends Event {
    /**
     * The session has a title.
     *
     * @param title the title
     */
    record TitleSet(String title) implements Annotation {
        @Override
        public String type() {
            return "title.set";
        }
    }

    /**
     * Tags were added or removed. Removals apply first.
     *
     * @param add tags to add
     * @param remove tags to remove
     */
    record Tagged(List<String> add, List<String> remove) implements Annotation {
        /** Copies the lists. */
        public Tagged {
            add = List.copyOf(add);
            remove = List.copyOf(remove);
        }

        @Override
        public String type() {
            return "tagged";
        }
    }

    /**
     * Somebody left a note.
     *
     * @param text the note
     * @param author who wrote it, or null
     */
    record Noted(String text, @Nullable String author) implements Annotation {
        @Override
        public String type() {
            return "noted";
        }
    }
}
