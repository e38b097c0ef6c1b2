package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The rules of versions and of numbered writes over restarts, crashes and installations: the
 * versions of a key only grow and none is handed out twice, a write that comes again comes to what
 * it came to first, and replicas that have applied the same log hold the same.
 *
 * <p>The seed is printed; {@code @Property(seed = "...")} replays it.
 */
class VersionRulesTest {
    private static final int SESSIONS = 4;
    private static final long SESSION_MILLIS = 10;

    sealed interface Step {}

    record Plain(Draft draft) implements Step {}

    /**
     * @param below how far the lowest sequence in flight is below this one
     * @param tick by how much the leader's clock has moved
     */
    record Numbered(int session, int sequence, int below, int tick, Draft draft) implements Step {}

    record Settle(int session, int sequence) implements Step {}

    record ForgetIdle(int since) implements Step {}

    record CatchUp(int replica, int batchEntries) implements Step {}

    record Flush(int replica) implements Step {}

    record Restart(int replica) implements Step {}

    record Crash(int replica) implements Step {}

    record Install(int from) implements Step {}

    enum Kind {
        SWAP,
        DELETE,
        CHECK
    }

    /**
     * A change of one key or a batch of several, whose expected versions are not known before its
     * turn.
     *
     * @param kinds of "a", "b" and so on, from {@code first}; one alone is no batch
     * @param offset added to the last one's current version: 0 makes it succeed
     */
    record Draft(int first, List<Kind> kinds, long offset) {
        Command command(ModelStore model, Bytes value) {
            List<CasStep> steps = new ArrayList<>();
            for (int i = 0; i < kinds.size(); i++) {
                Bytes key = Bytes.utf8(String.valueOf((char) ('a' + first + i)));
                long version = model.version(key) + (i == kinds.size() - 1 ? offset : 0);
                long expected = Math.max(0, version);
                steps.add(
                        switch (kinds.get(i)) {
                            case SWAP -> new CasStep.Swap(key, expected, value);
                            case DELETE -> new CasStep.Delete(key, expected);
                            case CHECK -> new CasStep.Check(key, expected);
                        });
            }
            return steps.size() > 1 ? new Command.CasBatch(steps) : single(steps.getFirst());
        }

        private static Command single(CasStep step) {
            return switch (step) {
                case CasStep.Swap(var key, var expected, var value) ->
                        new Command.CompareAndSwap(key, expected, value);
                case CasStep.Delete(var key, var expected) ->
                        new Command.CompareAndDelete(key, expected);
                case CasStep.Check check -> new Command.CasBatch(List.of(check));
            };
        }
    }

    /** The log's writer: decides by the models what each entry must come to. */
    private static final class Leader {
        private final ModelStore model = new ModelStore();
        private final ModelRequests requests = new ModelRequests();
        private final Map<RequestId, Command> sent = new HashMap<>();
        private final Map<Bytes, Long> highest = new HashMap<>();
        private final TwoReplicas replicas;
        private long clock = SESSIONS * SESSION_MILLIS;
        private int values;

        Leader(TwoReplicas replicas) {
            this.replicas = replicas;
        }

        void take(Step step) {
            switch (step) {
                case Plain(var draft) -> plain(command(draft));
                case Numbered numbered -> numbered(numbered);
                case Settle(var session, var sequence) -> {
                    RequestId id = id(session, sequence, 0);
                    long now = clock;
                    replicas.append(
                            (batch, index) -> batch.settle(EngineTest.REGION, index, id, now),
                            requests.settle(id, now));
                }
                case ForgetIdle(var since) -> {
                    long before = clock - since;
                    requests.forgetIdle(before);
                    replicas.append(
                            (batch, index) -> {
                                batch.forgetIdle(EngineTest.REGION, index, before);
                                return "";
                            },
                            "");
                }
                case CatchUp(var replica, var batchEntries) ->
                        replicas.catchUp(replica, batchEntries);
                case Flush(var replica) -> replicas.flush(replica);
                case Restart(var replica) -> replicas.restart(replica);
                case Crash(var replica) -> replicas.crash(replica);
                case Install(var from) -> replicas.install(from);
            }
        }

