/**
 * The one way data gets written: proposals wait in a bounded queue, one thread takes all that wait
 * and makes them durable together.
 *
 * <p>The queue is filled by any thread; everything behind it belongs to the commit thread.
 */
@NullMarked
package io.flaredb.server.write;

import org.jspecify.annotations.NullMarked;
