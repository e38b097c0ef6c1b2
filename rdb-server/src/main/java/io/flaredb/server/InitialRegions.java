package io.flaredb.server;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a store asks for if the cluster has no regions yet. All stores of a new cluster must ask for
 * the same.
 *
 * @param replicas how many stores hold each region, and so how many must come together before there
 *     are any; 1 to 7
 * @param splitKeys where the key space is cut, ascending and without repeats; none: one region
 */
public record InitialRegions(int replicas, List<Bytes> splitKeys) {
    /** One region with one replica. */
    public static final InitialRegions DEFAULT = new InitialRegions(1, List.of());

    private static final int MAX_REPLICAS = 7;

    public InitialRegions {
        splitKeys = List.copyOf(splitKeys);
        if (replicas < 1 || replicas > MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    "initial-replicas is " + replicas + ": allowed are 1 to " + MAX_REPLICAS);
        }
        Bytes before = Bytes.EMPTY;
        for (Bytes key : splitKeys) {
            @Nullable String problem = SizeLimits.keyProblem(key.size());
            if (problem != null) {
                throw new IllegalArgumentException("initial-regions: " + problem);
            }
            if (key.compareTo(before) <= 0) {
                throw new IllegalArgumentException(
                        "initial-regions has "
                                + key
                                + " after "
                                + before
                                + ": split keys must ascend, each once");
            }
            before = key;
        }
    }
}
