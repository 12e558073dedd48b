/** The code of the documents, compiled and run. */
@NullMarked
package dev.holdfast.docs;

import org.jspecify.annotations.NullMarked;
