package io.flaredb.pd;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a store wants the first regions to be.
 *
 * @param replicas stores of each region
 * @param splitKeys ascending
 */
record FirstLayout(int replicas, List<ByteString> splitKeys) {
    private static final int MAX_REPLICAS = 7;

    /** All first regions are one batch of records, with one that is not a region. */
    private static final int MAX_SPLIT_KEYS = SizeLimits.MAX_BATCH_ENTRIES - 2;

    private static final int NAMED_KEYS = 3;

    FirstLayout {
        splitKeys = List.copyOf(splitKeys);
        if (replicas < 1 || replicas > MAX_REPLICAS) {
            throw new PlacementDriverException.InvalidRequest(
                    "%s replicas: allowed are 1 to %d"
                            .formatted(Integer.toUnsignedString(replicas), MAX_REPLICAS));
        }
        if (splitKeys.size() > MAX_SPLIT_KEYS) {
            throw new PlacementDriverException.InvalidRequest(
                    "%d split keys: allowed are at most %d"
                            .formatted(splitKeys.size(), MAX_SPLIT_KEYS));
        }
        Bytes before = Bytes.EMPTY;
        for (ByteString splitKey : splitKeys) {
            @Nullable String problem = SizeLimits.keyProblem(splitKey.size());
            if (problem != null) {
                throw new PlacementDriverException.InvalidRequest("a split key: " + problem);
            }
            Bytes key = Bytes.wrap(splitKey.toByteArray());
            if (key.compareTo(before) <= 0) {
                throw new PlacementDriverException.InvalidRequest(
                        "split key %s after %s: they must ascend, each once"
                                .formatted(key, before));
            }
            before = key;
        }
    }

    /** For a person; the first keys only where there are many. */
    @Override
    public String toString() {
        String each = " of " + replicas + (replicas == 1 ? " replica" : " replicas");
        if (splitKeys.isEmpty()) {
            return "1 region" + each;
        }
        return splitKeys.stream()
                .limit(NAMED_KEYS)
                .map(key -> Bytes.wrap(key.toByteArray()).toString())
                .collect(
                        Collectors.joining(
                                ", ",
                                splitKeys.size() + 1 + " regions" + each + " split at ",
                                splitKeys.size() > NAMED_KEYS ? ", ..." : ""));
    }
}
