/**
 * A computer in memory to try durability on: a disk that fails where it is told to and loses at a power cut what was not
 * forced, and processes on it that can die or lose their locks.
 */
@NullMarked
package dev.holdfast.tck.machine;

import org.jspecify.annotations.NullMarked;
