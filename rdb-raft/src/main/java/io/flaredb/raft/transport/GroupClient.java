package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the library takes for a group's connections: really those of the whole store, so nothing a
 * group does closes them.
 */
final class GroupClient implements RpcClient {
    private volatile @Nullable TransportOptions options;

    @Override
    public boolean init(RpcOptions options) {
        this.options = (TransportOptions) options;
        return true;
    }

    @Override
    public void shutdown() {
        // The links belong to the store.
    }

    /**
     * Always true: a link is made with the first call. Saying no, the library would ask for a sign
     * of life and wait for it while it holds the group's lock; a call that fails at once because
     * nobody is there does no harm.
     */
    @Override
    public boolean checkConnection(Endpoint endpoint) {
        return true;
    }

    @Override
    public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
        return true;
    }

    @Override
    public void closeConnection(Endpoint endpoint) {
        // Others use it.
    }

    /**
     * Ignored: it is for followers that could not be reached when the leader began, of which there
     * are none, as {@link #checkConnection} lets it begin with all of them.
     */
    @Override
    public void registerConnectEventListener(ReplicatorGroup replicators) {}

    @Override
    public Object invokeSync(
            Endpoint endpoint, Object request, @Nullable InvokeContext context, long timeoutMillis)
            throws RemotingException {
        throw new RemotingException("no call between stores is waited for");
    }

    @Override
    public void invokeAsync(
            Endpoint endpoint,
            Object request,
            @Nullable InvokeContext context,
            InvokeCallback callback,
            long timeoutMillis)
            throws RemotingException {
        TransportOptions started = options;
        if (started == null) {
            throw new RemotingException("the group has not started");
        }
        Link store = started.links().to(storeOf(endpoint));
        if (request instanceof InstallSnapshotRequest install) {
            install(store, install, callback, timeoutMillis, started.installing());
        } else {
            store.call((Message) request, callback, timeoutMillis);
        }
    }

    /** The answer comes when the follower has all records. */
    private static void install(
            Link store,
            InstallSnapshotRequest request,
            InvokeCallback callback,
            long timeoutMillis,
            AtomicInteger installing)
            throws RemotingException {
        installing.incrementAndGet();
        boolean asked = false;
        try {
            store.call(request, new Installed(callback, installing), timeoutMillis);
            asked = true;
        } finally {
            if (!asked) {
                installing.decrementAndGet();
            }
        }
    }

    private record Installed(InvokeCallback callback, AtomicInteger installing)
            implements InvokeCallback {
        @Override
        public void complete(@Nullable Object answer, @Nullable Throwable failure) {
            try {
                callback.complete(answer, failure);
            } finally {
                installing.decrementAndGet();
            }
        }

        @Override
        public Executor executor() {
            return callback.executor();
        }
    }

    /** Endpoints are named STORE-PEER. */
    private static long storeOf(Endpoint endpoint) throws RemotingException {
        try {
            String name = endpoint.getIp();
            return Long.parseUnsignedLong(name, 0, name.indexOf('-'), 10);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new RemotingException("no peer is called " + endpoint, e);
        }
    }
}
