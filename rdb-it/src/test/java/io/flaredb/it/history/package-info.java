/**
 * Histories of what clients were told, and a checker of whether one register could have told them
 * so.
 *
 * <p>A {@link io.flaredb.it.history.Recorder} notes the call and the return of each operation,
 * {@link io.flaredb.it.history.Linearizability} searches for an order of them that the {@link
 * io.flaredb.it.history.Model} of a register allows, and {@link io.flaredb.it.history.CheckHistory}
 * does so for a history kept in a file. The recorder is shared by all client threads; everything
 * else belongs to the thread that checks.
 */
@NullMarked
package io.flaredb.it.history;

import org.jspecify.annotations.NullMarked;
