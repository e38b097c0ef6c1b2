package io.flaredb.server.rpc;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.FailedCall;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;

/**
 * Where the answer to one command of a stream goes, in place of a call's own.
 *
 * @param packing puts a response in its envelope
 */
record CommandAnswer<R>(CommandStream stream, long id, BiConsumer<BatchAnswer.Builder, R> packing)
        implements StreamObserver<R> {

    @Override
    public void onNext(R response) {
        BatchAnswer.Builder answer = BatchAnswer.newBuilder().setId(id);
        packing.accept(answer, response);
        stream.answer(answer.build());
    }

    @Override
    public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        FailedCall.Builder failed = FailedCall.newBuilder().setCode(status.getCode().value());
        String description = status.getDescription();
        if (description != null) {
            failed.setMessage(description);
        }
        stream.answer(BatchAnswer.newBuilder().setId(id).setFailed(failed).build());
    }

    @Override
    public void onCompleted() {
        // There was one answer, and there is no call to end.
    }
}
