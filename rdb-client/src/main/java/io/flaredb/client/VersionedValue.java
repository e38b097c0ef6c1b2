package io.flaredb.client;

import io.flaredb.bytes.Bytes;

/**
 * A value and the version it was written under.
 *
 * @param version unsigned, never 0; what the next {@link CasKv#put} of this key expects
 * @param value may be empty
 */
public record VersionedValue(long version, Bytes value) {}
