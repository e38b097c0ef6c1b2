package io.flaredb.peers.report;

import io.flaredb.peers.load.Cell;
import io.flaredb.peers.load.CellResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The report as text: Markdown whose columns line up, so that it also reads well on a terminal.
 * Grows as it is measured; for one thread.
 */
public final class Report {
    private static final String OURS = "flaredb";
    private static final List<String> HEAD =
            List.of(
                    "load",
                    "in flight",
                    "system",
                    "ops/s",
                    "min..max",
                    "p50 us",
                    "p99 us",
                    "FlareDB is",
                    "min..max",
                    "rounds");

    private final Samples samples = new Samples();
    private final List<String> about;
    private final Map<String, String> missing;
    private final List<String> failures = new ArrayList<>();

    /**
     * @param about one line each: how it was measured, and on what
     * @param missing systems that were not measured, and why
     */
    public Report(List<String> about, Map<String, String> missing) {
        this.about = List.copyOf(about);
        this.missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
    }

    /** What was measured, to be added to. */
    public Samples samples() {
        return samples;
    }

    List<String> about() {
        return about;
    }

    Map<String, String> missing() {
        return missing;
    }

    /** Notes that a turn was not measured, or not all of it. */
    public void failed(String what) {
        failures.add(what);
    }

    /** What was noted so. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** The whole text. */
    public String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# FlareDB and its peers");
        lines.add("");
        about.forEach(line -> lines.add("- " + line));
        missing.forEach((name, why) -> lines.add("- skipped " + name + ": " + why));
        failures.forEach(each -> lines.add("- FAILED: " + each));
        notes().forEach(note -> lines.add("- " + note));
        lines.add("");
        lines.addAll(table());
        lines.add("");
        return String.join("\n", lines);
    }

    /** What went wrong in loads that were measured: then their figures say little. */
    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (String system : samples.systems()) {
            for (Cell cell : samples.cells()) {
                samples.rounds(system, cell)
                        .forEach((round, result) -> {
                            if (result.failures() > 0 || result.conflicts() > 0) {
                                notes.add(note(system, cell, round, result));
                            }
                        });
            }
        }
        return notes;
    }

    private static String note(String system, Cell cell, int round, CellResult result) {
        String why = result.firstFailure() == null ? "" : "; " + result.firstFailure();
        return "%s, %s, round %d: %d failures, %d conflicts%s"
                .formatted(system, cell, round, result.failures(), result.conflicts(), why);
    }

    private List<String> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Cell cell : samples.cells()) {
            for (String system : samples.systems()) {
                samples.spread(system, cell, CellResult::perSecond)
                        .ifPresent(throughput -> rows.add(row(cell, system, throughput)));
            }
        }
        return aligned(rows);
    }

    private List<String> row(Cell cell, String system, Spread throughput) {
        Optional<Spread> ratio =
                system.equals(OURS) ? Optional.empty() : samples.ratio(OURS, system, cell);
        return List.of(
                cell.workload().name().toLowerCase(Locale.ROOT),
                Integer.toString(cell.inFlight()),
                system,
                whole(throughput.median()),
                whole(throughput.min()) + ".." + whole(throughput.max()),
                median(system, cell, CellResult::p50Micros),
                median(system, cell, CellResult::p99Micros),
                ratio.map(each -> times(each.median()) + "x").orElse("-"),
                ratio.map(each -> times(each.min()) + ".." + times(each.max())).orElse("-"),
                Integer.toString(samples.rounds(system, cell).size()));
    }

    private String median(String system, Cell cell, ToDoubleFunction<CellResult> figure) {
        return samples.spread(system, cell, figure).map(each -> whole(each.median())).orElse("-");
    }

    private static String whole(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    private static String times(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** The first row is the head; columns of figures are flush right. */
    private static List<String> aligned(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < HEAD.size(); i++) {
            int column = i;
            widths.add(rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow());
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("|");
            for (int i = 0; i < row.size(); i++) {
                String text = row.get(i);
                String padding = " ".repeat(widths.get(i) - text.length());
                line.append(' ').append(isText(i) ? text + padding : padding + text).append(" |");
            }
            lines.add(line.toString());
        }
        StringBuilder rule = new StringBuilder("|");
        for (int i = 0; i < HEAD.size(); i++) {
            String dashes = "-".repeat(widths.get(i) + 1);
            rule.append(isText(i) ? dashes + "-" : dashes + ":").append('|');
        }
        lines.add(1, rule.toString());
        return lines;
    }

    private static boolean isText(int column) {
        return column == 0 || column == 2;
    }
}
