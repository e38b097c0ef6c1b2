/**
 * Keys, values, ranges of keys, and how long they may be.
 *
 * <p>Everything here is immutable and belongs to no thread. The package has no dependencies, since
 * it is part of the client's API and of the storage engine alike.
 */
@NullMarked
package io.flaredb.bytes;

import org.jspecify.annotations.NullMarked;
