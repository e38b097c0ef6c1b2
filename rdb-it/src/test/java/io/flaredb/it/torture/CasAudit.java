package io.flaredb.it.torture;

import io.flaredb.it.history.Operation;
import io.flaredb.it.history.VersionedRegister.Input;
import io.flaredb.it.history.VersionedRegister.Output;
import io.flaredb.it.torture.Problems.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at what clients were told of one versioned key without any search, so that it neither errs
 * as the checker might nor gives up: values are unique, so each has one version and each version
 * one value, for ever; and the last read shows no version below one that was acknowledged.
 */
final class CasAudit {
    private final String key;
    private final Problems problems;
    private final Map<String, Long> versionOf = new HashMap<>();
    private final Map<Long, String> valueOf = new HashMap<>();
    private long highestAcknowledged;
    private long highestDelete;

    private CasAudit(String key, Problems problems) {
        this.key = key;
        this.problems = problems;
    }

    /**
     * @param history of one key; the operation that returned last is a read of the recovered
     *     cluster, after all others
     */
    static void check(String key, List<Operation<Input, Output>> history, Problems problems) {
        CasAudit audit = new CasAudit(key, problems);
        history.forEach(audit::see);
        LastRead.of(history)
                .ifPresentOrElse(
                        audit::compare,
                        () -> problems.report(Kind.NOT_RECOVERED, key + " can't be read"));
    }

    private void see(Operation<Input, Output> operation) {
        if (operation.isUnknown()) {
            if (operation.input() instanceof Input.Delete(long expected)) {
                highestDelete = max(highestDelete, expected);
            }
            return;
        }
        switch (operation.output().orElseThrow()) {
            case Output.Found(long version, String value) -> holds(version, value);
            case Output.Conflict conflict ->
                    conflict.value().ifPresent(value -> holds(conflict.version(), value));
            case Output.Absent absent -> {}
            case Output.At at -> {} // of the value that it is of nothing is told
            case Output.Swapped(long version) -> swapped(operation.input(), version);
        }
    }

    private void swapped(Input input, long version) {
        switch (input) {
            case Input.Put put -> {
                holds(version, put.value());
                highestAcknowledged = max(highestAcknowledged, version);
            }
            case Input.Delete delete ->
                    highestDelete = max(highestDelete, delete.expectedVersion());
            case Input.Get get ->
                    problems.report(Kind.UNEXPECTED_ERROR, key + ": a read has swapped");
        }
    }

    private void holds(long version, String value) {
        Long otherVersion = versionOf.putIfAbsent(value, version);
        if (otherVersion != null && otherVersion != version) {
            problems.report(
                    Kind.DOUBLED,
                    "%s: %s is version %d and %d".formatted(key, value, otherVersion, version));
        }
        String otherValue = valueOf.putIfAbsent(version, value);
        if (otherValue != null && !otherValue.equals(value)) {
            problems.report(
                    Kind.REUSED_VERSION,
                    "%s: version %d is %s and %s".formatted(key, version, otherValue, value));
        }
    }

    private void compare(Output last) {
        boolean lost =
                switch (last) {
                    case Output.Found(long version, String value) ->
                            isBelow(version, highestAcknowledged);
                    case Output.Absent absent -> isBelow(highestDelete, highestAcknowledged);
                    case Output.Swapped swapped -> true;
                    case Output.Conflict conflict -> true;
                    case Output.At at -> true;
                };
        if (lost) {
            problems.report(
                    Kind.LOST,
                    "%s: version %d was acknowledged, deletes went up to %d, the end is %s"
                            .formatted(key, highestAcknowledged, highestDelete, last));
        }
    }

    private static boolean isBelow(long version, long other) {
        return Long.compareUnsigned(version, other) < 0;
    }

    private static long max(long version, long other) {
        return isBelow(version, other) ? other : version;
    }
}
