package io.flaredb.client.remote;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flaredb.proto.kv.CasBatchResponse;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.NotDone;
import io.flaredb.proto.kv.RawPutResponse;
import io.flaredb.proto.kv.RegionError;
import io.flaredb.proto.kv.RequestForgotten;
import io.flaredb.proto.kv.RequestId;
import io.flaredb.proto.kv.ResolveWriteResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the replicas of a scripted region remember of numbered writes. */
final class ScriptedRequests {
    private record Key(long clientId, long sequence) {}

    @GuardedBy("this")
    private final Map<Key, Object> answers = new HashMap<>();

    @GuardedBy("this")
    private final Map<Long, Long> lowest = new HashMap<>(); // by client

    static RegionError forgotten(long rememberedFromMs) {
        return RegionError.newBuilder()
                .setRequestForgotten(
                        RequestForgotten.newBuilder().setRememberedFromMs(rememberedFromMs))
                .build();
    }

    private static Key key(RequestId id) {
        return new Key(id.getClientId(), id.getSequence());
    }

    /** Answers a write that is new, repeated, or out of the window. */
    @SuppressWarnings("unchecked") // a repeat is of the same kind
    synchronized <A> A apply(
            RequestId id,
            Function<RegionError, A> refusal,
            Supplier<A> apply,
            UnaryOperator<A> repeated) {
        long low = lowest.merge(id.getClientId(), id.getLowestInFlight(), Math::max);
        Object known = answers.get(key(id));
        if (known instanceof NotDone || id.getSequence() < low) {
            return refusal.apply(forgotten(0));
        }
        if (known != null) {
            return repeated.apply((A) known);
        }
        A answer = apply.get();
        answers.put(key(id), answer);
        return answer;
    }

    synchronized ResolveWriteResponse settle(RequestId id) {
        Object known = answers.computeIfAbsent(key(id), none -> NotDone.getDefaultInstance());
        ResolveWriteResponse.Builder settled = ResolveWriteResponse.newBuilder();
        if (known instanceof NotDone notDone) {
            settled.setNotDone(notDone);
        } else if (known instanceof CompareAndSwapResponse swap) {
            settled.setSwap(swap);
        } else if (known instanceof CasBatchResponse batch) {
            settled.setBatch(batch);
        } else {
            settled.setWritten(RawPutResponse.getDefaultInstance());
        }
        return settled.build();
    }
}
