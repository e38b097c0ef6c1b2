package io.flaredb.it.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records a history of clients that use one register in a random order of calls, effects and
 * returns. Some never learn how an operation ended, and its effect comes much later, or never.
 */
final class Interleaving<S, I, O> {
    private final class Pending {
        final int client;
        final long calledAt;
        final I input;
        @Nullable O output; // null: no effect yet

        Pending(int client, long calledAt, I input) {
            this.client = client;
            this.calledAt = calledAt;
            this.input = input;
        }
    }

    private final Register<S, I, O> register;
    private final Function<S, I> inputs;
    private final Random random;
    private final int unknownPercent;
    private final List<Operation<I, O>> history = new ArrayList<>();
    private final List<Pending> late = new ArrayList<>(); // effect of an unknown one still to come
    private S state;
    private long time;

    /**
     * @param inputs a random next input, given the register's state
     */
    Interleaving(
            Register<S, I, O> register, Function<S, I> inputs, Random random, int unknownPercent) {
        this.register = register;
        this.inputs = inputs;
        this.random = random;
        this.unknownPercent = unknownPercent;
        this.state = register.initial();
    }

    /** A linearizable history of one key, in the order of returns. */
    List<Operation<I, O>> record(int clients, int operations) {
        List<Optional<Pending>> busy = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            busy.add(Optional.empty());
        }
        while (history.size() < operations) {
            int client = random.nextInt(clients);
            busy.set(client, goOn(client, busy.get(client)));
            if (!late.isEmpty() && random.nextInt(8) == 0) {
                takeEffect(late.remove(random.nextInt(late.size())));
            }
        }
        busy.forEach(open -> open.ifPresent(this::forget));
        return List.copyOf(history);
    }

    private Optional<Pending> goOn(int client, Optional<Pending> current) {
        if (current.isEmpty()) {
            return Optional.of(new Pending(client, ++time, inputs.apply(state)));
        }
        Pending pending = current.get();
        if (pending.output != null) {
            history.add(
                    Operation.returned(
                            client,
                            "key",
                            pending.calledAt,
                            ++time,
                            pending.input,
                            pending.output));
            return Optional.empty();
        }
        if (random.nextInt(100) < unknownPercent) {
            forget(pending);
            if (random.nextBoolean()) {
                late.add(pending);
            }
            return Optional.empty();
        }
        takeEffect(pending);
        if (random.nextInt(100) < unknownPercent) {
            forget(pending);
            return Optional.empty();
        }
        return current;
    }

    private void takeEffect(Pending pending) {
        List<Register.Way<S, O>> ways = register.ways(state, pending.input);
        Register.Way<S, O> way = ways.get(random.nextInt(ways.size()));
        state = way.after();
        pending.output = way.output();
    }

    private void forget(Pending pending) {
        history.add(Operation.unknown(pending.client, "key", pending.calledAt, pending.input));
    }
}
