/** The seam between the sessions and whatever keeps their logs. Small on purpose: logs, blobs, driver leases, trash. */
@NullMarked
package dev.holdfast.spi;

import org.jspecify.annotations.NullMarked;
