package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasResult;
import io.flaredb.client.CorruptionException;
import io.flaredb.client.Resolution;
import io.flaredb.proto.kv.CasBatchResponse;
import io.flaredb.proto.kv.CasBatchVersions;
import io.flaredb.proto.kv.CompareAndDeleteResponse;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.Conflict;
import io.flaredb.proto.kv.ResolveWriteResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers to writes, as the API tells them. */
final class Answers {
    private Answers() {}

    static CasResult result(CompareAndSwapResponse answer) {
        return switch (answer.getResultCase()) {
            case SWAPPED -> new CasResult.Swapped(answer.getSwapped().getVersion());
            case CONFLICT -> conflict(answer.getConflict());
            case RESULT_NOT_SET -> throw noResult();
        };
    }

    static CasResult result(CompareAndDeleteResponse answer) {
        return switch (answer.getResultCase()) {
            case SWAPPED -> new CasResult.Swapped(answer.getSwapped().getVersion());
            case CONFLICT -> conflict(answer.getConflict());
            case RESULT_NOT_SET -> throw noResult();
        };
    }

    private static CasResult conflict(Conflict conflict) {
        return new CasResult.Conflict(
                conflict.getCurrentVersion(),
                conflict.hasCurrentValue()
                        ? Optional.of(Wire.bytes(conflict.getCurrentValue()))
                        : Optional.empty());
    }

    /** Whether a conflict lacks the value that its caller is to be told. */
    static boolean lacksValue(Conflict conflict) {
        return conflict.getValueForgotten() && conflict.getCurrentVersion() != 0;
    }

    static CasBatchResult result(List<Bytes> keys, CasBatchResponse answer) {
        return switch (answer.getResultCase()) {
            case SWAPPED -> new CasBatchResult.Swapped(versions(keys, answer.getSwapped()));
            case CONFLICT -> new CasBatchResult.Conflict(versions(keys, answer.getConflict()));
            case RESULT_NOT_SET -> throw noResult();
        };
    }

    private static Map<Bytes, Long> versions(List<Bytes> keys, CasBatchVersions answer) {
        if (answer.getVersionsCount() != keys.size()) {
            throw new CorruptionException(
                    "the store was asked about "
                            + keys.size()
                            + " keys and tells of "
                            + answer.getVersionsCount());
        }
        Map<Bytes, Long> versions = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            versions.put(keys.get(i), answer.getVersions(i));
        }
        return versions;
    }

    /**
     * @param keys of the write, in its order
     */
    static Resolution resolution(List<Bytes> keys, ResolveWriteResponse answer) {
        return switch (answer.getOutcomeCase()) {
            case NOT_DONE -> new Resolution.NotDone();
            case WRITTEN -> new Resolution.Written();
            case SWAP -> new Resolution.Swap(result(answer.getSwap()));
            case BATCH -> new Resolution.Batch(result(keys, answer.getBatch()));
            case OUTCOME_NOT_SET -> throw noResult();
        };
    }

    private static CorruptionException noResult() {
        return new CorruptionException("the store's answer does not say how the write ended");
    }
}
