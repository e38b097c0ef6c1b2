package io.flaredb.peers.report;

import io.flaredb.peers.load.Cell;
import io.flaredb.peers.load.CellResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What was measured, by system, load and round. For one thread. */
public final class Samples {
    private final Map<String, Map<Cell, Map<Integer, CellResult>>> bySystem = new LinkedHashMap<>();

    /** Adds a result; one for the same system, load and round is replaced. */
    public void add(String system, int round, CellResult result) {
        bySystem.computeIfAbsent(system, name -> new TreeMap<>())
                .computeIfAbsent(Cell.parse(result.cell()), cell -> new TreeMap<>())
                .put(round, result);
    }

    /** The systems that were measured at all. */
    public List<String> systems() {
        return List.copyOf(bySystem.keySet());
    }

    /** The loads that anything was measured with, by workload and operations in flight. */
    public List<Cell> cells() {
        return bySystem.values().stream()
                .flatMap(cells -> cells.keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** By round; empty if nothing was measured. */
    public Map<Integer, CellResult> rounds(String system, Cell cell) {
        return bySystem.getOrDefault(system, Map.of()).getOrDefault(cell, Map.of());
    }

    /** One figure over all rounds; empty if nothing was measured. */
    public Optional<Spread> spread(String system, Cell cell, ToDoubleFunction<CellResult> figure) {
        List<Double> values = new ArrayList<>();
        rounds(system, cell).values().forEach(each -> values.add(figure.applyAsDouble(each)));
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /**
     * How many times the throughput of one system is that of another, each round by itself: what
     * disturbs the machine for a while then disturbs both. Empty if they share no round in which
     * the other got anything done.
     */
    public Optional<Spread> ratio(String system, String other, Cell cell) {
        List<Double> ratios = new ArrayList<>();
        Map<Integer, CellResult> others = rounds(other, cell);
        rounds(system, cell)
                .forEach((round, result) -> {
                    CellResult against = others.get(round);
                    if (against != null && against.perSecond() > 0) {
                        ratios.add(result.perSecond() / against.perSecond());
                    }
                });
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }
}
