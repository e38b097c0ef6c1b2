package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.KeyRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One log and two engines that apply it, each at its own pace, and what goes wrong with engines.
 * What an entry comes to is known when it is appended; each time it is applied, by either engine or
 * again after a crash, it must come to just that.
 */
final class TwoReplicas implements AutoCloseable {
    private static final RegionId REGION = EngineTest.REGION;
    private static final byte[] NOTE = {1};

    /** Decides an entry within a batch. */
    interface Applying {
        Object apply(ApplyBatch batch, long index);
    }

    private record Entry(Applying applying, Object expected) {}

    private final Path folder;
    private final List<Entry> log = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    private int folders;

    private final class Replica {
        private Path data;
        private StorageEngine engine;

        Replica() {
            data = newFolder();
            engine = StorageEngine.open(data, EngineTest.SMALL);
        }

        long applied() {
            return engine.appliedIndex(REGION);
        }
    }

    TwoReplicas(Path folder) {
        this.folder = folder;
        replicas.add(new Replica());
        replicas.add(new Replica());
    }

    private Path newFolder() {
        return folder.resolve("data-" + folders++);
    }

    void append(Applying applying, Object expected) {
        log.add(new Entry(applying, expected));
    }

    /** Applies what the replica has not applied yet, some entries in one batch. */
    void catchUp(int which, int batchEntries) {
        Replica replica = replicas.get(which);
        while (replica.applied() < log.size()) {
            try (ApplyBatch batch = replica.engine.replicas().newBatch()) {
                long first = replica.applied() + 1;
                long last = Math.min(first + batchEntries - 1, log.size());
                for (long index = first; index <= last; index++) {
                    Entry entry = log.get((int) index - 1);
                    assertThat(entry.applying().apply(batch, index))
                            .as("entry %d of replica %d", index, which)
                            .isEqualTo(entry.expected());
                }
                batch.commit();
            }
        }
    }

    void flush(int which) {
        replicas.get(which).engine.replicas().flush();
    }

    void restart(int which) {
        Replica replica = replicas.get(which);
        long before = replica.applied();
        replica.engine.close();
        replica.engine = StorageEngine.open(replica.data, EngineTest.SMALL);
        assertThat(replica.applied()).isEqualTo(before);
    }

    /** What was not flushed is lost, as in a crash of the machine. */
    void crash(int which) {
        Replica replica = replicas.get(which);
        long flushed = replica.engine.replicas().flushedIndex(REGION);
        Path left = newFolder();
        copy(replica.data, left);
        replica.engine.close();
        replica.data = left;
        replica.engine = StorageEngine.open(left, EngineTest.SMALL);
        assertThat(replica.applied()).isEqualTo(flushed);
    }

    /** Brings a replica that is not ahead to where the other one is. */
    void install(int from) {
        Replica source = replicas.get(from);
        Replica target = replicas.get(1 - from);
        if (target.applied() > source.applied()) {
            return;
        }
        long index = source.applied();
        Path out = source.engine.replicas().staging("out");
        RegionTables tables =
                source.engine.replicas().export(REGION, KeyRange.ALL, out, () -> false);
        target.engine.replicas().install(REGION, KeyRange.ALL, tables, index, NOTE, () -> {});
        assertThat(target.applied()).isEqualTo(index);
        assertThat(target.engine.versionFloor(REGION))
                .isEqualTo(source.engine.versionFloor(REGION));
        assertThat(digest(target)).isEqualTo(digest(source));
    }

    /** Brings both to the end of the log and compares them with each other and with a model. */
    void check(Supplier<List<VersionedEntry>> expected) {
        catchUp(0, 3);
        catchUp(1, 5);
        assertThat(digest(replicas.get(0))).isEqualTo(digest(replicas.get(1)));
        for (Replica replica : replicas) {
            assertThat(replica.engine.scanVersioned(KeyRange.ALL, 1_000, 1_000_000).entries())
                    .isEqualTo(expected.get());
        }
    }

    private static RegionDigest digest(Replica replica) {
        return replica.engine
                .replicas()
                .digest(REGION, KeyRange.ALL, () -> false, Runnable::run)
                .join();
    }

    /** Copies a folder as it is at one moment: again if RocksDB compacted meanwhile. */
    private static void copy(Path from, Path to) {
        try {
            Map<Path, Long> before;
            do {
                delete(to);
                before = sizes(from);
                for (Path file : before.keySet()) {
                    copyIfThere(file, to.resolve(from.relativize(file)));
                }
            } while (!sizes(from).equals(before));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyIfThere(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException e) {
            // Deleted meanwhile, so that the sizes are not what they were.
        }
    }

    private static Map<Path, Long> sizes(Path folder) throws IOException {
        Map<Path, Long> sizes = new TreeMap<>(); // a folder before what is in it
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                sizes.put(file, Files.isRegularFile(file) ? Files.size(file) : 0);
            }
        } catch (UncheckedIOException | NoSuchFileException e) {
            return sizes(folder); // a file went while it was looked at
        }
        return sizes;
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public void close() {
        replicas.forEach(replica -> replica.engine.close());
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
