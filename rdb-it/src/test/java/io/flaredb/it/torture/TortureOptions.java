package io.flaredb.it.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a run is to do.
 *
 * @param seed decides faults and operations, as far as threads allow
 * @param duration of load and faults; start, last recovery and checks come on top
 * @param servers 3 to 5, which is how many replicas regions have
 * @param regions 1 to 9
 * @param clients each with connections of its own, 1 to 16
 * @param rate operations per second of all clients together, at most
 * @param reads what servers are to do before they answer a read, as their option has it
 * @param report a folder, made if absent
 */
record TortureOptions(
        long seed,
        Duration duration,
        Set<FaultClass> faults,
        int servers,
        int regions,
        int clients,
        int rate,
        String reads,
        Path report) {
    /** All calls are in memory, some 300 bytes each, and the heap has a GiB. */
    private static final long MOST_OPERATIONS = 2_500_000;

    private static final List<String> READS = List.of("read-index", "lease");

    TortureOptions {
        check("servers", servers, 3, 5);
        check("regions", regions, 1, 9);
        check("clients", clients, 1, 16);
        check("rate", rate, 10, 20_000);
        check("minutes", duration.toMinutes(), 1, MOST_OPERATIONS / 60 / rate);
        if (!READS.contains(reads)) {
            throw new IllegalArgumentException(
                    "reads is %s: allowed are %s".formatted(reads, READS));
        }
        faults = Set.copyOf(faults);
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d: allowed are %d to %d".formatted(name, value, least, most));
        }
    }

    /**
     * Reads {@code --name value} pairs.
     *
     * @throws IllegalArgumentException with a line for a person
     */
    static TortureOptions parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            if (!arguments.get(i).startsWith("--") || i + 1 == arguments.size()) {
                throw new IllegalArgumentException("an option and its value: " + arguments.get(i));
            }
            values.put(arguments.get(i).substring(2), arguments.get(i + 1));
        }
        long seed = number(values, "seed", Long.toString(System.nanoTime()));
        TortureOptions options =
                new TortureOptions(
                        seed,
                        Duration.ofMinutes(smallNumber(values, "minutes", "6")),
                        FaultClass.parse(values.getOrDefault("faults", "all")),
                        smallNumber(values, "servers", "3"),
                        smallNumber(values, "regions", "4"),
                        smallNumber(values, "clients", "4"),
                        smallNumber(values, "rate", "400"),
                        values.getOrDefault(
                                "reads",
                                READS.get(new SplittableRandom(seed).nextInt(READS.size()))),
                        Path.of(values.getOrDefault("report", "torture-report")).toAbsolutePath());
        values.keySet()
                .removeAll(
                        Set.of(
                                "seed", "minutes", "faults", "servers", "regions", "clients",
                                "rate", "reads", "report"));
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + values.keySet());
        }
        return options;
    }

    private static int smallNumber(Map<String, String> values, String name, String otherwise) {
        long number = number(values, name, otherwise);
        check(name, number, 0, Integer.MAX_VALUE);
        return (int) number;
    }

    private static long number(Map<String, String> values, String name, String otherwise) {
        String text = values.getOrDefault(name, otherwise);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--" + name + " needs a number, not " + text, e);
        }
    }
}
