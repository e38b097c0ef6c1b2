/** Faults of the machine: a power loss, a full disk, a network that is cut. */
@NullMarked
package io.flaredb.it.fault;

import org.jspecify.annotations.NullMarked;
