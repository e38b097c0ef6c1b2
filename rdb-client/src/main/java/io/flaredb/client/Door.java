package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what comes in before anything is sent, in the words that the store would use. */
final class Door {
    private Door() {}

    static void checkKey(Bytes key) {
        refuseIf(SizeLimits.keyProblem(key.size()));
    }

    static void checkValue(Bytes value) {
        refuseIf(SizeLimits.valueProblem(value.size()));
    }

    static void checkBatch(int entries, long sizeBytes) {
        refuseIf(SizeLimits.batchProblem(entries, sizeBytes));
    }

    static void checkCasBatch(List<CasOperation> operations) {
        long sizeBytes = 0;
        Set<Bytes> keys = new HashSet<>();
        for (CasOperation operation : operations) {
            Bytes key = operation.key();
            checkKey(key);
            sizeBytes += key.size();
            if (operation instanceof CasOperation.Swap swap) {
                checkValue(swap.value());
                sizeBytes += swap.value().size();
            }
            if (!keys.add(key)) {
                throw new InvalidRequestException(
                        "batch has key " + key + " twice: allowed is one operation for each key");
            }
        }
        refuseIf(SizeLimits.casBatchProblem(operations.size(), sizeBytes));
    }

    static void checkLimit(long limit) {
        if (limit < 0) {
            throw new InvalidRequestException("limit is " + limit + ": allowed are 0 and more");
        }
    }

    /** A bound is a key, or the smallest one behind a key, which is a byte longer. */
    static void checkRange(KeyRange range) {
        checkBound("start", range.startInclusive());
        checkBound("end", range.endExclusive());
    }

    private static void checkBound(String which, Bytes bound) {
        if (bound.size() > SizeLimits.MAX_KEY_BYTES + 1) {
            throw new InvalidRequestException(
                    which
                            + " key is "
                            + bound.size()
                            + " bytes: allowed are at most "
                            + (SizeLimits.MAX_KEY_BYTES + 1));
        }
    }

    static void checkTimestampCount(int count) {
        if (count < 1 || count > Tso.MAX_COUNT) {
            throw new InvalidRequestException(
                    "count is " + count + ": allowed are 1 to " + Tso.MAX_COUNT);
        }
    }

    private static void refuseIf(@Nullable String problem) {
        if (problem != null) {
            throw new InvalidRequestException(problem);
        }
    }
}
