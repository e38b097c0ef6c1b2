package io.flaredb.it.load;

import io.flaredb.client.FlareDb;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writers and readers of a cluster, each a thread, that go on whatever happens to it.
 *
 * <p>The writers can be held while all they were promised is compared with what the database holds;
 * the readers of timestamps go on even then. {@link #hold}, {@link #check} and {@link #release} are
 * for one thread.
 */
public final class Load implements AutoCloseable {
    private static final int RAW_WRITERS = 4;
    private static final int CAS_WRITERS = 3;
    private static final int COUNTER_WRITERS = 2;
    private static final int TIMESTAMP_READERS = 2;

    private final List<FlareDb> clients;
    private final Findings findings = new Findings();
    private final Gate gate = new Gate();
    private final List<Writer> writers = new ArrayList<>();
    private final Workers workers = new Workers(findings);
    private final TimestampLoad timestamps;

    /**
     * Starts a load.
     *
     * @param db must be closed by the caller, after the load
     */
    public Load(FlareDb db, long seed) {
        this(List.of(db), seed);
    }

    /**
     * Starts a load whose writers are shared out among several clients.
     *
     * @param clients must be closed by the caller, after the load
     */
    public Load(List<FlareDb> clients, long seed) {
        this.clients = List.copyOf(clients);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < RAW_WRITERS; i++) {
            start(new RawWriter(new KeySpace("raw" + i), random.split(), findings), 1);
        }
        for (int i = 0; i < CAS_WRITERS; i++) {
            start(new CasWriter(new KeySpace("cas" + i), random.split(), findings), 1);
        }
        start(new SharedCounter(findings), COUNTER_WRITERS);
        timestamps =
                new TimestampLoad(
                        List.of(clients.getFirst()),
                        TIMESTAMP_READERS,
                        findings,
                        random.nextLong());
    }

    private void start(Writer writer, int threads) {
        int first = writers.size();
        writers.add(writer);
        for (int i = 0; i < threads; i++) {
            FlareDb db = clients.get((first + i) % clients.size());
            workers.add(writer.getClass().getSimpleName(), () -> throughGate(writer, db));
        }
    }

    private void throughGate(Writer writer, FlareDb db) throws InterruptedException {
        gate.enter();
        try {
            writer.step(db);
        } finally {
            gate.leave();
        }
    }

    public Findings findings() {
        return findings;
    }

    /** No writer begins another operation until {@link #release}; those under way go on. */
    public void hold() {
        gate.close();
    }

    /**
     * Waits for the operations under way, then compares all that was ever promised with the
     * database.
     *
     * @param storeRestarted whether the store process was ended and started since {@link #hold}
     */
    public void check(boolean storeRestarted) throws InterruptedException {
        gate.awaitEmpty();
        writers.forEach(writer -> writer.check(clients.getFirst(), storeRestarted));
    }

    /** Lets the writers go on. */
    public void release() {
        gate.open();
    }

    /** Ends all threads, then checks the timestamps. */
    @Override
    public void close() throws InterruptedException {
        workers.close();
        timestamps.close();
    }
}
