/**
 * Tortures a whole cluster: load from several clients, faults one after another and two at a time,
 * and verdicts from what the clients were told. {@link io.flaredb.it.torture.Torture} is the
 * command.
 *
 * <p>The thread that calls it owns the cluster and injects the faults; load and timestamps have
 * threads of their own, which share {@link io.flaredb.it.torture.Tally} and {@link
 * io.flaredb.it.torture.Problems}.
 */
@NullMarked
package io.flaredb.it.torture;

import org.jspecify.annotations.NullMarked;
