package io.flaredb.storage;

import io.flaredb.bytes.Bytes;

/** A raw record. */
public record KeyValue(Bytes key, Bytes value) {}
