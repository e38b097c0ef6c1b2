package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.region.GetCheckRequest;
import io.flaredb.proto.region.GetCheckResponse;
import io.flaredb.server.StoreOptions;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RegionServiceTest {
    @TempDir Path dataDir;

    /** How a call ended. */
    private static final class Ending implements StreamObserver<GetCheckResponse> {
        private final CompletableFuture<Status> status = new CompletableFuture<>();

        @Override
        public void onNext(GetCheckResponse response) {}

        @Override
        public void onError(Throwable failure) {
            status.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            status.complete(Status.OK);
        }
    }

    @Test
    void waitsForACheckAsLongAsItsCaller() throws Exception {
        Ending ending = new Ending();
        try (ServedStore store =
                        new ServedStore(dataDir, StoreOptions.defaults().reads(), failure -> {});
                ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            RegionService service = new RegionService(store.node());
            GetCheckRequest neverStarted =
                    GetCheckRequest.newBuilder().setContext(store.context()).setCheckId(9).build();
            Context.current()
                    .withDeadlineAfter(100, TimeUnit.MILLISECONDS, timer)
                    .run(() -> service.getCheck(neverStarted, ending));

            Status status = ending.status.get(30, TimeUnit.SECONDS);

            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(status.getDescription())
                    .isEqualTo("the replica has not come to the check in time, or not to its end");
        }
    }
}
