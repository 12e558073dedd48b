/** The backend that keeps logs as append-only JSONL files (format 1, see docs/format.md). */
@NullMarked
package dev.holdfast.file;

import org.jspecify.annotations.NullMarked;
