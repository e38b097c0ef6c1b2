package io.flaredb.storage;

import io.flaredb.bytes.Bytes;

/**
 * What a compare-and-swap key holds.
 *
 * @param version unsigned, never 0
 */
public record VersionedValue(long version, Bytes value) {}
