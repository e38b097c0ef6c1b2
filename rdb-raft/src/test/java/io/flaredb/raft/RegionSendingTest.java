package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.raft.FetchRegionRequest;
import io.flaredb.proto.raft.FetchRegionResponse;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.StorageEngine;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who fetches a region waits without a limit of its own, so it must always be answered. */
class RegionSendingTest {
    private static final RaftOptions OPTIONS = RaftOptions.defaults(1, 1);
    private static final FetchRegionRequest REQUEST =
            FetchRegionRequest.newBuilder()
                    .setClusterId(OPTIONS.clusterId())
                    .setRegionId(TestCluster.REGION.value())
                    .setPeerId(1)
                    .build();

    @TempDir Path dir;

    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

    /** Notes how a transfer ended. */
    private static final class Ending extends ServerCallStreamObserver<FetchRegionResponse> {
        private final CompletableFuture<Status> status = new CompletableFuture<>();
        private final boolean ready;

        /**
         * @param ready whether it reads what it is sent
         */
        Ending(boolean ready) {
            this.ready = ready;
        }

        @Override
        public void onNext(FetchRegionResponse part) {}

        @Override
        public void onError(Throwable cause) {
            status.complete(Status.fromThrowable(cause));
        }

        @Override
        public void onCompleted() {
            status.complete(Status.OK);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }

    private static RaftGroup<Long> group(Peer self) {
        StateMachine<Long> machine =
                new StateMachine<>() {
                    @Override
                    public List<Long> apply(List<Entry> entries) {
                        return List.of();
                    }

                    @Override
                    public KeyRange range() {
                        return KeyRange.ALL;
                    }
                };
        return new RaftGroup<>(TestCluster.REGION, self, OPTIONS, machine, failure -> {}, () -> {});
    }

    private Status answerTo(RegionSending.Groups groups) {
        Ending ending = new Ending(true);
        try (StorageEngine engine = StorageEngine.open(dir, TestStore.SMALL);
                RegionSending sending =
                        new RegionSending(OPTIONS, engine.replicas(), groups, fatal::add)) {
            sending.send(REQUEST, ending);
            await().atMost(TestCluster.DEADLINE).until(ending.status::isDone);
        }
        return ending.status.join();
    }

    private void noteSnapshot() {
        SnapshotMeta noted =
                SnapshotMeta.newBuilder().setLastIncludedIndex(5).setLastIncludedTerm(1).build();
        try (StorageEngine engine = StorageEngine.open(dir, TestStore.SMALL)) {
            engine.replicas().log(TestCluster.REGION).saveSnapshot(noted.toByteArray());
        }
    }

    @Test
    void saysSoIfThereIsNoSuchReplica() {
        assertThat(answerTo((region, self) -> null).getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    @Test
    void answersWhateverGoesWrong() {
        Status status =
                answerTo((region, self) -> {
                    throw new IllegalStateException("thrown by this test");
                });
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).contains("thrown by this test");
    }

    @Test
    void answersAfterAnErrorOfTheMachineToo() {
        Status status =
                answerTo((region, self) -> {
                    throw new NoClassDefFoundError("thrown by this test");
                });
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void saysSoIfTheReplicaWasRemovedMeanwhile() {
        noteSnapshot();
        Deque<RaftGroup<?>> found = new ArrayDeque<>();
        Status status =
                answerTo((region, self) -> {
                    found.push(group(self));
                    return found.size() == 1 ? found.peek() : null;
                });
        assertThat(status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(status.getDescription()).isEqualTo("the replica was removed");
    }

    @Test
    void receiversThatTakeNothingMakeRoomForOthers() {
        noteSnapshot();
        RaftGroup<Long> sender = group(new Peer(1, 1));
        List<Ending> stalled = List.of(new Ending(false), new Ending(false));
        Ending other = new Ending(true);
        try (StorageEngine engine = StorageEngine.open(dir, TestStore.SMALL);
                RegionSending sending =
                        new RegionSending(
                                OPTIONS,
                                engine.replicas(),
                                (region, self) -> sender,
                                fatal::add,
                                Duration.ofMillis(100))) {
            stalled.forEach(ending -> sending.send(REQUEST, ending));
            sending.send(REQUEST, other);
            await().atMost(TestCluster.DEADLINE).until(other.status::isDone);
        }
        assertThat(other.status.join()).isEqualTo(Status.OK);
        assertThat(stalled)
                .extracting(ending -> ending.status.join().getCode())
                .containsOnly(Status.Code.UNAVAILABLE);
        assertThat(stalled.getFirst().status.join().getDescription())
                .contains("the receiver has taken nothing for too long");
        assertThat(fatal).isEmpty();
    }

    @Test
    void damagedRecordsEndTheStoreThatWouldSendThem() {
        CorruptionException damaged = new CorruptionException("thrown by this test", null);
        Status status =
                answerTo((region, self) -> {
                    throw damaged;
                });
        assertThat(status.getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(fatal).containsExactly(damaged);
    }
}
