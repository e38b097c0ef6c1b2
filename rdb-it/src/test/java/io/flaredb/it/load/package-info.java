/**
 * A write load that remembers what it was promised, and checks the database against it.
 *
 * <p>Each key has one writer thread, which alone owns the record of it while the load runs. After
 * an operation whose outcome is unknown the record holds more than one possible state, and any of
 * them is right.
 */
@NullMarked
package io.flaredb.it.load;

import org.jspecify.annotations.NullMarked;
