/** The {@code holdfast} program: one class per command over the API of core and importers. */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
