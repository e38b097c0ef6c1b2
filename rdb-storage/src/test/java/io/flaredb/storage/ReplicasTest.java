package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flaredb.bytes.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicasTest extends EngineTest {
    private void applyInMemory(long index, String key, String value) {
        try (ApplyBatch batch = engine.replicas().newBatch()) {
            batch.apply(REGION, index, new Command.RawPut(Bytes.utf8(key), Bytes.utf8(value)));
            batch.commit();
        }
    }

    @Test
    void readsWhatIsOnlyInMemory() {
        applyInMemory(3, "a", "1");
        assertThat(engine.get(Bytes.utf8("a"))).isEqualTo(Bytes.utf8("1"));
        assertThat(engine.appliedIndex(REGION)).isEqualTo(3);
    }

    @Test
    void knowsHowMuchACrashWouldLeave() {
        applyInMemory(3, "a", "1");
        assertThat(engine.replicas().flushedIndex(REGION)).isZero();
        engine.replicas().flush();
        assertThat(engine.replicas().flushedIndex(REGION)).isEqualTo(3);
        applyInMemory(4, "a", "2");
        assertThat(engine.replicas().flushedIndex(REGION)).isEqualTo(3);
        engine.replicas().flush(REGION, 3);
        assertThat(engine.replicas().flushedIndex(REGION)).isEqualTo(3);
        engine.replicas().flush(REGION, 4);
        assertThat(engine.replicas().flushedIndex(REGION)).isEqualTo(4);
    }

    @Test
    void doesNotFlushAgainWhatWasFlushedWhileItWaited() {
        applyInMemory(3, "a", "1");
        Thread late = new Thread(() -> engine.replicas().flush(REGION, 3));
        synchronized (engine.replicas().flushing) {
            late.start();
            await().until(() -> late.getState() == Thread.State.BLOCKED);
            engine.replicas().flush();
            applyInMemory(4, "a", "2");
        }
        await().until(() -> !late.isAlive());
        assertThat(engine.replicas().flushedIndex(REGION)).isEqualTo(3);
    }

    @Test
    void aCleanCloseLosesNothing() {
        applyInMemory(3, "a", "1");
        reopen();
        assertThat(engine.get(Bytes.utf8("a"))).isEqualTo(Bytes.utf8("1"));
        assertThat(engine.appliedIndex(REGION)).isEqualTo(3);
    }

    @Test
    void batchesOfTwoRegionsMayBeOpenTogether() {
        RegionId other = new RegionId(8);
        try (ApplyBatch one = engine.replicas().newBatch();
                ApplyBatch two = engine.replicas().newBatch()) {
            one.apply(REGION, 1, new Command.RawPut(Bytes.utf8("a"), Bytes.utf8("1")));
            two.apply(other, 1, new Command.RawPut(Bytes.utf8("b"), Bytes.utf8("2")));
            two.commit();
            one.commit();
        }
        assertThat(engine.appliedIndex(REGION)).isEqualTo(1);
        assertThat(engine.appliedIndex(other)).isEqualTo(1);
    }

    @Test
    void removesAllThatIsKnownOfARegion() {
        engine.putRegion(REGION, new byte[] {1});
        engine.replicas().log(REGION).save(new HardState(5, "me"));
        applyInMemory(3, "a", "1");
        engine.removeRegion(REGION);
        assertThat(engine.replicas().log(REGION).hardState()).isEqualTo(HardState.NONE);
        assertThat(engine.appliedIndex(REGION)).isZero();
    }

    @Test
    void aKilledProcessLosesNoEntryAndItsRecordsFitTheirIndex() throws Exception {
        engine.close();
        long last = 0;
        for (int round = 1; round <= 4; round++) {
            last = killedAfter(round, last + 150L * round);
            checkAfterKill(round, last);
        }
    }

    /** Lets a process write until it says that entry {@code enough} is logged. */
    private long killedAfter(int term, long enough) throws IOException {
        Process writer = start(ReplicatedWrites.class, dir.toString(), Integer.toString(term));
        try (BufferedReader said = writer.inputReader()) {
            long last = 0;
            boolean voted = false;
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                voted |= line.equals("vote " + term);
                if (line.startsWith("entry ")) {
                    last = Long.parseLong(line.substring("entry ".length()));
                }
                if (last >= enough) {
                    // By its handle: the process's own method would close the pipe unread.
                    writer.toHandle().destroyForcibly();
                }
            }
            assertThat(voted).isTrue();
            assertThat(last).isGreaterThanOrEqualTo(enough);
            return last;
        } finally {
            writer.destroyForcibly().onExit().join();
        }
    }

    private void checkAfterKill(int term, long acknowledged) {
        engine = StorageEngine.open(dir, SMALL);
        RaftLog log = engine.replicas().log(REGION);
        assertThat(log.hardState()).isEqualTo(new HardState(term, "voted"));
        assertThat(log.lastIndex()).isGreaterThanOrEqualTo(acknowledged);
        assertThat(engine.appliedIndex(REGION) % 2).isZero();
        long applied = ReplicatedWrites.applied(engine.appliedIndex(REGION));
        Bytes value = applied == 0 ? null : Bytes.utf8(Long.toString(applied));
        assertThat(engine.get(ReplicatedWrites.RAW_KEY)).isEqualTo(value);
        assertThat(engine.getVersioned(ReplicatedWrites.CAS_KEY))
                .isEqualTo(value == null ? null : new VersionedValue(applied, value));
        assertThat(log.firstIndex()).isLessThanOrEqualTo(applied + 1);
        engine.close();
    }

    private static Process start(Class<?> main, String... args) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
