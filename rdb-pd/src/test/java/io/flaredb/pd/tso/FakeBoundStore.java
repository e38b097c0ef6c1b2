package io.flaredb.pd.tso;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A disk that can be told to stall or to fail. */
final class FakeBoundStore implements BoundStore {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean stalled;
    private @Nullable String failure;
    private volatile long durable;
    private final AtomicInteger writes = new AtomicInteger();

    FakeBoundStore(long durable) {
        this.durable = durable;
    }

    @Override
    public long load() {
        return durable;
    }

    @Override
    public void persist(long bound) {
        lock.lock();
        try {
            while (stalled) {
                changed.awaitUninterruptibly();
            }
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            durable = bound;
            writes.incrementAndGet();
        } finally {
            lock.unlock();
        }
    }

    long durable() {
        return durable;
    }

    int writes() {
        return writes.get();
    }

    void stall() {
        set(true, null);
    }

    void fail(String message) {
        set(false, message);
    }

    void recover() {
        set(false, null);
    }

    private void set(boolean nowStalled, @Nullable String nowFailure) {
        lock.lock();
        try {
            stalled = nowStalled;
            failure = nowFailure;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
