package io.flaredb.peers.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a client process is told on its command line.
 *
 * @param addresses of the servers, {@code host:port}
 * @param cells the loads, in their order
 * @param duration how long each is measured
 * @param warmUp for all together, before the first is measured
 * @param settling how long each runs right before it is measured
 * @param valueBytes size of each value
 * @param keys how many there are
 * @param seed of the random picks
 */
public record LoadArguments(
        List<String> addresses,
        List<Cell> cells,
        Duration duration,
        Duration warmUp,
        Duration settling,
        int valueBytes,
        int keys,
        long seed) {
    private static final int LENGTH = 8;

    public LoadArguments {
        addresses = List.copyOf(addresses);
        cells = List.copyOf(cells);
        if (addresses.isEmpty() || cells.isEmpty()) {
            throw new IllegalArgumentException("at least one address and one load");
        }
    }

    /** As a command line. */
    public List<String> toArguments() {
        return List.of(
                String.join(",", addresses),
                cells.stream().map(Cell::toString).collect(Collectors.joining(",")),
                Long.toString(duration.toMillis()),
                Long.toString(warmUp.toMillis()),
                Long.toString(settling.toMillis()),
                Integer.toString(valueBytes),
                Integer.toString(keys),
                Long.toString(seed));
    }

    /** Reads {@link #toArguments()}. */
    public static LoadArguments parse(List<String> arguments) {
        if (arguments.size() != LENGTH) {
            throw new IllegalArgumentException(
                    "addresses, cells, duration, warm-up, settling, value size, keys, seed; got "
                            + arguments);
        }
        return new LoadArguments(
                split(arguments.get(0)),
                split(arguments.get(1)).stream().map(Cell::parse).toList(),
                Duration.ofMillis(Long.parseLong(arguments.get(2))),
                Duration.ofMillis(Long.parseLong(arguments.get(3))),
                Duration.ofMillis(Long.parseLong(arguments.get(4))),
                Integer.parseInt(arguments.get(5)),
                Integer.parseInt(arguments.get(6)),
                Long.parseLong(arguments.get(7)));
    }

    private static List<String> split(String text) {
        return new ArrayList<>(Arrays.asList(text.split(",", -1)));
    }
}
