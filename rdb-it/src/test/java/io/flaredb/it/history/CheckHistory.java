package io.flaredb.it.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Checks histories kept in files, with a {@link HistoryFile} each. Exit codes: 0 all are
 * linearizable, 1 a file can't be read, 2 one is not linearizable, 3 none of that but one is
 * undecided.
 */
public final class CheckHistory {
    private CheckHistory() {}

    /**
     * @param args the timeout of each file in seconds, then the files
     */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: CheckHistory TIMEOUT-SECONDS FILE...");
            System.exit(1);
        }
        Duration timeout = Duration.ofSeconds(Long.parseLong(args[0]));
        // One key may use half of the heap: the history needs room too.
        Limits limits = new Limits(timeout, Runtime.getRuntime().maxMemory() / 2);
        boolean wrong = false;
        boolean undecided = false;
        for (int i = 1; i < args.length; i++) {
            Report report = HistoryFile.check(Path.of(args[i]), limits);
            System.out.print(args[i] + " " + report);
            wrong |= report.verdict() == Report.Verdict.VIOLATION;
            undecided |= report.verdict() == Report.Verdict.UNDECIDED;
        }
        if (wrong) {
            System.exit(2);
        }
        System.exit(undecided ? 3 : 0);
    }
}
