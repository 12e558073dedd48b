/** Reads the rollouts of the Codex CLI. Not part of the public API. */
@NullMarked
package dev.holdfast.importers.codex;

import org.jspecify.annotations.NullMarked;
