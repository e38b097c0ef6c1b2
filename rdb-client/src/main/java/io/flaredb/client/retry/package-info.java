/**
 * Attempts at an operation: until when, with which pauses, on which timer thread.
 *
 * <p>Not part of the API: public only because the packages of the client share it.
 */
@NullMarked
package io.flaredb.client.retry;

import org.jspecify.annotations.NullMarked;
