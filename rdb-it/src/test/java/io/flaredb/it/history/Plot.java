package io.flaredb.it.history;

import java.util.ArrayList;
import java.util.List;

/** Writes a history of one key by hand; its clock goes on by one with each event. */
final class Plot<I, O> {
    /** An operation whose answer comes later in the plot, or never. */
    final class Open {
        private final long calledAt = ++time;
        private final I input;
        private final int slot = operations.size();

        private Open(I input) {
            this.input = input;
            operations.add(Operation.unknown(slot, "key", calledAt, input));
        }

        Plot<I, O> returns(O output) {
            operations.set(slot, Operation.returned(slot, "key", calledAt, ++time, input, output));
            return Plot.this;
        }
    }

    private final List<Operation<I, O>> operations = new ArrayList<>();
    private long time;

    /** An operation that ends before the next event. */
    Plot<I, O> then(I input, O output) {
        return call(input).returns(output);
    }

    /** An operation whose outcome nobody ever learns. */
    Plot<I, O> unknown(I input) {
        call(input);
        return this;
    }

    Open call(I input) {
        return new Open(input);
    }

    List<Operation<I, O>> history() {
        return List.copyOf(operations);
    }
}
