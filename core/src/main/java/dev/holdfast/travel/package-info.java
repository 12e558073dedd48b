/** How sessions leave a store and come into another: archives that lose nothing, and transcripts to read. */
@NullMarked
package dev.holdfast.travel;

import org.jspecify.annotations.NullMarked;
