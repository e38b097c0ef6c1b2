package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.server.log.Applied;
import io.flaredb.server.log.LogEntry;
import io.flaredb.server.log.LogEntryCodec;
import io.flaredb.storage.Command;
import io.flaredb.storage.Fate;
import io.flaredb.storage.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProposalsTest {
    private final List<LogEntry> proposed = new ArrayList<>();
    private final List<CompletableFuture<Applied>> outcomes = new ArrayList<>();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private final AtomicInteger underWayInStore = new AtomicInteger();
    private final Proposals proposals = new Proposals(this::propose, underWayInStore);

    private CompletableFuture<Applied> propose(byte[] entry) {
        proposed.add(LogEntryCodec.decode(entry));
        CompletableFuture<Applied> outcome = new CompletableFuture<>();
        outcomes.add(outcome);
        return outcome;
    }

    private static LogEntry.OfClient put(String key) {
        return new LogEntry.Write(new Command.RawPut(Bytes.utf8(key), Bytes.utf8("v")));
    }

    private CompletableFuture<Applied> add(LogEntry entry) {
        return proposals.add(LogEntryCodec.encode(entry), soon::add);
    }

    private void runSoon() {
        while (!soon.isEmpty()) {
            soon.remove().run();
        }
    }

    private static Applied swapped(long version) {
        return new Applied.Ended(new Fate.First(new Outcome.Swapped(version)));
    }

    @Test
    void whatComesAloneGoesAlone() {
        CompletableFuture<Applied> outcome = add(put("a"));
        runSoon();

        assertThat(proposed).containsExactly(put("a"));
        outcomes.get(0).complete(swapped(1));
        assertThat(outcome).isCompletedWithValue(swapped(1));
    }

    @Test
    void goesAtOnceIfNothingElseIsLookedAt() {
        proposals.add(LogEntryCodec.encode(put("a")), Runnable::run);

        assertThat(proposed).containsExactly(put("a"));
    }

    @Test
    void whatComesTogetherSharesAnEntry() {
        CompletableFuture<Applied> a = add(put("a"));
        CompletableFuture<Applied> b = add(put("b"));
        runSoon();

        assertThat(proposed).containsExactly(new LogEntry.Several(List.of(put("a"), put("b"))));
        outcomes.get(0).complete(new Applied.Several(List.of(swapped(1), swapped(2))));
        assertThat(a).isCompletedWithValue(swapped(1));
        assertThat(b).isCompletedWithValue(swapped(2));
    }

    @Test
    void whatComesWhileEnoughIsUnderWayIsGathered() {
        for (String key : List.of("a", "b", "c", "d")) {
            add(put(key));
            runSoon();
        }
        assertThat(proposed).containsExactly(put("a"), put("b"), put("c"), put("d"));
        CompletableFuture<Applied> e = add(put("e"));
        runSoon();
        CompletableFuture<Applied> f = add(put("f"));
        runSoon();
        assertThat(proposed).hasSize(4);

        outcomes.get(2).completeExceptionally(new IllegalStateException("no leader"));

        assertThat(proposed).last().isEqualTo(new LogEntry.Several(List.of(put("e"), put("f"))));
        outcomes.get(4).complete(new Applied.Several(List.of(swapped(1), swapped(2))));
        assertThat(e).isCompletedWithValue(swapped(1));
        assertThat(f).isCompletedWithValue(swapped(2));
    }

    @Test
    void whileOtherRegionsKeepTheStoreBusyARegionHasOneEntryUnderWay() {
        Proposals other = new Proposals(this::propose, underWayInStore);
        for (String key : List.of("a", "b", "c", "d")) {
            other.add(LogEntryCodec.encode(put(key)), Runnable::run);
        }
        for (String key : List.of("e", "f", "g")) {
            add(put(key));
            runSoon();
        }
        assertThat(proposed).containsExactly(put("a"), put("b"), put("c"), put("d"), put("e"));

        outcomes.get(4).complete(swapped(1));
        assertThat(proposed).last().isEqualTo(new LogEntry.Several(List.of(put("f"), put("g"))));
    }

    @Test
    void whatHasEndedIsUnderWayNoLonger() {
        add(put("a"));
        runSoon();
        add(put("b"));
        runSoon();
        outcomes.get(0).complete(swapped(1));
        outcomes.get(1).completeExceptionally(new IllegalStateException("no leader"));

        assertThat(underWayInStore).hasValue(0);
    }

    @Test
    void aLogThatRefusesAtOnceEndsWithAllRefused() {
        Proposals refusing =
                new Proposals(
                        entry ->
                                CompletableFuture.failedFuture(
                                        new IllegalStateException("no leader")),
                        underWayInStore);
        List<CompletableFuture<Applied>> all = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            all.add(refusing.add(LogEntryCodec.encode(put("k" + i)), soon::add));
        }
        runSoon();
        assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aLogThatRefusesAtOnceRefusesAnyNumberOfEntries() {
        Proposals refusing =
                new Proposals(
                        entry ->
                                CompletableFuture.failedFuture(
                                        new IllegalStateException("no leader")),
                        underWayInStore);
        byte[] alone = LogEntryCodec.encode(put("k".repeat(140_000)));
        List<CompletableFuture<Applied>> all = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            all.add(refusing.add(alone, soon::add));
        }

        runSoon();

        assertThat(all).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(underWayInStore).hasValue(0);
    }

    @Test
    void aFailureIsEverybodys() {
        CompletableFuture<Applied> a = add(put("a"));
        CompletableFuture<Applied> b = add(put("b"));
        runSoon();

        outcomes.get(0).completeExceptionally(new IllegalStateException("no leader"));

        assertThatThrownBy(a::join).hasMessageContaining("no leader");
        assertThatThrownBy(b::join).hasMessageContaining("no leader");
    }

    @Test
    void boundsAnEntry() {
        for (int i = 0; i < 1_100; i++) {
            add(put("k" + i));
        }
        runSoon();

        assertThat(proposed)
                .extracting(entry -> ((LogEntry.Several) entry).parts().size())
                .containsExactly(512, 512, 76);
    }

    @Test
    void aLargeOneGoesAlone() {
        LogEntry.OfClient large =
                new LogEntry.Write(
                        new Command.RawPut(Bytes.utf8("l"), Bytes.wrap(new byte[200_000])));
        add(put("a"));
        add(large);
        add(put("b"));
        runSoon();

        assertThat(proposed).containsExactly(put("a"), large, put("b"));
    }
}
