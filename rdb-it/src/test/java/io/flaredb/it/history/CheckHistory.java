package io.flaredb.it.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Checks histories kept in files: each a {@link HistoryFile}, or a {@link JepsenLog}. The command
 * behind {@code scripts/check-history.sh}. Exit codes, of several the first that applies: 2 the
 * arguments are wrong, 3 a file can't be read or is no history, 1 one is not linearizable, 4 one is
 * undecided, 0 all are linearizable.
 */
public final class CheckHistory {
    static final int WRONG_USAGE = 2;
    static final int UNREADABLE = 3;
    static final int NOT_LINEARIZABLE = 1;
    static final int UNDECIDED = 4;

    private CheckHistory() {}

    /**
     * @param args the timeout of each file in seconds, then the files
     */
    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    /** Prints a line for each file, and below it what is wrong with it; returns the exit code. */
    @SuppressWarnings("SystemOut") // it is a command
    static int run(List<String> args) {
        Optional<Duration> timeout = args.isEmpty() ? Optional.empty() : timeout(args.getFirst());
        if (timeout.isEmpty() || args.size() < 2) {
            System.err.println(
                    "check-history: needs a timeout of 1 to 86400 seconds, and files: "
                            + String.join(" ", args));
            return WRONG_USAGE;
        }
        // One key may use half of the heap: the history needs room too.
        Limits limits = new Limits(timeout.get(), Runtime.getRuntime().maxMemory() / 2);
        boolean unreadable = false;
        boolean wrong = false;
        boolean undecided = false;
        for (String file : args.subList(1, args.size())) {
            try {
                Report report = check(Path.of(file), limits);
                System.out.print(file + " " + report);
                wrong |= report.verdict() == Report.Verdict.VIOLATION;
                undecided |= report.verdict() == Report.Verdict.UNDECIDED;
            } catch (IOException | IllegalArgumentException e) {
                System.err.println("check-history: " + file + " can't be read: " + reason(e));
                unreadable = true;
            }
        }
        if (unreadable) {
            return UNREADABLE;
        }
        if (wrong) {
            return NOT_LINEARIZABLE;
        }
        return undecided ? UNDECIDED : 0;
    }

    private static Optional<Duration> timeout(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1
                ? Optional.of(Duration.ofSeconds(Integer.parseInt(text)))
                        .filter(each -> each.toDays() < 1 || each.equals(Duration.ofDays(1)))
                : Optional.empty();
    }

    private static Report check(Path file, Limits limits) throws IOException {
        if (HistoryFile.isOne(file)) {
            return HistoryFile.check(file, limits);
        }
        List<Operation<EtcdRegister.Input, EtcdRegister.Output>> log =
                JepsenLog.parse(Files.readAllLines(file));
        if (log.isEmpty()) {
            throw new IOException("no operations");
        }
        return new Linearizability<>(new EtcdRegister(), limits).check(log);
    }

    /** Those of files that are not there have nothing but the name as their message. */
    private static String reason(Exception e) {
        String what = e.getClass().getSimpleName() + ": " + e.getMessage();
        return !(e instanceof IOException) || e.getCause() == null
                ? what
                : what + ": " + e.getCause().getMessage();
    }
}
