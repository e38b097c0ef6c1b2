package io.flaredb.it.torture;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The keys of one key space that are under load: a few in each region, so that clients meet; a key
 * whose history is long enough gives its place to a new one. Thread-safe.
 */
final class KeyRing {
    private static final int KEYS_OF_A_REGION = 3;

    private final String prefix;
    private final int regions;

    @GuardedBy("this")
    private final List<TorturedKey> current = new ArrayList<>();

    @GuardedBy("this")
    private final List<TorturedKey> all = new ArrayList<>();

    /**
     * @param prefix of the keys' names, behind the region's
     */
    KeyRing(String prefix, int regions) {
        this.prefix = prefix;
        this.regions = regions;
        for (int i = 0; i < regions * KEYS_OF_A_REGION; i++) {
            current.add(next(i % regions));
        }
    }

    /** Where the keys are to be cut, so that each region has its own: for that many regions. */
    static List<String> splits(int regions) {
        return IntStream.range(1, regions).mapToObj(i -> "r" + i).toList();
    }

    /** A key that nobody uses otherwise. */
    static String keyOf(int region, String name) {
        return "r" + region + "/" + name;
    }

    private synchronized TorturedKey next(int region) {
        TorturedKey key = new TorturedKey(keyOf(region, prefix + all.size()), region);
        all.add(key);
        return key;
    }

    /** Any key. */
    synchronized TorturedKey any(RandomGenerator random) {
        return at(random.nextInt(current.size()));
    }

    /** All keys of any one region. */
    synchronized List<TorturedKey> anyOfOneRegion(RandomGenerator random) {
        int region = random.nextInt(regions);
        return IntStream.range(0, KEYS_OF_A_REGION)
                .mapToObj(i -> at(region + i * regions))
                .toList();
    }

    private synchronized TorturedKey at(int place) {
        TorturedKey key = current.get(place);
        if (key.isWornOut()) {
            key = next(key.region());
            current.set(place, key);
        }
        return key;
    }

    /** All keys ever used. */
    synchronized List<TorturedKey> all() {
        return List.copyOf(all);
    }
}
