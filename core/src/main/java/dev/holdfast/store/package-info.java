/** The API most callers use: stores, sessions that are driven, views that are read. */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
