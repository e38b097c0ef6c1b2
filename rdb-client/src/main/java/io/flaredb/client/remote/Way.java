package io.flaredb.client.remote;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchAnswer.ResponseCase;
import io.flaredb.proto.kv.BatchCommand;
import io.grpc.MethodDescriptor;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How requests of one kind travel. */
sealed interface Way<Q, A> {
    /** Each in a call of its own: rare ones, and those that may be large or take long. */
    record Alone<Q, A>(MethodDescriptor<Q, A> descriptor) implements Way<Q, A> {}

    /**
     * Together with others, over the store's stream.
     *
     * @param packing puts a request in its envelope
     * @param expected how its answer is marked
     * @param unpacking takes such an answer out
     */
    record Together<Q, A>(
            BiConsumer<BatchCommand.Builder, Q> packing,
            ResponseCase expected,
            Function<BatchAnswer, A> unpacking)
            implements Way<Q, A> {}
}
