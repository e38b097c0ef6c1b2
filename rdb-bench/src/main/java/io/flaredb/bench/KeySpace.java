package io.flaredb.bench;

import io.flaredb.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;

/** The keys and values of a data set, and what is known of the versions. */
final class KeySpace {
    private static final byte[] KEY = ascii("bench-0000000000");
    private static final byte[] CONTENDED_KEY = ascii("contended-000000");
    private static final int MOST_VALUES = 1_024;
    private static final int VALUES_BYTES = 16 << 20;
    private static final long NOT_KNOWN = -1;

    private final DataSet set;
    private final Bytes[] values;
    private long[] versions = {}; // each element belongs to the one place that swaps its key

    KeySpace(DataSet set) {
        this.set = set;
        this.values = new Bytes[Math.clamp(VALUES_BYTES / set.valueBytes(), 1, MOST_VALUES)];
        Random random = new Random(set.seed());
        for (int i = 0; i < values.length; i++) {
            // Random bytes do not compress, so that the disk has as much to do as the figures say.
            byte[] bytes = new byte[set.valueBytes()];
            random.nextBytes(bytes);
            values[i] = Bytes.wrap(bytes);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    int keys() {
        return set.keys();
    }

    int contendedKeys() {
        return set.contendedKeys();
    }

    /** 16 bytes. */
    Bytes key(int number) {
        return numbered(KEY, number);
    }

    /** 16 bytes. */
    Bytes contendedKey(int number) {
        return numbered(CONTENDED_KEY, number);
    }

    private static Bytes numbered(byte[] pattern, int number) {
        byte[] key = pattern.clone();
        int rest = number;
        for (int i = key.length - 1; rest > 0; i--) {
            key[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return Bytes.wrap(key);
    }

    Bytes value(int number) {
        return values[number % values.length];
    }

    Bytes value(SplittableRandom random) {
        return values[random.nextInt(values.length)];
    }

    /** Makes room for versions, which only loads that swap need. */
    void trackVersions() {
        if (versions.length == 0) {
            versions = new long[set.keys()];
            Arrays.fill(versions, NOT_KNOWN);
        }
    }

    boolean isVersionKnown(int key) {
        return versions[key] != NOT_KNOWN;
    }

    long version(int key) {
        return versions[key];
    }

    void setVersion(int key, long version) {
        versions[key] = version;
    }

    /** After a failure or a conflict. */
    void forgetVersion(int key) {
        versions[key] = NOT_KNOWN;
    }
}
