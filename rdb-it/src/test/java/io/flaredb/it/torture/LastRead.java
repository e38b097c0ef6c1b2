package io.flaredb.it.torture;

import io.flaredb.it.history.Operation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the read at the end of a run found. */
final class LastRead {
    private LastRead() {}

    /** The answer to the operation that was called last; empty: it has none. */
    static <I, O> Optional<O> of(List<Operation<I, O>> history) {
        return history.stream()
                .max(Comparator.comparingLong(Operation::calledAt))
                .filter(operation -> operation.client() >= Workload.READER_AT_THE_END)
                .flatMap(Operation::output);
    }
}
