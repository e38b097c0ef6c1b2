package io.flaredb.it.torture;

import io.flaredb.it.torture.Problems.Kind;
import io.flaredb.it.torture.Tally.End;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of a run.
 *
 * @param installations how often a replica got a whole region from another server
 */
record TortureReport(
        TortureOptions options,
        Tally tally,
        TimeLine timeLine,
        Problems problems,
        Verdicts verdicts,
        long installations) {
    /** What all verdicts come to. */
    enum Outcome {
        /** All hold. */
        HOLDS,
        /** One at least does not hold. */
        BROKEN,
        /** Nothing wrong was found, but keys took the checker too long. */
        UNDECIDED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Outcome outcome() {
        if (!problems.none()) {
            return Outcome.BROKEN;
        }
        return verdicts.undecided().isEmpty() ? Outcome.HOLDS : Outcome.UNDECIDED;
    }

    /** One line, to be searched for. */
    String summary() {
        return ("torture: seed=%d minutes=%d tried=%d acknowledged=%d unknown=%d failed=%d"
                        + " resolved=%d"
                        + " timestamps=%d faults=%s installations=%d keys=%d violations=%d lost=%d doubled=%d"
                        + " reused-versions=%d repeated-timestamps=%d undecided=%d replicas=%s"
                        + " needed-pd=%d unexpected=%d longest-gap-ms=%d verdict=%s")
                .formatted(
                        options.seed(),
                        options.duration().toMinutes(),
                        tally.tried(),
                        tally.of(End.ACKNOWLEDGED),
                        tally.of(End.UNKNOWN),
                        tally.of(End.FAILED),
                        tally.resolvedSoFar(),
                        tally.of(Tally.Kind.TIMESTAMPS, End.ACKNOWLEDGED),
                        timeLine.summary(),
                        installations,
                        verdicts.keys(),
                        problems.count(Kind.VIOLATION),
                        problems.count(Kind.LOST),
                        problems.count(Kind.DOUBLED),
                        problems.count(Kind.REUSED_VERSION),
                        problems.count(Kind.REPEATED_TIMESTAMP),
                        verdicts.undecided().size(),
                        replicas(),
                        problems.count(Kind.NEEDED_PD),
                        problems.count(Kind.UNEXPECTED_ERROR) + problems.count(Kind.UNEXPECTED_END),
                        tally.longestGapMillis(),
                        outcome());
    }

    private String replicas() {
        if (problems.count(Kind.REPLICAS_DIFFER) > 0) {
            return "different";
        }
        return problems.count(Kind.NOT_RECOVERED) > 0 ? "not-whole" : "equal";
    }

    /** Writes {@code report.md} and {@code availability.png}. */
    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Torture, seed " + options.seed());
        lines.add("");
        lines.add(
                switch (outcome()) {
                    case HOLDS -> "All verdicts hold.";
                    case BROKEN -> "**Not all verdicts hold.**";
                    case UNDECIDED -> "**Undecided:** some keys took the checker too long.";
                });
        lines.add("");
        lines.add("`" + summary() + "`");
        lines.add("");
        lines.add("![availability](availability.png)");
        lines.add("");
        operations(lines);
        faults(lines);
        verdicts(lines);
        lines.add("## Time line");
        lines.add("");
        lines.add("```");
        lines.addAll(timeLine.lines());
        lines.add("```");
        Files.write(options.report().resolve("report.md"), lines);
        new AvailabilityPlot(tally.perSecond(), timeLine.spans())
                .write(options.report().resolve("availability.png"));
    }

    private void operations(List<String> lines) {
        lines.add("## Operations");
        lines.add("");
        lines.add("| kind | tried | acknowledged | unknown | failed |");
        lines.add("|---|---|---|---|---|");
        for (Tally.Kind kind : Tally.Kind.values()) {
            long acknowledged = tally.of(kind, End.ACKNOWLEDGED);
            long unknown = tally.of(kind, End.UNKNOWN);
            long failed = tally.of(kind, End.FAILED);
            lines.add(
                    "| %s | %d | %d | %d | %d |"
                            .formatted(
                                    kind,
                                    acknowledged + unknown + failed,
                                    acknowledged,
                                    unknown,
                                    failed));
        }
        lines.add("");
        lines.add(
                "Writes of unknown outcome that were resolved, and count as what they turned out to"
                        + " be: %d.".formatted(tally.resolvedSoFar()));
        lines.add("");
        lines.add(
                "Longest time without an acknowledged operation: %d ms."
                        .formatted(tally.longestGapMillis()));
        lines.add("");
    }

    private void faults(List<String> lines) {
        lines.add("## Faults");
        lines.add("");
        lines.add("Whole regions were sent to replicas %d times.".formatted(installations));
        lines.add("");
        lines.add("| class | injected |");
        lines.add("|---|---|");
        timeLine.counts()
                .forEach((fault, count) ->
                        lines.add("| %s | %d |".formatted(fault.option(), count)));
        lines.add("");
    }

    private void verdicts(List<String> lines) {
        lines.add("## Verdicts");
        lines.add("");
        lines.add("| what must not be | found |");
        lines.add("|---|---|");
        for (Kind kind : Kind.values()) {
            lines.add("| %s | %d |".formatted(kind, problems.count(kind)));
        }
        lines.add("");
        lines.add(
                "%d operations on %d keys were checked; undecided: %d %s"
                        .formatted(
                                verdicts.operations(),
                                verdicts.keys(),
                                verdicts.undecided().size(),
                                verdicts.undecided()));
        lines.add("");
        if (!problems.none()) {
            lines.add("```");
            lines.addAll(problems.all());
            lines.add("```");
            lines.add("");
        }
    }
}
