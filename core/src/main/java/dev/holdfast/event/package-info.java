/** What can happen in a session: a sealed family of immutable records and their JSON form. Pure: no I/O, no clock. */
@NullMarked
package dev.holdfast.event;

import org.jspecify.annotations.NullMarked;
