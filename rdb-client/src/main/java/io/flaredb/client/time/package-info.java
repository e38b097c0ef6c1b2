/**
 * Deadlines, pauses between attempts, and the one timer thread of a client.
 *
 * <p>Not part of the API: public only because the packages of the client share it.
 */
@NullMarked
package io.flaredb.client.time;

import org.jspecify.annotations.NullMarked;
