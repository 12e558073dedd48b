/** What every backend must do, as tests: for the seam and for the store over it. */
@NullMarked
package dev.holdfast.tck;

import org.jspecify.annotations.NullMarked;
