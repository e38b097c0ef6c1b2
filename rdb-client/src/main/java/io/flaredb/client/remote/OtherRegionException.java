package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;

/** The keys of a write are not all in one region. Never leaves this package. */
final class OtherRegionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long regionId;
    private final transient Bytes outside;

    /**
     * @param regionId of the first key
     * @param outside a key of another region
     */
    OtherRegionException(long regionId, Bytes outside) {
        super(
                "key " + outside + " is not in region " + Long.toUnsignedString(regionId),
                null,
                false,
                false);
        this.regionId = regionId;
        this.outside = outside;
    }

    long regionId() {
        return regionId;
    }

    Bytes outside() {
        return outside;
    }
}
