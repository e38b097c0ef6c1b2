package io.flaredb.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two regions are written, each by a thread of its own, while others read by all methods there are,
 * and a third region is emptied again and again. Every value has the number of its batch, so a read
 * can tell whether it is older than what was written, or read by anyone, before it began.
 */
final class ReadsInOrderTest extends EngineTest {
    private static final RegionId[] REGIONS = {new RegionId(7), new RegionId(8)};
    private static final RegionId EMPTIED = new RegionId(9);
    private static final KeyRange NOBODYS = new KeyRange(Bytes.utf8("x"), Bytes.utf8("y"));
    private static final int KEYS = 24; // of each region and kind
    private static final int BATCHES = 4_000;
    private static final int READERS = 3;
    private static final int TOO_LARGE = 300; // to be kept by the cache

    private final long seed = new Random().nextLong();
    private final Part[] parts = {new Part(0), new Part(1)};
    private final AtomicBoolean written = new AtomicBoolean();

    /** The records of one region: first the raw ones, then those with versions. */
    private final class Part {
        private final int number;
        // By record: the number of the batch that changed it last, twice, plus one if it is there.
        private final AtomicLongArray begun = new AtomicLongArray(2 * KEYS);
        private final AtomicLongArray committed = new AtomicLongArray(2 * KEYS);
        private final AtomicLongArray seen = new AtomicLongArray(2 * KEYS); // by any reader
        private final long[] versions = new long[2 * KEYS]; // the writer's own
        private long index; // the writer's own

        Part(int number) {
            this.number = number;
        }

        Bytes key(int i) {
            return Bytes.utf8("%d-key-%02d".formatted(number, i));
        }

        KeyRange range() {
            return new KeyRange(Bytes.utf8(number + "-"), Bytes.utf8(number + "."));
        }

        private void write(Random random, long batchNumber) {
            int from = random.nextInt(2 * KEYS);
            int count = 1 + random.nextInt(8);
            List<Outcome> outcomes = new ArrayList<>();
            long[] states = new long[2 * KEYS];
            try (ApplyBatch batch = engine.replicas().newBatch()) {
                for (int n = 0; n < count; n++) {
                    int i = (from + n) % (2 * KEYS);
                    boolean deletes = random.nextInt(4) == 0;
                    states[i] = 2 * batchNumber + (deletes ? 0 : 1);
                    begun.set(i, states[i]);
                    Command command = command(random, i, batchNumber, deletes);
                    outcomes.add(batch.apply(REGIONS[number], ++index, command));
                }
                batch.commit();
            }
            for (int n = 0; n < count; n++) {
                int i = (from + n) % (2 * KEYS);
                if (i >= KEYS) { // decided by what is stored: were that old it would conflict
                    assertThat(outcomes.get(n)).isInstanceOf(Outcome.Swapped.class);
                    versions[i] = ((Outcome.Swapped) outcomes.get(n)).version();
                }
                committed.set(i, states[i]);
            }
        }

        private Command command(Random random, int i, long batchNumber, boolean deletes) {
            Bytes key = key(i % KEYS);
            int padding = random.nextInt(8) == 0 ? TOO_LARGE : random.nextInt(40);
            Bytes value = Bytes.utf8(batchNumber + "-".repeat(1 + padding));
            if (i < KEYS) {
                return deletes ? new Command.RawDelete(key) : new Command.RawPut(key, value);
            }
            return deletes
                    ? new Command.CompareAndDelete(key, versions[i])
                    : new Command.CompareAndSwap(key, versions[i], value);
        }

        void read(Random random) {
            switch (random.nextInt(8)) {
                case 0 -> scan(random.nextBoolean());
                default -> get(random, random.nextInt(2 * KEYS));
            }
        }

        private void get(Random random, int i) {
            boolean inMemory = random.nextBoolean();
            long floor = floor(i);
            Bytes key = key(i % KEYS);
            Bytes value;
            if (i < KEYS) {
                value = inMemory ? engine.getFromMemory(key) : engine.get(key);
            } else {
                VersionedValue found =
                        inMemory ? engine.getVersionedFromMemory(key) : engine.getVersioned(key);
                value = found == null ? null : found.value();
            }
            if (value != null || !inMemory) { // else it may only have to be read from disk
                check("get", i, floor, value);
            }
        }

        private void scan(boolean raw) {
            long[] floors = new long[KEYS];
            for (int i = 0; i < KEYS; i++) {
                floors[i] = floor(raw ? i : KEYS + i);
            }
            @Nullable Bytes[] found = new Bytes[KEYS];
            if (raw) {
                for (KeyValue record : engine.scan(range(), 2 * KEYS, 1 << 20).entries()) {
                    found[indexOf(record.key())] = record.value();
                }
            } else {
                for (VersionedEntry record :
                        engine.scanVersioned(range(), 2 * KEYS, 1 << 20).entries()) {
                    found[indexOf(record.key())] = record.value();
                }
            }
            for (int i = 0; i < KEYS; i++) {
                check("scan", raw ? i : KEYS + i, floors[i], found[i]);
            }
        }

        private int indexOf(Bytes key) {
            String text = key.utf8();
            return Integer.parseInt(text.substring(text.length() - 2));
        }

        /** What a read that begins now must not be behind, as a record's state. */
        private long floor(int i) {
            return Math.max(seen.get(i), committed.get(i));
        }

        private void check(String how, int i, long floor, @Nullable Bytes value) {
            long newest = begun.get(i);
            String what =
                    "%s of record %d of region %d, at least %d, at most %d, seed %d"
                            .formatted(how, i, number, floor, newest, seed);
            if (value == null) {
                boolean wasThere = floor % 2 == 1;
                assertThat(wasThere && newest == floor).as(what + ": absent").isFalse();
                return;
            }
            String text = new String(value.unsafeArray(), UTF_8);
            long state = 2 * Long.parseLong(text.substring(0, text.indexOf('-'))) + 1;
            assertThat(state).as(what).isBetween(floor, newest | 1);
            seen.accumulateAndGet(i, state, Math::max);
        }
    }

    @Test
    @Timeout(120)
    void noReadIsBehindOneThatEndedBeforeNorBehindAWrite() throws Exception {
        System.out.println("seed " + seed);
        Random seeds = new Random(seed);
        List<Future<?>> readers = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (Part part : parts) {
                Random random = new Random(seeds.nextLong());
                writers.add(
                        threads.submit(() -> {
                            for (long number = 1; number <= BATCHES; number++) {
                                part.write(random, number);
                            }
                        }));
            }
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(seeds.nextLong());
                readers.add(
                        threads.submit(() -> {
                            while (!written.get()) {
                                parts[random.nextInt(parts.length)].read(random);
                            }
                        }));
            }
            readers.add(
                    threads.submit(() -> {
                        while (!written.get()) {
                            engine.replicas().destroy(EMPTIED, NOBODYS);
                        }
                    }));
            try {
                for (Future<?> writer : writers) {
                    writer.get();
                }
            } finally {
                written.set(true);
            }
        }
        for (Future<?> reader : readers) {
            reader.get();
        }
        for (Part part : parts) {
            for (int i = 0; i < 2 * KEYS; i++) {
                part.get(new Random(seed), i);
            }
        }
    }
}
