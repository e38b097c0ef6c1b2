/**
 * Puts load on a store and measures the answers: a {@link io.flaredb.bench.LoadRunner} runs {@link
 * io.flaredb.bench.LoadOptions loads} on a {@link io.flaredb.bench.Target}, which is FlareDB, or
 * one that FlareDB is compared with.
 *
 * <p>Everything that measures runs in the caller's process; what is measured should run in others.
 */
@NullMarked
package io.flaredb.bench;

import org.jspecify.annotations.NullMarked;
