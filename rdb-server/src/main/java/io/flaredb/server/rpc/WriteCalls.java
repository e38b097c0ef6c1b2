package io.flaredb.server.rpc;

import io.flaredb.bytes.Bytes;
import io.flaredb.proto.kv.CasBatchRequest;
import io.flaredb.proto.kv.CasBatchResponse;
import io.flaredb.proto.kv.CompareAndDeleteRequest;
import io.flaredb.proto.kv.CompareAndDeleteResponse;
import io.flaredb.proto.kv.CompareAndSwapRequest;
import io.flaredb.proto.kv.CompareAndSwapResponse;
import io.flaredb.proto.kv.NotDone;
import io.flaredb.proto.kv.RawBatchPutRequest;
import io.flaredb.proto.kv.RawBatchPutResponse;
import io.flaredb.proto.kv.RawDeleteRequest;
import io.flaredb.proto.kv.RawDeleteResponse;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RawPutResponse;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import io.flaredb.server.StoreNode;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.CasStep;
import io.flaredb.storage.Command;
import io.flaredb.storage.Fate;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RequestId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls that change something. Thread-safe. */
final class WriteCalls {
    private final StoreNode node;

    WriteCalls(StoreNode node) {
        this.node = node;
    }

    void rawPut(RawPutRequest request, Answer<RawPutResponse> answer) {
        write(
                request.getContext(),
                idOf(request.hasRequestId(), request.getRequestId()),
                region -> {
                    Bytes key = keyIn(region, RequestCheck.key(request.getKey()));
                    return new Command.RawPut(key, RequestCheck.value(request.getValue()));
                },
                fate -> written(fate, RawPutResponse.getDefaultInstance()),
                answer);
    }

    void rawDelete(RawDeleteRequest request, Answer<RawDeleteResponse> answer) {
        write(
                request.getContext(),
                idOf(request.hasRequestId(), request.getRequestId()),
                region -> new Command.RawDelete(keyIn(region, RequestCheck.key(request.getKey()))),
                fate -> written(fate, RawDeleteResponse.getDefaultInstance()),
                answer);
    }

    void rawBatchPut(RawBatchPutRequest request, Answer<RawBatchPutResponse> answer) {
        write(
                request.getContext(),
                idOf(request.hasRequestId(), request.getRequestId()),
                region -> {
                    var entries = RequestCheck.entries(request.getEntriesList());
                    entries.forEach(entry -> region.checkContains(entry.key()));
                    return new Command.RawPutAll(entries);
                },
                fate -> written(fate, RawBatchPutResponse.getDefaultInstance()),
                answer);
    }

    void compareAndSwap(CompareAndSwapRequest request, Answer<CompareAndSwapResponse> answer) {
        write(
                request.getContext(),
                idOf(request.hasRequestId(), request.getRequestId()),
                region -> {
                    Bytes key = keyIn(region, RequestCheck.key(request.getKey()));
                    Bytes value = RequestCheck.value(request.getValue());
                    return new Command.CompareAndSwap(key, request.getExpectedVersion(), value);
                },
                fate -> swapResponse(fate, request.getWantCurrentValue(), answer.hasRoom()),
                answer);
    }

    void compareAndDelete(
            CompareAndDeleteRequest request, Answer<CompareAndDeleteResponse> answer) {
        write(
                request.getContext(),
                idOf(request.hasRequestId(), request.getRequestId()),
                region ->
                        new Command.CompareAndDelete(
                                keyIn(region, RequestCheck.key(request.getKey())),
                                request.getExpectedVersion()),
                fate -> {
                    var swap = swapResponse(fate, request.getWantCurrentValue(), answer.hasRoom());
                    var response = CompareAndDeleteResponse.newBuilder();
                    if (swap.hasSwapped()) {
                        response.setSwapped(swap.getSwapped());
                    } else {
                        response.setConflict(swap.getConflict());
                    }
                    return response.build();
                },
                answer);
    }

    void casBatch(CasBatchRequest request, Answer<CasBatchResponse> answer) {
        write(
                request.getContext(),
                idOf(request.hasRequestId(), request.getRequestId()),
                region -> {
                    var steps = RequestCheck.steps(request.getOperationsList());
                    steps.stream().map(CasStep::key).forEach(region::checkContains);
                    return new Command.CasBatch(steps);
                },
                fate -> batchResponse(outcome(fate)),
                answer);
    }

    void resolve(ResolveWriteRequest request, Answer<ResolveWriteResponse> answer) {
        send(
                () -> {
                    if (!request.hasRequestId()) {
                        throw new IllegalArgumentException(
                                "request id is absent: it names the write to look for");
                    }
                    RegionPeer region = node.region(request.getContext());
                    return node.settle(region, idIn(region, request.getRequestId()));
                },
                WriteCalls::resolution,
                answer);
    }

