package io.flaredb.client.remote;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchAnswer.ResponseCase;
import io.flaredb.proto.kv.BatchCommand;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/** One request among those that share a stream, from its making to its end. */
final class Command<A> {
    private final Way.Together<?, A> way;
    private final BatchCommand wire;
    private final long deadlineNanos; // of System.nanoTime
    private final CompletableFuture<A> result = new CompletableFuture<>();

    private Command(Way.Together<?, A> way, BatchCommand wire, long deadlineNanos) {
        this.way = way;
        this.wire = wire;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * @param id no other of the same stream has it
     */
    static <Q, A> Command<A> of(long id, Way.Together<Q, A> way, Q request, long timeoutNanos) {
        BatchCommand.Builder wire = BatchCommand.newBuilder().setId(id);
        way.packing().accept(wire, request);
        return new Command<>(way, wire.build(), System.nanoTime() + timeoutNanos);
    }

    long id() {
        return wire.getId();
    }

    BatchCommand wire() {
        return wire;
    }

    /** How long it is until it is given up; 0 or less: it is over. */
    long remainingNanos(long nowNanos) {
        return deadlineNanos - nowNanos;
    }

    /** Fails with a {@link CallFailedException}. */
    CompletableFuture<A> result() {
        return result;
    }

    void answered(BatchAnswer answer) {
        if (answer.getResponseCase() == way.expected()) {
            result.complete(way.unpacking().apply(answer));
        } else if (answer.getResponseCase() == ResponseCase.FAILED) {
            fail(
                    Status.fromCodeValue(answer.getFailed().getCode())
                            .withDescription(answer.getFailed().getMessage()),
                    true);
        } else {
            fail(Status.INTERNAL.withDescription("the answer is to another request"), true);
        }
    }

    /**
     * @param maybeSent false: the store has surely seen nothing of it
     */
    void fail(Status status, boolean maybeSent) {
        result.completeExceptionally(new CallFailedException(status, maybeSent));
    }
}
