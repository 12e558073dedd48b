/** What a session is: its configuration, its lifecycle and its state as a pure fold of events. */
@NullMarked
package dev.holdfast.session;

import org.jspecify.annotations.NullMarked;
