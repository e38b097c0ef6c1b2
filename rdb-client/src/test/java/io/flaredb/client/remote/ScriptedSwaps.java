package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.VersionedValue;
import io.flaredb.proto.kv.CasBatchRequest;
import io.flaredb.proto.kv.CasBatchResponse;
import io.flaredb.proto.kv.CasBatchVersions;
import io.flaredb.proto.kv.CasOperation;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.Conflict;
import io.flaredb.proto.kv.Swapped;
import java.util.Map;

/** Swaps on the records of a scripted store. */
final class ScriptedSwaps {
    private ScriptedSwaps() {}

    static CompareAndSwapResponse swap(
            Map<Bytes, VersionedValue> cas, CompareAndSwapRequest request) {
        Bytes key = Wire.bytes(request.getKey());
        VersionedValue current = cas.get(key);
        long version = current == null ? 0 : current.version();
        if (version == request.getExpectedVersion()) {
            cas.put(key, new VersionedValue(version + 1, Wire.bytes(request.getValue())));
            return CompareAndSwapResponse.newBuilder()
                    .setSwapped(Swapped.newBuilder().setVersion(version + 1))
                    .build();
        }
        Conflict.Builder conflict = Conflict.newBuilder().setCurrentVersion(version);
        if (current != null) {
            conflict.setCurrentValue(Wire.of(current.value()));
        }
        return CompareAndSwapResponse.newBuilder().setConflict(conflict).build();
    }

    /** What a repeat is answered. */
    static CompareAndSwapResponse withoutValue(CompareAndSwapResponse first) {
        CompareAndSwapResponse.Builder repeat = first.toBuilder();
        if (repeat.hasConflict()) {
            repeat.getConflictBuilder().clearCurrentValue().setValueForgotten(true);
        }
        return repeat.build();
    }

    static CasBatchResponse batch(Map<Bytes, VersionedValue> cas, CasBatchRequest request) {
        CasBatchVersions.Builder before = CasBatchVersions.newBuilder();
        CasBatchVersions.Builder after = CasBatchVersions.newBuilder();
        boolean asExpected = true;
        for (CasOperation operation : request.getOperationsList()) {
            VersionedValue current = cas.get(Wire.bytes(operation.getKey()));
            long version = current == null ? 0 : current.version();
            before.addVersions(version);
            asExpected &= version == operation.getExpectedVersion();
        }
        if (!asExpected) {
            return CasBatchResponse.newBuilder().setConflict(before).build();
        }
        for (CasOperation operation : request.getOperationsList()) {
            Bytes key = Wire.bytes(operation.getKey());
            long version = operation.getExpectedVersion();
            if (operation.hasSwap()) {
                version++;
                cas.put(key, new VersionedValue(version, Wire.bytes(operation.getSwap())));
            } else if (operation.hasDelete()) {
                version = 0;
                cas.remove(key);
            }
            after.addVersions(version);
        }
        return CasBatchResponse.newBuilder().setSwapped(after).build();
    }
}
