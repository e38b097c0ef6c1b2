package io.flaredb.server.region;

import io.flaredb.proto.kv.RegionError;

/** A request was surely not carried out; {@link #error()} says why, as it travels on the wire. */
public final class RegionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final RegionError error;

    public RegionException(RegionError error) {
        // No stack trace: an expected answer, raised thousands of times a second when a store is
        // busy.
        super(error.getKindCase().name(), null, false, false);
        this.error = error;
    }

    public RegionError error() {
        return error;
    }
}