    private static ResolveWriteResponse resolution(Fate fate) {
        var response = ResolveWriteResponse.newBuilder();
        if (fate instanceof Fate.NeverDone) {
            return response.setNotDone(NotDone.getDefaultInstance()).build();
        }
        Outcome outcome = outcome(fate);
        switch (outcome) {
            case Outcome.Written _ -> response.setWritten(RawPutResponse.getDefaultInstance());
            case Outcome.Swapped _, Outcome.Conflict _ ->
                    response.setSwap(swapResponse(fate, true, true));
            case Outcome.BatchSwapped _, Outcome.BatchConflict _ ->
                    response.setBatch(batchResponse(outcome));
        }
        return response.build();
    }

    private static <R> R written(Fate fate, R response) {
        Outcome outcome = outcome(fate);
        if (!(outcome instanceof Outcome.Written)) {
            throw unexpected("a raw write", outcome);
        }
        return response;
    }

    /**
     * @param hasRoom whether the value of a conflict may come along if it was asked for
     */
    private static CompareAndSwapResponse swapResponse(
            Fate fate, boolean withValue, boolean hasRoom) {
        var response = CompareAndSwapResponse.newBuilder();
        Outcome outcome = outcome(fate);
        switch (outcome) {
            case Outcome.Swapped swapped -> response.setSwapped(Wire.swapped(swapped));
            case Outcome.Conflict conflict ->
                    response.setConflict(
                            Wire.conflict(hasRoom ? conflict : conflict.withoutValue(), withValue));
            case Outcome.Written _, Outcome.BatchSwapped _, Outcome.BatchConflict _ ->
                    throw unexpected("a compare-and-swap", outcome);
        }
        return response.build();
    }

    private static CasBatchResponse batchResponse(Outcome outcome) {
        var response = CasBatchResponse.newBuilder();
        switch (outcome) {
            case Outcome.BatchSwapped(var versions) -> response.setSwapped(Wire.versions(versions));
            case Outcome.BatchConflict(var versions) ->
                    response.setConflict(Wire.versions(versions));
            case Outcome.Written _, Outcome.Swapped _, Outcome.Conflict _ ->
                    throw unexpected("a batch", outcome);
        }
        return response.build();
    }

    private static Outcome outcome(Fate fate) {
        return switch (fate) {
            case Fate.First(Outcome outcome) -> outcome;
            case Fate.Repeat(Outcome outcome) -> outcome;
            case Fate.NeverDone _, Fate.Forgotten _ -> throw unexpected("a write", fate);
        };
    }

    /** Of a repeat that is no repeat: the id was another request's. */
    private static IllegalArgumentException unexpected(String what, Object came) {
        return new IllegalArgumentException(
                what + " ended as " + came + ": its request id belongs to another request");
    }

    private static io.flaredb.proto.kv.@Nullable RequestId idOf(
            boolean there, io.flaredb.proto.kv.RequestId id) {
        return there ? id : null;
    }

    private <R> void write(
            RegionContext context,
            io.flaredb.proto.kv.@Nullable RequestId id,
            Function<RegionPeer, Command> command,
            Function<Fate, R> response,
            Answer<R> answer) {
        send(
                () -> {
                    RegionPeer region = node.region(context);
                    return node.write(
                            region,
                            command.apply(region),
                            id == null ? null : idIn(region, id),
                            answer.afterWhatCameTogether());
                },
                response,
                answer);
    }

    private static <R> void send(
            Supplier<CompletableFuture<Fate>> call, Function<Fate, R> response, Answer<R> answer) {
        try {
            call.get()
                    .whenComplete((fate, failure) -> {
                        if (failure == null) {
                            answer(fate, response, answer);
                        } else {
                            answer.fail(failure);
                        }
                    });
        } catch (RuntimeException e) {
            answer.fail(e);
        }
    }

    private static <R> void answer(Fate fate, Function<Fate, R> response, Answer<R> answer) {
        R sent;
        try {
            sent = response.apply(fate);
        } catch (RuntimeException e) {
            answer.fail(e);
            return;
        }
        answer.send(sent);
    }

    private RequestId idIn(RegionPeer region, io.flaredb.proto.kv.RequestId id) {
        return RequestCheck.id(
                id, () -> node.engine().replicas().requestsRememberedFromMillis(region.id()));
    }

    private static Bytes keyIn(RegionPeer region, Bytes key) {
        region.checkContains(key);
        return key;
    }
}