        private Command command(Draft draft) {
            return draft.command(model, Bytes.utf8("value " + values++));
        }

        private void plain(Command command) {
            Outcome outcome = decide(command);
            replicas.append(
                    (batch, index) -> batch.apply(EngineTest.REGION, index, command), outcome);
        }

        private void numbered(Numbered step) {
            clock += step.tick();
            long now = clock;
            RequestId id = id(step.session(), step.sequence(), step.below());
            Command command =
                    sent.computeIfAbsent(
                            id(step.session(), step.sequence(), 0), first -> command(step.draft()));
            Fate fate = requests.apply(id, now, () -> decide(command));
            replicas.append(
                    (batch, index) -> batch.apply(EngineTest.REGION, index, id, now, command),
                    fate);
        }

        private static RequestId id(int session, int sequence, int below) {
            return new RequestId(
                    session, SESSION_MILLIS * session, sequence, Math.max(0, sequence - below));
        }

        private Outcome decide(Command command) {
            Outcome outcome = model.apply(command);
            switch (command) {
                case Command.CompareAndSwap(var key, var _, var _)
                        when outcome instanceof Outcome.Swapped(long version) ->
                        grows(key, version);
                case Command.CasBatch(var steps)
                        when outcome instanceof Outcome.BatchSwapped(var versions) -> {
                    for (int i = 0; i < steps.size(); i++) {
                        if (steps.get(i) instanceof CasStep.Swap(var key, var _, var _)) {
                            grows(key, versions.get(i));
                        }
                    }
                }
                default -> {}
            }
            return outcome;
        }

        /** The replicas are held to just these outcomes, so it is checked for them too. */
        private void grows(Bytes key, long version) {
            assertThat(version)
                    .as("version of " + key)
                    .isGreaterThan(highest.getOrDefault(key, 0L));
            highest.put(key, version);
        }

        List<VersionedEntry> contents() {
            return model.versioned.entrySet().stream()
                    .map(entry ->
                            new VersionedEntry(
                                    entry.getKey(),
                                    entry.getValue().version(),
                                    entry.getValue().value()))
                    .toList();
        }
    }

    @Property(tries = 40)
    void holdWhateverHappensToTheReplicas(@ForAll("steps") List<Step> steps) throws IOException {
        try (TwoReplicas replicas = new TwoReplicas(Files.createTempDirectory("flaredb-rules"))) {
            Leader leader = new Leader(replicas);
            steps.forEach(leader::take);
            replicas.check(leader::contents);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> replica = Arbitraries.integers().between(0, 1);
        Arbitrary<Integer> session = Arbitraries.integers().between(1, SESSIONS);
        // Few, so that they come again; of two blocks.
        Arbitrary<Integer> sequence = Arbitraries.integers().between(14, 18);
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 4);
        Arbitrary<Draft> drafts =
                Combinators.combine(
                                Arbitraries.integers().between(0, 2),
                                Arbitraries.of(Kind.class).list().ofMinSize(1).ofMaxSize(3),
                                Arbitraries.of(0L, 0L, 0L, 0L, 1L, -1L))
                        .as(Draft::new);
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(8, drafts.map(Plain::new)),
                        Tuple.of(
                                16,
                                Combinators.combine(
                                                session,
                                                sequence,
                                                few,
                                                Arbitraries.integers().between(-1, 3),
                                                drafts)
                                        .as(Numbered::new)),
                        Tuple.of(2, Combinators.combine(session, sequence).as(Settle::new)),
                        Tuple.of(1, few.map(ForgetIdle::new)),
                        Tuple.of(
                                4,
                                Combinators.combine(replica, Arbitraries.integers().between(1, 4))
                                        .as(CatchUp::new)),
                        Tuple.of(1, replica.map(Flush::new)),
                        Tuple.of(1, replica.map(Restart::new)),
                        Tuple.of(2, replica.map(Crash::new)),
                        Tuple.of(1, replica.map(Install::new)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }
}
