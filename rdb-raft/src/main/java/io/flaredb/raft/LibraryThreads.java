package io.flaredb.raft;

import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import com.alipay.sofa.jraft.util.concurrent.DefaultFixedThreadsExecutorGroupFactory;
import com.alipay.sofa.jraft.util.concurrent.FixedThreadsExecutorGroup;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The threads that all groups of the process share.
 *
 * <p>The library's own pools have no queue: under load they reject, and a task that is rejected
 * after its entries are in memory leaves a hole in the group's log for good. So groups get this
 * pool, whose queue has no bound (what is put there is bounded by the proposals and messages in
 * flight), and the pools that cannot be replaced may grow. Should a task be rejected all the same,
 * every store of the process is told and must stop.
 *
 * <p>The library keeps one map from group to pool for the process and never forgets an entry, which
 * is why this is static; threads that idle end.
 */
final class LibraryThreads {
    private static final int SHARED_THREADS = 8;
    private static final int REPLY_THREADS = 4;
    private static final int MAX_REPLIES_WAITING = 1 << 20;
    private static final long IDLE_SECONDS = 30;

    /** Read by the library once, when its classes are loaded. */
    private static final List<String> MAX_POOL_SIZES =
            List.of(
                    "jraft.closure.threadpool.size.max",
                    "jraft.internal.closure.threadpool.size.max",
                    "jraft.rpc.closure.threadpool.size.max");

    private static final int MAX_POOL_SIZE = 16_384;

    /**
     * The library keeps the buffers of messages for the next ones: 256 for each thread that sends,
     * of up to 4 MiB each, and for good. With large values that alone fills a heap.
     */
    private static final String KEPT_BUFFERS = "jraft.max_collector_size_per_thread";

    /**
     * The library's protobuf code was generated long ago, which protobuf else tells of once for
     * each message. It is about hostile input; who may speak to this port is decided elsewhere.
     */
    private static final String OLD_CODE_IS_FINE = "com.google.protobuf.use_unsafe_pre22_gencode";

    static {
        if (System.getProperty(OLD_CODE_IS_FINE) == null) {
            System.setProperty(OLD_CODE_IS_FINE, "true");
        }
        if (System.getProperty(KEPT_BUFFERS) == null) {
            System.setProperty(KEPT_BUFFERS, "0");
        }
        for (String key : MAX_POOL_SIZES) {
            if (System.getProperty(key) == null) {
                System.setProperty(key, Integer.toString(MAX_POOL_SIZE));
            }
        }
    }

    private static final Set<String> REGISTERED = ConcurrentHashMap.newKeySet();
    private static final List<Consumer<Throwable>> STORES = new CopyOnWriteArrayList<>();
    private static final ThreadPoolExecutor SHARED = sharedPool();
    private static final FixedThreadsExecutorGroup REPLIES =
            DefaultFixedThreadsExecutorGroupFactory.INSTANCE.newExecutorGroup(
                    REPLY_THREADS, "raft-replies", MAX_REPLIES_WAITING, true);

    private LibraryThreads() {}

    /** Must be called before a group of this name is started. */
    static void serve(String group) {
        serve(group, SHARED);
    }

    static void serve(String group, ThreadPoolExecutor pool) {
        if (REGISTERED.add(group)) {
            ThreadPoolsFactory.registerThreadPool(group, pool);
        }
    }

    /** Work of ours that waits for a disk or a lock of the library. */
    static void execute(Runnable task) {
        SHARED.execute(task);
    }

    /** Takes followers' answers; one thread for each follower. */
    static FixedThreadsExecutorGroup replies() {
        return REPLIES;
    }

    /**
     * @param onFatal told when a task was rejected
     */
    static void join(Consumer<Throwable> onFatal) {
        STORES.add(onFatal);
    }

    static void leave(Consumer<Throwable> onFatal) {
        STORES.remove(onFatal);
    }

    /** What a pool that serves groups must do with a task it cannot take. */
    static void reject(Runnable task, ThreadPoolExecutor pool) {
        RejectedExecutionException e =
                new RejectedExecutionException(
                        "a task of a Raft group was rejected, its log may have a hole: " + pool);
        STORES.forEach(store -> store.accept(e));
        throw e;
    }

    private static ThreadPoolExecutor sharedPool() {
        AtomicInteger made = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        SHARED_THREADS,
                        SHARED_THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task ->
                                Thread.ofPlatform()
                                        .daemon()
                                        .name("raft-shared-" + made.incrementAndGet())
                                        .unstarted(task),
                        LibraryThreads::reject);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
