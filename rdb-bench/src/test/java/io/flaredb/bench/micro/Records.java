package io.flaredb.bench.micro;

import io.flaredb.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The keys and values of the benchmarks: the same ones for all. Of one thread. */
final class Records {
    static final int KEYS = 100_000;

    private static final int VALUE_BYTES = 128;
    private static final int VALUES = 1_024;

    private final Bytes[] keys = new Bytes[KEYS];
    private final Bytes[] values = new Bytes[VALUES];
    private final SplittableRandom picks = new SplittableRandom(1);

    Records() {
        Random random = new Random(1);
        for (int i = 0; i < KEYS; i++) {
            keys[i] = Bytes.utf8(String.format(Locale.ROOT, "bench-%010d", i));
        }
        for (int i = 0; i < VALUES; i++) {
            byte[] bytes = new byte[VALUE_BYTES];
            random.nextBytes(bytes);
            values[i] = Bytes.wrap(bytes);
        }
    }

    /** The number of a key. */
    int next() {
        return picks.nextInt(KEYS);
    }

    Bytes key(int number) {
        return keys[number];
    }

    Bytes value() {
        return values[picks.nextInt(VALUES)];
    }

    /** Below the folder that {@code -Djava.io.tmpdir} names. */
    static Path newFolder() throws IOException {
        return Files.createTempDirectory("flaredb-micro-");
    }

    static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(folder)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
