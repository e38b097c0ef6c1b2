package io.flaredb.peers;

import io.flaredb.bench.Workload;
import io.flaredb.peers.load.Cell;
import io.flaredb.peers.load.LoadArguments;
import io.flaredb.peers.system.PeerSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What is measured.
 *
 * @param rounds how often each system has its turn
 * @param warmUp of a client and its servers, before the first load of a turn is measured
 * @param settling how long each load runs right before it is measured
 * @param duration how long each load is measured
 * @param nodes servers of each system
 * @param valueBytes size of each value
 * @param keys how many raw and how many versioned keys there are
 */
record Plan(
        int rounds,
        Duration warmUp,
        Duration settling,
        Duration duration,
        int nodes,
        List<Workload> workloads,
        List<Integer> inFlight,
        int valueBytes,
        int keys) {
    /** For starting, and for whatever a busy machine adds. */
    private static final Duration SPARE = Duration.ofMinutes(5);

    /** For writing one, raw and versioned, to the slowest of systems. */
    private static final Duration EACH_KEY = Duration.ofMillis(2);

    private static final long SEED = 1;

    Plan {
        if (rounds < 1 || nodes < 1 || nodes > 7 || valueBytes < 1) {
            throw new IllegalArgumentException(
                    "rounds, nodes and value size are %d, %d and %d: allowed are 1 and more, up to 7"
                                    .formatted(rounds, nodes, valueBytes)
                            + " nodes");
        }
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("seconds: above 0");
        }
        if (warmUp.isNegative() || settling.isNegative()) {
            throw new IllegalArgumentException("warm-up and settle: 0 and more seconds");
        }
        workloads = List.copyOf(workloads);
        inFlight = List.copyOf(inFlight);
        if (Set.copyOf(workloads).size() < workloads.size()
                || Set.copyOf(inFlight).size() < inFlight.size()) {
            throw new IllegalArgumentException("workloads and in-flight: each once");
        }
        int most = inFlight.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (workloads.isEmpty() || most < 1 || most > keys) {
            throw new IllegalArgumentException(
                    "at least one workload, and in flight at least 1 and no more than the "
                            + keys
                            + " keys");
        }
    }

    /** The loads that a system can take. */
    List<Cell> cells(PeerSystem system) {
        List<Cell> cells = new ArrayList<>();
        for (Workload workload : workloads) {
            if (system.supports(workload)) {
                inFlight.forEach(each -> cells.add(new Cell(workload, each)));
            }
        }
        return cells;
    }

    LoadArguments load(List<String> addresses, List<Cell> cells) {
        return new LoadArguments(
                addresses, cells, duration, warmUp, settling, valueBytes, keys, SEED);
    }

    /** After which a client process hangs. */
    Duration longestTurn(int cells) {
        return duration.plus(settling)
                .multipliedBy(cells)
                .plus(warmUp)
                .plus(EACH_KEY.multipliedBy(keys))
                .plus(SPARE);
    }
}
