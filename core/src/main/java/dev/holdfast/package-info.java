/** The faults that every part of Holdfast reports, and nothing else. */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
