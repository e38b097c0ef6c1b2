package io.flaredb.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.meta.Peer;
import io.flaredb.proto.meta.Region;
import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.server.placement.PlacementException;
import io.flaredb.server.placement.StoreDirectory;
import io.flaredb.server.placement.StoreLinks;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a caller is told of a change that failed before the region's group was asked for it. */
@Timeout(60)
class AddPeerCallTest {
    private static Status statusOf(Runnable call) {
        CompletableFuture<Status> status = new CompletableFuture<>();
        Answer<Object> answer =
                new Answer<>(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(Object response) {}

                            @Override
                            public void onError(Throwable failure) {
                                status.complete(Status.fromThrowable(failure));
                            }

                            @Override
                            public void onCompleted() {}
                        },
                        error -> error);
        try {
            call.run();
        } catch (RuntimeException e) {
            answer.fail(e);
        }
        return status.join();
    }

    @Test
    void nothingHasHappenedWhereTheNewStoreIsDown() {
        StoreDirectory directory = new StoreDirectory();
        directory.update(
                List.of(
                        StoreStatus.newBuilder()
                                .setStore(Store.newBuilder().setId(4).setAddress("127.0.0.1:1"))
                                .build()));
        StoreLinks links = new StoreLinks(directory, () -> {}, 1);
        Peer peer = Peer.newBuilder().setId(7).setStoreId(4).build();
        Status status = statusOf(() -> links.createReplica(Region.getDefaultInstance(), peer));
        assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(status.getDescription()).startsWith("store 4 at 127.0.0.1:1: UNAVAILABLE");
    }

    @Test
    void nothingHasHappenedWhereThePlacementDriverIsDown() {
        Status status =
                statusOf(() -> {
                    throw PlacementException.unreachable("it is away", new RuntimeException());
                });
        assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(status.getDescription()).isEqualTo("it is away");
    }
}
