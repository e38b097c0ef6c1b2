/** Faults of the machine: a power loss, a full disk. */
@NullMarked
package io.flaredb.it.fault;

import org.jspecify.annotations.NullMarked;
