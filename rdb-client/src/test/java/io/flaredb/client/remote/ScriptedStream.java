package io.flaredb.client.remote;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchCommand;
import io.flaredb.proto.kv.BatchCommandsRequest;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.FailedCall;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;

/** A stream of commands to a scripted store, for which each is a call. */
final class ScriptedStream implements StreamObserver<BatchCommandsRequest> {
    private final ScriptedStore store;
    private final StreamObserver<BatchCommandsResponse> out;

    ScriptedStream(ScriptedStore store, StreamObserver<BatchCommandsResponse> out) {
        this.store = store;
        this.out = out;
        store.streams.incrementAndGet();
        ((ServerCallStreamObserver<BatchCommandsResponse>) out)
                .setOnCancelHandler(store.endedStreams::incrementAndGet);
    }

    @Override
    public void onNext(BatchCommandsRequest message) {
        store.messageSizes.add(message.getCommandsCount());
        message.getCommandsList().forEach(this::carryOut);
    }

    private void carryOut(BatchCommand command) {
        switch (command.getRequestCase()) {
            case RAW_PUT ->
                    store.rawPut(command.getRawPut(), answer(command, (to, a) -> to.setRawPut(a)));
            case RAW_GET ->
                    store.rawGet(command.getRawGet(), answer(command, (to, a) -> to.setRawGet(a)));
            case RAW_DELETE ->
                    store.rawDelete(
                            command.getRawDelete(), answer(command, (to, a) -> to.setRawDelete(a)));
            case COMPARE_AND_SWAP ->
                    store.compareAndSwap(
                            command.getCompareAndSwap(),
                            answer(command, (to, a) -> to.setCompareAndSwap(a)));
            case COMPARE_AND_DELETE ->
                    store.compareAndDelete(
                            command.getCompareAndDelete(),
                            answer(command, (to, a) -> to.setCompareAndDelete(a)));
            case CAS_GET ->
                    store.casGet(command.getCasGet(), answer(command, (to, a) -> to.setCasGet(a)));
            case REQUEST_NOT_SET -> throw new AssertionError(command);
        }
    }

    private <R> StreamObserver<R> answer(
            BatchCommand command, BiConsumer<BatchAnswer.Builder, R> packing) {
        return new StreamObserver<>() {
            @Override
            public void onNext(R response) {
                BatchAnswer.Builder answer = BatchAnswer.newBuilder().setId(command.getId());
                packing.accept(answer, response);
                send(answer);
            }

            @Override
            public void onError(Throwable failure) {
                Status status = Status.fromThrowable(failure);
                FailedCall.Builder failed =
                        FailedCall.newBuilder().setCode(status.getCode().value());
                if (status.getDescription() != null) {
                    failed.setMessage(status.getDescription());
                }
                send(BatchAnswer.newBuilder().setId(command.getId()).setFailed(failed));
            }

            @Override
            public void onCompleted() {}
        };
    }

    private void send(BatchAnswer.Builder answer) {
        synchronized (out) {
            out.onNext(BatchCommandsResponse.newBuilder().addAnswers(answer).build());
        }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
        out.onCompleted();
    }
}
