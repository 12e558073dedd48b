/** Reads the transcripts of Claude Code. Not part of the public API. */
@NullMarked
package dev.holdfast.importers.claude;

import org.jspecify.annotations.NullMarked;
