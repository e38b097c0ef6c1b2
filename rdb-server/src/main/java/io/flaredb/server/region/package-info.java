/**
 * This store's replicas: each the descriptor of its region, its Raft group and its records, and the
 * changes of a region's members.
 */
@NullMarked
package io.flaredb.server.region;

import org.jspecify.annotations.NullMarked;
