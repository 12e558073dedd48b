/** The backend that keeps logs on the heap, for tests and short-lived work. Same contract, nothing durable. */
@NullMarked
package dev.holdfast.memory;

import org.jspecify.annotations.NullMarked;
