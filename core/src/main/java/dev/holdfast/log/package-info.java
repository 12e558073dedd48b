/** Addresses, records and the one-line format of a record. Pure: no I/O, no clock. */
@NullMarked
package dev.holdfast.log;

import org.jspecify.annotations.NullMarked;
