package io.flaredb.client;

import io.flaredb.bytes.Bytes;

/** A raw key and its value. */
public record KeyValue(Bytes key, Bytes value) {}
