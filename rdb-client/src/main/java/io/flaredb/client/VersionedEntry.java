package io.flaredb.client;

import io.flaredb.bytes.Bytes;

/**
 * A key with its value and the version that was written under.
 *
 * @param version unsigned, never 0
 */
public record VersionedEntry(Bytes key, long version, Bytes value) {}
