package dev.holdfast.cli;

import dev.holdfast.log.SessionId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Cuts ids to beginnings that tell them apart, which every command accepts. */
final class ShortIds {
    /** The time and part of the random bits: enough for an id that stands among others that are not known. */
    static final int ALONE = 18;

    private ShortIds() {}

    /**
     * How much of the ids tells them apart.
     *
     * @param areAll whether the store has no others; else more is taken
     */
    static int length(Collection<SessionId> ids, boolean areAll) {
        for (int length : areAll ? new int[] {8, 13, 18, 23} : new int[] {ALONE, 23}) {
            Set<String> beginnings = new HashSet<>();
            if (ids.stream().allMatch(id -> beginnings.add(id.value().substring(0, length)))) {
                return length;
            }
        }
        return 36;
    }
}
