package io.flaredb.bench;

/**
 * The keys and values of a load.
 *
 * @param keys how many raw and how many versioned keys there are, at least 1; operations pick them
 *     at random, evenly
 * @param contendedKeys how many keys {@link Workload#CAS_CONTENDED} has, at least 1
 * @param valueBytes size of each value, 1 to 4 MiB
 * @param seed of the random picks
 */
public record DataSet(int keys, int contendedKeys, int valueBytes, long seed) {
    public DataSet {
        if (keys < 1 || contendedKeys < 1 || valueBytes < 1) {
            throw new IllegalArgumentException(
                    "keys, contended keys and value size are %d, %d and %d: allowed are 1 and more"
                            .formatted(keys, contendedKeys, valueBytes));
        }
    }
}
