package io.flaredb.server.rpc;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.proto.kv.CasOperation;
import io.flaredb.storage.CasStep;
import io.flaredb.storage.RequestId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The check at the door: turns wire bytes into keys and values of allowed sizes. Every method
 * throws {@code IllegalArgumentException} with the problem as its message; the caller gets it as
 * INVALID_ARGUMENT.
 */
final class RequestCheck {
    /**
     * Behind every clock, also one that is wrong, and half of what an id can carry. A region that
     * forgets a session asks others to begin later, by one: so none can make it ask for a start
     * that no id can carry.
     */
    private static final long LATE_SESSION_START_MILLIS = RequestId.MAX_SESSION_START_MILLIS / 2;

    private RequestCheck() {}

    static Bytes key(ByteString wire) {
        refuse(SizeLimits.keyProblem(wire.size()));
        return Bytes.wrap(wire.toByteArray());
    }

    static Bytes value(ByteString wire) {
        refuse(SizeLimits.valueProblem(wire.size()));
        return Bytes.wrap(wire.toByteArray());
    }

    /**
     * @param rememberedFromMillis when a session of the write's region may begin in any case; asked
     *     only if this one begins late
     */
    static RequestId id(io.flaredb.proto.kv.RequestId wire, LongSupplier rememberedFromMillis) {
        long start = wire.getSessionStartMs();
        if (Long.compareUnsigned(start, LATE_SESSION_START_MILLIS) > 0) {
            // It moves: clients begin above the latest start of any region, and come to all.
            long latest = LATE_SESSION_START_MILLIS + System.currentTimeMillis();
            long allowed = Math.max(latest, rememberedFromMillis.getAsLong());
            if (Long.compareUnsigned(start, allowed) > 0) {
                throw new IllegalArgumentException(
                        "session start of the request id is "
                                + Long.toUnsignedString(start)
                                + " ms: allowed are 0 to "
                                + allowed);
            }
        }
        return new RequestId(
                wire.getClientId(),
                wire.getSessionStartMs(),
                wire.getSequence(),
                wire.getLowestInFlight());
    }

    static List<CasStep> steps(List<CasOperation> wire) {
        List<CasStep> steps = new ArrayList<>(wire.size());
        long sizeBytes = 0;
        for (CasOperation operation : wire) {
            sizeBytes += (long) operation.getKey().size() + operation.getSwap().size();
        }
        refuse(SizeLimits.casBatchProblem(wire.size(), sizeBytes));
        Set<Bytes> keys = new HashSet<>();
        for (CasOperation operation : wire) {
            Bytes key = key(operation.getKey());
            if (!keys.add(key)) {
                throw new IllegalArgumentException("key " + key + " is in the batch twice");
            }
            long expected = operation.getExpectedVersion();
            steps.add(
                    switch (operation.getChangeCase()) {
                        case SWAP -> new CasStep.Swap(key, expected, value(operation.getSwap()));
                        case DELETE -> new CasStep.Delete(key, expected);
                        case CHECK -> new CasStep.Check(key, expected);
                        case CHANGE_NOT_SET ->
                                throw new IllegalArgumentException(
                                        "the operation on key "
                                                + key
                                                + " says nothing: allowed are swap, delete, check");
                    });
        }
        return steps;
    }

    /** Either bound may be empty: open. */
    static KeyRange range(ByteString start, ByteString end) {
        return new KeyRange(
                start.isEmpty() ? Bytes.EMPTY : bound("start", start),
                end.isEmpty() ? Bytes.EMPTY : bound("end", end));
    }

    // A bound is a key, or the smallest key behind one, which is a byte longer.
    private static Bytes bound(String which, ByteString wire) {
        if (wire.size() > SizeLimits.MAX_KEY_BYTES + 1) {
            throw new IllegalArgumentException(
                    which
                            + " key is "
                            + wire.size()
                            + " bytes: allowed are at most "
                            + (SizeLimits.MAX_KEY_BYTES + 1));
        }
        return Bytes.wrap(wire.toByteArray());
    }

    static int scanLimit(int limit) {
        if (limit < 1 || limit > SizeLimits.MAX_BATCH_ENTRIES) {
            throw new IllegalArgumentException(
                    "scan limit is "
                            + Integer.toUnsignedString(limit)
                            + ": allowed are 1 to "
                            + SizeLimits.MAX_BATCH_ENTRIES);
        }
        return limit;
    }

    static List<Bytes> keys(List<ByteString> wire) {
        refuse(SizeLimits.batchProblem(wire.size(), 0));
        List<Bytes> keys = new ArrayList<>(wire.size());
        for (ByteString key : wire) {
            keys.add(key(key));
        }
        return keys;
    }

    static List<io.flaredb.storage.KeyValue> entries(List<io.flaredb.proto.kv.KeyValue> wire) {
        List<io.flaredb.storage.KeyValue> entries = new ArrayList<>(wire.size());
        long sizeBytes = 0;
        for (var entry : wire) {
            sizeBytes += (long) entry.getKey().size() + entry.getValue().size();
        }
        refuse(SizeLimits.batchProblem(wire.size(), sizeBytes));
        for (var entry : wire) {
            entries.add(
                    new io.flaredb.storage.KeyValue(key(entry.getKey()), value(entry.getValue())));
        }
        return entries;
    }

    private static void refuse(@Nullable String problem) {
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }
}
