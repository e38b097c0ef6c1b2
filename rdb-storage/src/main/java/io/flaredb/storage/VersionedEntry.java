package io.flaredb.storage;

import io.flaredb.bytes.Bytes;

/**
 * A compare-and-swap record.
 *
 * @param version unsigned, never 0
 */
public record VersionedEntry(Bytes key, long version, Bytes value) {}
