/**
 * Puts load on a FlareDB through the client's API and measures the answers.
 *
 * <p>Everything that measures runs in the caller's process; what is measured should run in others.
 */
@NullMarked
package io.flaredb.bench;

import org.jspecify.annotations.NullMarked;
