/**
 * The timestamp oracle: 64-bit numbers that only ever grow, over restarts, crashes and clocks that
 * jump.
 *
 * <p>Callers allocate on their own threads; one thread per oracle makes the bound durable.
 */
@NullMarked
package io.flaredb.pd.tso;

import org.jspecify.annotations.NullMarked;
