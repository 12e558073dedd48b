/** How fast Holdfast is: JMH benchmarks for regressions, and {@code SideBySide} for comparisons with peers. */
@NullMarked
package dev.holdfast.bench;

import org.jspecify.annotations.NullMarked;
