/** Reads the sessions of other systems into a store. */
@NullMarked
package dev.holdfast.importers;

import org.jspecify.annotations.NullMarked;
