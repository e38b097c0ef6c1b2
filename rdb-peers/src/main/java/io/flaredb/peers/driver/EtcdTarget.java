package io.flaredb.peers.driver;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.flaredb.bytes.Bytes;
import io.flaredb.peers.etcd.proto.Compare;
import io.flaredb.peers.etcd.proto.KVGrpc;
import io.flaredb.peers.etcd.proto.KVGrpc.KVStub;
import io.flaredb.peers.etcd.proto.PutRequest;
import io.flaredb.peers.etcd.proto.PutResponse;
import io.flaredb.peers.etcd.proto.RangeRequest;
import io.flaredb.peers.etcd.proto.RangeResponse;
import io.flaredb.peers.etcd.proto.RequestOp;
import io.flaredb.peers.etcd.proto.TxnRequest;
import io.flaredb.peers.etcd.proto.TxnResponse;
import io.flaredb.peers.load.Load;
import io.flaredb.peers.load.PeerTarget;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * etcd, API version 3. All calls go to the leader over one connection, which is the shortest way.
 * Reads are linearizable; a swap is a transaction that compares {@code mod_revision}.
 */
final class EtcdTarget extends PeerTarget {
    private final ManagedChannel channel;
    private final KVStub kv;

    /**
     * @param address of the leader
     */
    EtcdTarget(String address) {
        super("etcd");
        channel = NettyChannelBuilder.forTarget(address).usePlaintext().directExecutor().build();
        kv = KVGrpc.newStub(channel);
    }

    public static void main(String[] arguments) {
        Load.main(arguments, addresses -> new EtcdTarget(EtcdLeader.among(addresses)));
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        Answer<PutResponse> answer = new Answer<>();
        kv.put(put(raw(key), value), answer);
        return answer.future;
    }

    private static PutRequest put(byte[] name, Bytes value) {
        return PutRequest.newBuilder().setKey(bytes(name)).setValue(bytes(value)).build();
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return range(raw(key)).thenApply(found -> found.getKvsCount() > 0);
    }

    private CompletableFuture<RangeResponse> range(byte[] name) {
        Answer<RangeResponse> answer = new Answer<>();
        kv.range(RangeRequest.newBuilder().setKey(bytes(name)).build(), answer);
        return answer.future;
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        return range(versioned(key))
                .thenApply(
                        found -> found.getKvsCount() == 0 ? 0 : found.getKvs(0).getModRevision());
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        byte[] name = versioned(key);
        TxnRequest request =
                TxnRequest.newBuilder()
                        .addCompare(
                                Compare.newBuilder()
                                        .setResult(Compare.CompareResult.EQUAL)
                                        .setTarget(Compare.CompareTarget.MOD)
                                        .setKey(bytes(name))
                                        .setModRevision(expectedVersion))
                        .addSuccess(RequestOp.newBuilder().setRequestPut(put(name, value)))
                        .build();
        Answer<TxnResponse> answer = new Answer<>();
        kv.txn(request, answer);
        return answer.future.thenApply(done ->
                done.getSucceeded()
                        ? OptionalLong.of(done.getHeader().getRevision())
                        : OptionalLong.empty());
    }

    private static ByteString bytes(byte[] array) {
        return UnsafeByteOperations.unsafeWrap(array);
    }

    private static ByteString bytes(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.unsafeArray());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Answer<T> implements StreamObserver<T> {
        private final CompletableFuture<T> future = new CompletableFuture<>();
        private @Nullable T value;

        @Override
        public void onNext(T next) {
            value = next;
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            T answered = value;
            if (answered == null) {
                future.completeExceptionally(
                        new IllegalStateException("an answer without content"));
            } else {
                future.complete(answered);
            }
        }
    }
}
