/**
 * Faults of the machine: power loss, disks that are full, fail or rot, false clocks, cut networks.
 */
@NullMarked
package io.flaredb.it.fault;

import org.jspecify.annotations.NullMarked;
