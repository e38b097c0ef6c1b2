package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.error.RemotingException;
import io.flaredb.proto.raft.RaftGrpc;
import io.flaredb.raft.StoreAddresses;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.rpc.RpcServer;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A store's connections to the others: one each, made when first needed, whatever the number of
 * groups. Thread-safe.
 */
public final class Links implements AutoCloseable {
    private static final long SWEEP_MILLIS = 50;
    private static final long KEEPALIVE_SECONDS = 10;

    private final StoreAddresses addresses;
    private final ChannelCredentials credentials;
    private final Executor callbacks;
    private final Map<Long, Link> links = new ConcurrentHashMap<>();
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("raft-timeouts").factory());
    private volatile boolean closed;

    /**
     * @param credentials how other stores are spoken to, in plaintext or with TLS
     * @param callbacks runs what the library does with answers that name no thread of their own
     */
    public Links(StoreAddresses addresses, ChannelCredentials credentials, Executor callbacks) {
        this.addresses = addresses;
        this.credentials = credentials;
        this.callbacks = callbacks;
        sweeper.scheduleWithFixedDelay(
                this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * The link to a store, at the address it has now.
     *
     * @throws RemotingException if it has none, or this store is stopping
     */
    Link to(long storeId) throws RemotingException {
        @Nullable HostAndPort address = addresses.of(storeId);
        if (address == null) {
            throw new RemotingException(
                    "store " + Long.toUnsignedString(storeId) + " has no known address");
        }
        @Nullable Link known = links.get(storeId);
        if (known != null && known.address().equals(address)) {
            return known;
        }
        return replaced(storeId, address);
    }

    /** A stub to fetch records from a store. */
    public RaftGrpc.RaftStub stub(long storeId) throws RemotingException {
        return to(storeId).stub();
    }

    private synchronized Link replaced(long storeId, HostAndPort address) throws RemotingException {
        if (closed) {
            throw new RemotingException("this store is stopping");
        }
        @Nullable Link known = links.get(storeId);
        if (known != null && known.address().equals(address)) {
            return known;
        }
        Link link = new Link(storeId, address, connect(address), callbacks);
        links.put(storeId, link);
        if (known != null) {
            known.close();
        }
        return link;
    }

    private ManagedChannel connect(HostAndPort address) {
        return Grpc.newChannelBuilderForAddress(address.host(), address.port(), credentials)
                .directExecutor()
                .maxInboundMessageSize(RpcServer.MAX_INBOUND_MESSAGE_BYTES)
                // A host that vanished without a word would else be noticed by nothing at all.
                .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private void sweep() {
        long now = System.nanoTime();
        links.values().forEach(link -> link.sweep(now));
    }

    /** Ends all streams and connections. Closing again does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        sweeper.shutdownNow();
        links.values().forEach(Link::close);
        links.clear();
    }
}
