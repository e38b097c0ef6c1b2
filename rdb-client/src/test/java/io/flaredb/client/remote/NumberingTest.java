package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.kv.RequestId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NumberingTest {
    private static final long NOW_MS = 1_000;

    private final Numbering numbering = new Numbering(() -> NOW_MS);

    private List<WriteNumber> take(int count) {
        return Stream.generate(numbering::next).limit(count).toList();
    }

    @Test
    void countsUpFromOne() {
        assertThat(take(3)).extracting(WriteNumber::sequence).containsExactly(1L, 2L, 3L);
        assertThat(numbering.next().id().getSessionStartMs()).isEqualTo(NOW_MS);
    }

    @Test
    void saysWhichIsTheLowestInFlight() {
        List<WriteNumber> numbers = take(4);
        WriteNumber last = numbers.get(3);
        assertThat(last.id().getLowestInFlight()).isEqualTo(1);

        numbers.get(1).done();
        assertThat(last.id().getLowestInFlight()).isEqualTo(1);
        numbers.get(0).done();
        assertThat(last.id().getLowestInFlight()).isEqualTo(3);
        numbers.get(0).done(); // once more does nothing
        numbers.get(2).done();
        last.done();
        assertThat(numbering.next().id().getLowestInFlight()).isEqualTo(5);
    }

    @Test
    void changesNothingElseFromAttemptToAttempt() {
        WriteNumber first = numbering.next();
        WriteNumber second = numbering.next();
        RequestId before = second.id();

        first.done();

        assertThat(second.id()).isEqualTo(before.toBuilder().setLowestInFlight(2).build());
    }

    @Test
    void keepsANumberThatIsInFlightNoMoreWithinWhatARequestMayCarry() {
        List<WriteNumber> numbers = take(2);
        numbers.forEach(WriteNumber::done);

        assertThat(numbers).allMatch(n -> n.id().getLowestInFlight() == n.sequence());
    }

    @Test
    void goesOnForEverWithoutAnotherSession() {
        WriteNumber first = numbering.next();
        first.done();
        for (int i = 0; i < 5 * Session.WINDOW; i++) {
            WriteNumber number = numbering.next();
            assertThat(number.session()).isSameAs(first.session());
            number.done();
        }
    }

    @Test
    void beginsASessionWhereOneWriteIsNeverResolved() {
        WriteNumber unresolved = numbering.next();
        WriteNumber number = numbering.next();
        int writes = 1;
        while (number.session() == unresolved.session()) {
            assertThat(number.sequence()).isLessThan(Session.WINDOW);
            assertThat(number.id().getLowestInFlight()).isEqualTo(unresolved.sequence());
            number.done();
            number = numbering.next();
            writes++;
        }

        assertThat(writes).isEqualTo(Session.CAPACITY);
        assertThat(number.id().getClientId()).isNotEqualTo(unresolved.id().getClientId());
        assertThat(number.id().getLowestInFlight()).isEqualTo(1);
    }

    @Test
    void comesBackToSessionsThatHaveRoomAgain() {
        Set<Session> sessions = new HashSet<>();
        Deque<WriteNumber> inFlight = new ArrayDeque<>(take(65_536));
        for (int i = 0; i < 500_000; i++) {
            inFlight.removeFirst().done();
            WriteNumber number = numbering.next();
            sessions.add(number.session());
            inFlight.addLast(number);
        }

        assertThat(sessions).hasSizeLessThanOrEqualTo(16);
    }

    @Test
    void beginsASessionWhereARegionHasForgottenOne() {
        WriteNumber number = numbering.next();

        numbering.forgotten(number.session(), NOW_MS + 7);
        numbering.forgotten(number.session(), NOW_MS + 5); // by another region, or told twice

        WriteNumber next = numbering.next();
        assertThat(next.session()).isNotSameAs(number.session());
        assertThat(next.id().getSessionStartMs()).isEqualTo(NOW_MS + 7);
        assertThat(next.sequence()).isEqualTo(1);
        numbering.forgotten(number.session(), NOW_MS + 7);
        assertThat(numbering.next().session()).isSameAs(next.session());
    }

    @Test
    void givesEachNumberOnceAndNeverPassesOneInFlight() throws Exception {
        long seed = System.nanoTime();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Set<WriteNumber> given = ConcurrentHashMap.newKeySet();
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + i);
            Thread writer =
                    new Thread(() -> {
                        List<WriteNumber> inFlight = new ArrayList<>();
                        for (int step = 0; step < 50_000; step++) {
                            WriteNumber number = numbering.next();
                            if (!given.add(number)) {
                                wrong.add(number + " twice");
                            }
                            inFlight.add(number);
                            WriteNumber any = inFlight.get(random.nextInt(inFlight.size()));
                            if (any.id().getLowestInFlight() > any.sequence()) {
                                wrong.add(any + " is in flight: " + any.id());
                            }
                            if (inFlight.size() > 100 || random.nextBoolean()) {
                                inFlight.remove(random.nextInt(inFlight.size())).done();
                            }
                        }
                        inFlight.forEach(WriteNumber::done);
                    });
            writer.start();
            writers.add(writer);
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(wrong).as("seed %d", seed).isEmpty();
        WriteNumber last = numbering.next();
        assertThat(last.id().getLowestInFlight()).isEqualTo(last.sequence());
    }
}
