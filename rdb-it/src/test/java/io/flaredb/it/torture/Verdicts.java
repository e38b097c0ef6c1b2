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
import java.util.stream.Stream;

/**
 * What the histories of all keys tell.
 *
 * @param undecided keys that took the checker too long, twice
 */
record Verdicts(int keys, int operations, Set<String> undecided) {
    private static final long CHECKER_BYTES = 256L << 20;

    /** A look at one key's history that needs no search. */
    interface Audit<I, O> {
        void check(String key, List<Operation<I, O>> history, Problems problems);
    }

    /**
     * Checks all histories, tells of problems, and keeps the histories of keys that have any.
     *
     * @param most time for the search, and as much again for keys that it leaves undecided
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
                        limits,
                        problems,
                        report);
        Set<String> undecided = new TreeSet<>(cas.undecided);
        undecided.addAll(raw.undecided);
        return new Verdicts(cas.keys + raw.keys, cas.operations + raw.operations, undecided);
    }

    /**
     * Checks the histories of one kind of keys.
     *
     * @param limits of the search
     * @param again of a second one, of the keys that the first leaves undecided
     */
    static <S, I, O> Verdicts check(
            Model<S, I, O> model,
            HistoryFile<I, O> file,
            List<Operation<I, O>> history,
            Audit<I, O> audit,
            Limits limits,
            Limits again,
            Problems problems,
            Path folder)
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
        Report first = new Linearizability<>(model, limits).check(history);
        Set<String> open = undecided(first);
        // Few, if any: each has much more time than it had among all.
        Report second =
                new Linearizability<>(model, again)
                        .check(history.stream().filter(it -> open.contains(it.key())).toList());
        Stream.of(first, second)
                .flatMap(report -> report.violations().stream())
                .forEach(violation -> {
                    problems.report(Kind.VIOLATION, violation.toString());
                    toKeep.add(violation.key());
                });
        Set<String> undecided = undecided(second);
        toKeep.addAll(undecided);
        for (String key : toKeep) {
            String name = key.replace('/', '-') + ".history";
            file.write(folder.resolve(name), byKey.getOrDefault(key, List.of()));
        }
        return new Verdicts(byKey.size(), history.size(), undecided);
    }

    private static Set<String> undecided(Report report) {
        return report.undecided().stream()
                .map(Report.Undecided::key)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
