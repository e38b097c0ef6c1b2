package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.flaredb.proto.kv.FlareKvGrpc;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RawPutRequest;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.server.FakePlacement;
import io.flaredb.server.read.ReadLimits;
import io.flaredb.server.region.RegionPeer;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads that were let through and still wait when the replica they are for is removed. */
@Timeout(60)
class RemovedRegionTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    @TempDir Path dataDir;
    private final CountDownLatch busy = new CountDownLatch(1);
    private ServedStore store;

    @BeforeEach
    void start() {
        store =
                new ServedStore(
                        dataDir, new ReadLimits(1, 100, 10_000, 1 << 20, 20), failure -> {});
        RawPutRequest put =
                RawPutRequest.newBuilder()
                        .setContext(store.context())
                        .setKey(KEY)
                        .setValue(KEY)
                        .build();
        assertThat(FlareKvGrpc.newBlockingStub(store.channel()).rawPut(put).hasRegionError())
                .isFalse();
    }

    @AfterEach
    void stop() {
        busy.countDown();
        store.close();
    }

    private void keepReadThreadBusy() {
        store.reads()
                .submit(() -> {
                    try {
                        busy.await(60, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private CompletableFuture<RawGetResponse> get(RegionContext context) {
        CompletableFuture<RawGetResponse> answered = new CompletableFuture<>();
        StreamObserver<RawGetResponse> out =
                new StreamObserver<>() {
                    @Override
                    public void onNext(RawGetResponse response) {
                        answered.complete(response);
                    }

                    @Override
                    public void onError(Throwable cause) {
                        answered.completeExceptionally(cause);
                    }

                    @Override
                    public void onCompleted() {}
                };
        new ReadCalls(store.node(), store.reads(), failure -> {})
                .rawGet(
                        RawGetRequest.newBuilder().setContext(context).setKey(KEY).build(),
                        new Answer<>(
                                out,
                                error ->
                                        RawGetResponse.newBuilder().setRegionError(error).build()));
        return answered;
    }

    private void removeReplica() {
        RegionPeer replica = store.node().regions().iterator().next();
        store.node()
                .destroyReplica(
                        FakePlacement.CLUSTER_ID,
                        replica.descriptor().toBuilder().clearPeers().build(),
                        replica.self());
    }

    @Test
    void areRefusedRatherThanAnsweredThatThereIsNothing() {
        RegionContext context = store.context();
        keepReadThreadBusy();
        CompletableFuture<RawGetResponse> waiting = get(context);
        removeReplica();
        busy.countDown();

        assertThat(waiting.join().getRegionError().hasRegionNotFound()).isTrue();
    }
}
