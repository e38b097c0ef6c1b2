package io.flaredb.peers.driver;

import io.flaredb.bytes.Bytes;
import io.flaredb.peers.load.Load;
import io.flaredb.peers.load.PeerTarget;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;

/**
 * ZooKeeper over one session, asynchronous. A key is a node below {@code /r} or {@code /v}.
 *
 * <p>A get is answered by the server that the session is with, from its own state: with three
 * servers it is <b>not</b> linearizable.
 */
final class ZooKeeperTarget extends PeerTarget {
    private static final int SESSION_MILLIS = 30_000;
    private static final long READY_SECONDS = 90;
    private static final String RAW = "/r";
    private static final String VERSIONED = "/v";
    private static final int ANY_VERSION = -1;

    private final ZooKeeper client;

    ZooKeeperTarget(List<String> addresses)
            throws IOException, InterruptedException, KeeperException, TimeoutException {
        super("zookeeper");
        CountDownLatch connected = new CountDownLatch(1);
        client =
                new ZooKeeper(
                        String.join(",", addresses),
                        SESSION_MILLIS,
                        event -> {
                            if (event.getState() == KeeperState.SyncConnected) {
                                connected.countDown();
                            }
                        });
        if (!connected.await(READY_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("no session with " + addresses);
        }
        makeParent(RAW);
        makeParent(VERSIONED);
    }

    public static void main(String[] arguments) {
        Load.main(arguments, ZooKeeperTarget::new);
    }

    private void makeParent(String path) throws InterruptedException, KeeperException {
        try {
            client.create(path, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException alreadyThere) {
            return;
        }
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        String path = RAW + '/' + text(key);
        CompletableFuture<OptionalLong> done = new CompletableFuture<>();
        client.setData(
                path,
                value.unsafeArray(),
                ANY_VERSION,
                (code, where, context, stat) -> {
                    if (code == Code.NONODE.intValue()) {
                        create(path, value, done);
                    } else {
                        complete(done, code, where, Code.OK, OptionalLong.empty());
                    }
                },
                null);
        return done;
    }

    /** Empty if the node is there already. */
    private void create(String path, Bytes value, CompletableFuture<OptionalLong> done) {
        client.create(
                path,
                value.unsafeArray(),
                Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, where, context, name) -> {
                    if (code == Code.OK.intValue()) {
                        done.complete(OptionalLong.of(1));
                    } else {
                        complete(done, code, where, Code.NODEEXISTS, OptionalLong.empty());
                    }
                },
                null);
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        client.getData(
                RAW + '/' + text(key),
                false,
                (code, where, context, data, stat) -> {
                    if (code == Code.OK.intValue()) {
                        done.complete(true);
                    } else {
                        complete(done, code, where, Code.NONODE, false);
                    }
                },
                null);
        return done;
    }

    /** A node's versions begin with 0. */
    @Override
    public CompletableFuture<Long> version(Bytes key) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        client.exists(
                VERSIONED + '/' + text(key),
                false,
                (code, where, context, stat) -> {
                    if (code == Code.OK.intValue()) {
                        done.complete(stat.getVersion() + 1L);
                    } else {
                        complete(done, code, where, Code.NONODE, 0L);
                    }
                },
                null);
        return done;
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        String path = VERSIONED + '/' + text(key);
        CompletableFuture<OptionalLong> done = new CompletableFuture<>();
        if (expectedVersion == 0) {
            create(path, value, done);
            return done;
        }
        client.setData(
                path,
                value.unsafeArray(),
                Math.toIntExact(expectedVersion - 1),
                (code, where, context, stat) -> {
                    if (code == Code.OK.intValue()) {
                        done.complete(OptionalLong.of(stat.getVersion() + 1L));
                    } else {
                        complete(done, code, where, Code.BADVERSION, OptionalLong.empty());
                    }
                },
                null);
        return done;
    }

    /** With a value if that is what the code stands for, else with a failure. */
    private static <T> void complete(
            CompletableFuture<T> done, int code, String path, Code expected, T value) {
        if (code == expected.intValue()) {
            done.complete(value);
        } else {
            done.completeExceptionally(KeeperException.create(Code.get(code), path));
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
