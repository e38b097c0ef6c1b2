package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.it.history.RawRegister;
import io.flaredb.it.history.Recorder;
import io.flaredb.it.history.VersionedRegister;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Threads of several clients that read and write keys of all regions and record what they were
 * told. They are ended by {@link #end}; after {@link #readAll} the histories are whole.
 */
final class Workload {
    private static final int THREADS_OF_A_CLIENT = 4;
    static final int READER_AT_THE_END = 1_000;

    private final Recorder<VersionedRegister.Input, VersionedRegister.Output> casRecorder;
    private final Recorder<RawRegister.Input, RawRegister.Output> rawRecorder;
    private final KeyRing casKeys;
    private final KeyRing rawKeys;
    private final Attempt attempt;
    private final LoadThreads threads;

    /** Starts the threads: half of each client's write versioned keys, half raw ones. */
    Workload(
            TortureOptions options,
            List<FlareDb> clients,
            Tally tally,
            Problems problems,
            BooleanSupplier damage) {
        // Batches count for each of their keys, and the end reads every key once more.
        int capacity = (int) (options.rate() * (options.duration().toSeconds() + 600) * 2);
        casRecorder = new Recorder<>(capacity);
        rawRecorder = new Recorder<>(capacity);
        casKeys = new KeyRing("c", options.regions());
        rawKeys = new KeyRing("w", options.regions());
        attempt = new Attempt(tally, problems, damage);
        threads = new LoadThreads(problems);
        SplittableRandom random = new SplittableRandom(options.seed());
        double rate = options.rate() / (double) (clients.size() * THREADS_OF_A_CLIENT);
        for (int i = 0; i < clients.size() * THREADS_OF_A_CLIENT; i++) {
            FlareDb db = clients.get(i / THREADS_OF_A_CLIENT);
            Runnable step = i % 2 == 0 ? cas(i, db, random)::step : raw(i, db, random)::step;
            threads.add("load-" + i, rate, () -> unlessFull(step));
        }
    }

    private CasClient cas(int number, FlareDb db, SplittableRandom random) {
        return new CasClient(number, db.cas(), casKeys, casRecorder, attempt, random.split());
    }

    private RawClient raw(int number, FlareDb db, SplittableRandom random) {
        return new RawClient(number, db.raw(), rawKeys, rawRecorder, attempt, random.split());
    }

    private void unlessFull(Runnable step) {
        if (!casRecorder.isFull() && !rawRecorder.isFull()) {
            step.run();
        }
    }

    /** Ends the threads. */
    void end() throws InterruptedException {
        threads.end();
    }

    /**
     * Reads every key once more: what was acknowledged must be there.
     *
     * @param reader of a cluster that has recovered
     */
    void readAll(FlareDb reader) {
        SplittableRandom unused = new SplittableRandom();
        CasClient cas = cas(READER_AT_THE_END, reader, unused);
        casKeys.all().forEach(key -> threads.run("read of " + key.name(), () -> cas.get(key)));
        RawClient raw = raw(READER_AT_THE_END + 1, reader, unused);
        rawKeys.all().forEach(key -> threads.run("read of " + key.name(), () -> raw.get(key)));
    }

    Recorder<VersionedRegister.Input, VersionedRegister.Output> casHistory() {
        return casRecorder;
    }

    Recorder<RawRegister.Input, RawRegister.Output> rawHistory() {
        return rawRecorder;
    }
}
