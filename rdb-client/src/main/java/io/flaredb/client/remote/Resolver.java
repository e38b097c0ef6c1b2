package io.flaredb.client.remote;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.OutcomeUnknownException;
import io.flaredb.client.Resolution;
import io.flaredb.client.retry.Deadline;
import io.flaredb.client.retry.RetryLoop;
import io.flaredb.proto.kv.ResolveWriteRequest;
import io.flaredb.proto.kv.ResolveWriteResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a region what became of one write, until there is an answer, which it keeps. Thread-safe.
 */
final class Resolver implements Supplier<CompletableFuture<Resolution>> {
    private final RegionCalls regions;
    private final List<Bytes> keys;
    private final WriteNumber number;
    private final Deadline deadline;
    private final Shared<Resolution> asking = new Shared<>();
    private volatile @Nullable Resolution answer;

    /**
     * @param keys of the write, in one region
     * @param deadline of the write: as much time is there each time this asks
     */
    Resolver(RegionCalls regions, List<Bytes> keys, WriteNumber number, Deadline deadline) {
        this.regions = regions;
        this.keys = keys;
        this.number = number;
        this.deadline = deadline;
    }

    @Override
    public CompletableFuture<Resolution> get() {
        return asking.join(this::ask);
    }

    private CompletableFuture<Resolution> ask() {
        Resolution known = answer; // here: nobody else asks now, and what they learnt is seen
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        return regions.onKey(
                        keys.get(0),
                        StoreMethod.RESOLVE_WRITE,
                        route ->
                                ResolveWriteRequest.newBuilder()
                                        .setContext(route.context())
                                        .setRequestId(number.id())
                                        .build(),
                        deadline.anew())
                .handle(this::ended);
    }

    private Resolution ended(ResolveWriteResponse response, @Nullable Throwable error) {
        if (error != null) {
            throw stillUnknown(RetryLoop.unwrap(error));
        }
        Resolution resolution = Answers.resolution(keys, response);
        answer = resolution;
        number.done();
        return resolution;
    }

    private OutcomeUnknownException stillUnknown(Throwable cause) {
        return new OutcomeUnknownException(
                "the write may have happened, or may still happen; what became of it could not be"
                        + " found out: "
                        + cause.getMessage(),
                cause,
                this);
    }
}
