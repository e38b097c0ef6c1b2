/**
 * Reads: a small pool of threads with a bounded queue, so that a disk that is slow to read from
 * holds up neither the event loops nor writes.
 */
@NullMarked
package io.flaredb.server.read;

import org.jspecify.annotations.NullMarked;
