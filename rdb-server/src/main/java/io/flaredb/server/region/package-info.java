/**
 * Regions: contiguous ranges of keys, each served as one unit, and the checks that keep a request
 * from being answered by the wrong one.
 *
 * <p>A {@link io.flaredb.server.region.RegionPeer} is this store's replica of a region. It is
 * immutable and belongs to no thread.
 */
@NullMarked
package io.flaredb.server.region;

import org.jspecify.annotations.NullMarked;
