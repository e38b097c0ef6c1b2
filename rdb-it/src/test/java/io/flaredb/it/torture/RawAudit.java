package io.flaredb.it.torture;

import io.flaredb.it.history.Operation;
import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import io.flaredb.it.torture.Problems.Kind;
import java.util.List;
import java.util.Optional;

/**
 * Looks at what clients were told of one raw key without any search: what the last read finds was
 * written, and no acknowledged write began after that one had returned.
 */
final class RawAudit {
    private RawAudit() {}

    /**
     * @param history of one key; the operation that returned last is a read of the recovered
     *     cluster, after all others
     */
    static void check(String key, List<Operation<Input, Output>> history, Problems problems) {
        Optional<Output> last = LastRead.of(history);
        if (last.isEmpty()) {
            problems.report(Kind.NOT_RECOVERED, key + " can't be read");
            return;
        }
        Optional<String> value =
                last.get() instanceof Output.Found(var found) ? found : Optional.empty();
        long lastAcknowledged =
                history.stream()
                        .filter(each -> !each.isUnknown() && isWrite(each.input()))
                        .mapToLong(Operation::calledAt)
                        .max()
                        .orElse(-1);
        boolean isExplained =
                (value.isEmpty() && lastAcknowledged < 0)
                        || history.stream()
                                .filter(each -> leaves(each.input(), value))
                                .anyMatch(each -> each.returnedAt() >= lastAcknowledged);
        if (!isExplained) {
            problems.report(
                    Kind.LOST,
                    "%s: a write called at %d was acknowledged, the end is %s"
                            .formatted(key, lastAcknowledged, value));
        }
    }

    private static boolean isWrite(Input input) {
        return switch (input) {
            case Input.Get get -> false;
            case Input.Put put -> true;
            case Input.Delete delete -> true;
        };
    }

    private static boolean leaves(Input input, Optional<String> value) {
        return switch (input) {
            case Input.Get get -> false;
            case Input.Put put -> value.equals(Optional.of(put.value()));
            case Input.Delete delete -> value.isEmpty();
        };
    }
}
