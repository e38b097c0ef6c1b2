package io.flaredb.client.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.KeyValue;
import io.flaredb.client.VersionedEntry;
import io.flaredb.proto.meta.Region;

/** The API's values to and from protobuf. */
final class Wire {
    private Wire() {}

    /** Not a copy: both are immutable. */
    static ByteString of(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
    }

    static Bytes bytes(ByteString wire) {
        return wire.isEmpty() ? Bytes.EMPTY : Bytes.wrap(wire.toByteArray());
    }

    static KeyRange range(Region region) {
        return new KeyRange(bytes(region.getStartKey()), bytes(region.getEndKey()));
    }

    static io.flaredb.proto.kv.KeyValue of(KeyValue entry) {
        return io.flaredb.proto.kv.KeyValue.newBuilder()
                .setKey(of(entry.key()))
                .setValue(of(entry.value()))
                .build();
    }

    static KeyValue entry(io.flaredb.proto.kv.KeyValue wire) {
        return new KeyValue(bytes(wire.getKey()), bytes(wire.getValue()));
    }

    static VersionedEntry entry(io.flaredb.proto.kv.VersionedEntry wire) {
        return new VersionedEntry(bytes(wire.getKey()), wire.getVersion(), bytes(wire.getValue()));
    }
}
