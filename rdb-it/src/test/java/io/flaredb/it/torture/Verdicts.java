package io.flaredb.it.torture;

import io.flaredb.it.history.HistoryFile;
import io.flaredb.it.history.Limits;
import io.flaredb.it.history.Linearizability;
import io.flaredb.it.history.Model;
import io.flaredb.it.history.Operation;
import io.flaredb.it.history.RawRegister;
import io.flaredb.it.history.Report;
import io.flaredb.it.history.VersionedRegister;
import io.flaredb.it.torture.Problems.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the histories of all keys tell.
 *
 * @param undecided keys that took the checker too long
 */
record Verdicts(int keys, int operations, Set<String> undecided) {
    private static final long CHECKER_BYTES = 256L << 20;

    /** Of several runs' worth of keys. */
    private static final double MOST_UNDECIDED = 0.01;

    /** A look at one key's history that needs no search. */
    private interface Audit<I, O> {
        void check(String key, List<Operation<I, O>> history, Problems problems);
    }

    /**
     * Checks all histories, tells of problems, and keeps the histories of keys that have any.
     *
     * @param most time for the search
     * @param report where to keep them
     */
    static Verdicts of(Workload workload, Duration most, Problems problems, Path report)
            throws IOException {
        Limits limits = new Limits(most.dividedBy(2), CHECKER_BYTES);
        Verdicts cas =
                check(
                        new VersionedRegister(),
                        HistoryFile.versioned(),
                        workload.casHistory().history(),
                        CasAudit::check,
                        limits,
                        problems,
                        report);
        Verdicts raw =
                check(
                        new RawRegister(),
                        HistoryFile.raw(),
                        workload.rawHistory().history(),
                        RawAudit::check,
                        limits,
                        problems,
                        report);
        Set<String> undecided = new TreeSet<>(cas.undecided);
        undecided.addAll(raw.undecided);
        return new Verdicts(cas.keys + raw.keys, cas.operations + raw.operations, undecided);
    }

    private static <S, I, O> Verdicts check(
            Model<S, I, O> model,
            HistoryFile<I, O> file,
            List<Operation<I, O>> history,
            Audit<I, O> audit,
            Limits limits,
            Problems problems,
            Path report)
            throws IOException {
        Map<String, List<Operation<I, O>>> byKey =
                history.stream()
                        .collect(
                                Collectors.groupingBy(
                                        Operation::key, TreeMap::new, Collectors.toList()));
        Set<String> toKeep = new TreeSet<>();
        byKey.forEach((key, operations) -> {
            int before = problems.all().size();
            audit.check(key, operations, problems);
            if (problems.all().size() > before) {
                toKeep.add(key);
            }
        });
        Report found = new Linearizability<>(model, limits).check(history);
        found.violations()
                .forEach(violation -> {
                    problems.report(Kind.VIOLATION, violation.toString());
                    toKeep.add(violation.key());
                });
        Set<String> undecided =
                found.undecided().stream()
                        .map(Report.Undecided::key)
                        .collect(Collectors.toCollection(TreeSet::new));
        toKeep.addAll(undecided);
        for (String key : toKeep) {
            String name = key.replace('/', '-') + ".history";
            file.write(report.resolve(name), byKey.getOrDefault(key, List.of()));
        }
        return new Verdicts(byKey.size(), history.size(), undecided);
    }

    boolean isUndecided() {
        return undecided.size() > MOST_UNDECIDED * keys;
    }
}
