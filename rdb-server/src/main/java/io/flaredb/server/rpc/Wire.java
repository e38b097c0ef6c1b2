package io.flaredb.server.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.CasBatchVersions;
import io.flaredb.proto.kv.Conflict;
import io.flaredb.proto.kv.KeyValue;
import io.flaredb.proto.kv.Swapped;
import io.flaredb.proto.kv.VersionedEntry;
import io.flaredb.storage.Outcome;
import java.util.List;

/** What storage answers, as it travels. */
final class Wire {
    private Wire() {}

    /** Without a copy: {@code Bytes} never change. */
    static ByteString bytes(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
    }

    static KeyValue entry(io.flaredb.storage.KeyValue entry) {
        return KeyValue.newBuilder()
                .setKey(bytes(entry.key()))
                .setValue(bytes(entry.value()))
                .build();
    }

    static VersionedEntry entry(io.flaredb.storage.VersionedEntry entry) {
        return VersionedEntry.newBuilder()
                .setKey(bytes(entry.key()))
                .setVersion(entry.version())
                .setValue(bytes(entry.value()))
                .build();
    }

    static Swapped swapped(Outcome.Swapped swapped) {
        return Swapped.newBuilder().setVersion(swapped.version()).build();
    }

    static CasBatchVersions versions(List<Long> versions) {
        return CasBatchVersions.newBuilder().addAllVersions(versions).build();
    }

    static Conflict conflict(Outcome.Conflict conflict, boolean withValue) {
        var wire = Conflict.newBuilder().setCurrentVersion(conflict.currentVersion());
        Bytes value = conflict.currentValue();
        if (withValue && value != null) {
            wire.setCurrentValue(bytes(value));
        }
        return wire.setValueForgotten(withValue && conflict.lacksValue()).build();
    }
}
