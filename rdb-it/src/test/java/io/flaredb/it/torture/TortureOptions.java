package io.flaredb.it.torture;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run is to do.
 *
 * @param seed decides faults and operations, as far as threads allow
 * @param duration of load and faults; start, last recovery and checks come on top
 * @param servers 3 to 5, which is how many replicas regions have
 * @param regions 1 to 9
 * @param clients each with connections of its own, 1 to 16
 * @param rate operations per second of all clients together, at most
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
        Path report) {
    TortureOptions {
        check("servers", servers, 3, 5);
        check("regions", regions, 1, 9);
        check("clients", clients, 1, 16);
        check("rate", rate, 10, 20_000);
        check("minutes", duration.toMinutes(), 1, 24 * 60);
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
        TortureOptions options =
                new TortureOptions(
                        number(values, "seed", Long.toString(System.nanoTime())),
                        Duration.ofMinutes(number(values, "minutes", "6")),
                        FaultClass.parse(values.getOrDefault("faults", "all")),
                        (int) number(values, "servers", "3"),
                        (int) number(values, "regions", "4"),
                        (int) number(values, "clients", "4"),
                        (int) number(values, "rate", "400"),
                        Path.of(values.getOrDefault("report", "torture-report")).toAbsolutePath());
        values.keySet()
                .removeAll(
                        Set.of(
                                "seed", "minutes", "faults", "servers", "regions", "clients",
                                "rate", "report"));
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + values.keySet());
        }
        return options;
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
