/**
 * What the readers of all systems share: lines, records, identities, and the seam between translators and the store.
 * Not part of the public API.
 */
@NullMarked
package dev.holdfast.importers.source;

import org.jspecify.annotations.NullMarked;
