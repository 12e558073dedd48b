/** The suites on the backends that Holdfast has, and the suites themselves put to the test. */
@NullMarked
package dev.holdfast.tck;

import org.jspecify.annotations.NullMarked;
