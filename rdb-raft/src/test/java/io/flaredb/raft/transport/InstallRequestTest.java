package io.flaredb.raft.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A request that is answered when a region is copied, which may take hours. */
@Timeout(60)
class InstallRequestTest {
    private static final InstallSnapshotRequest REQUEST =
            InstallSnapshotRequest.newBuilder()
                    .setGroupId("c1-r1")
                    .setServerId("1-1:0")
                    .setPeerId("2-2:0")
                    .setTerm(1)
                    .setUri("")
                    .setMeta(
                            SnapshotMeta.newBuilder()
                                    .setLastIncludedIndex(1)
                                    .setLastIncludedTerm(1))
                    .build();

    private final CountDownLatch busy = new CountDownLatch(1);
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
    private Runnable closing = () -> {};

    @AfterEach
    void stop() {
        busy.countDown();
        closing.run();
    }

    /** Asks a store all of whose threads for installations are busy. */
    private CompletableFuture<Object> askBusyStore(BlockingQueue<Runnable> queue)
            throws RemotingException {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, queue);
        pool.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        RaftService service =
                new RaftService(
                        (request, answers) -> {
                            throw new AssertionError("nothing is fetched");
                        },
                        pool);
        RpcServer server =
                RpcServer.start(
                        new HostAndPort("127.0.0.1", 0), List.of(service), Duration.ofMillis(100));
        Links links = links(server.address());
        closing =
                () -> {
                    server.close();
                    service.close();
                    links.close();
                };
        CompletableFuture<Object> answer = new CompletableFuture<>();
        InvokeCallback callback =
                new InvokeCallback() {
                    @Override
                    public void complete(Object result, Throwable failure) {
                        if (failure == null) {
                            answer.complete(result);
                        } else {
                            answer.completeExceptionally(failure);
                        }
                    }

                    @Override
                    public Executor executor() {
                        return Runnable::run;
                    }
                };
        NodeOptions options = new TransportOptions(links, new AtomicInteger());
        links.to(2).call(REQUEST, callback, options.getRpcInstallSnapshotTimeout());
        return answer;
    }

    private static Links links(HostAndPort address) {
        return new Links(store -> address, InsecureChannelCredentials.create(), Runnable::run);
    }

    @Test
    void isNotGivenUpWhileARegionIsCopied() {
        try (Links links = links(new HostAndPort("127.0.0.1", 1))) {
            int timeoutMillis =
                    new TransportOptions(links, new AtomicInteger()).getRpcInstallSnapshotTimeout();
            assertThat(Duration.ofMillis(timeoutMillis)).isGreaterThan(Duration.ofHours(10));
        }
    }

    @Test
    void isRefusedWhereTooManyRegionsAreCopiedAlready() throws Exception {
        Object answer = askBusyStore(new SynchronousQueue<>()).get(30, TimeUnit.SECONDS);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        ErrorResponse.class,
                        error ->
                                assertThat(error.getErrorCode())
                                        .isEqualTo(RaftError.EBUSY.getNumber()));
    }

    @Test
    void failsWhenTheStoreThatCopiesIsGone() throws Exception {
        CompletableFuture<Object> answer = askBusyStore(waiting);
        assertThat(waiting.poll(30, TimeUnit.SECONDS)).isNotNull(); // it has arrived
        closing.run();
        assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RemotingException.class);
    }
}
