package io.flaredb.it.fault;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A loss of power, done to the data folder of a process that was killed: what was not synced is
 * taken away. Renames and directory entries count as durable.
 *
 * <p>A kill alone proves nothing about syncing, since the kernel keeps what it was given.
 */
public enum PowerLoss {
    /** All unsynced bytes are gone. */
    CLEAN,
    /** Of each file's unsynced bytes a random part at the front has reached the disk. */
    TORN;

    /** What a power loss did. */
    public record Damage(int files, long bytes) {
        public Damage plus(Damage other) {
            return new Damage(files + other.files, bytes + other.bytes);
        }
    }

    /** Takes the unsynced bytes away from each file under a folder. No process may have it open. */
    public Damage strike(Path folder, SyncWatch watch, RandomGenerator random) throws IOException {
        Map<FileIdentity, Long> durableBytes = watch.durableBytes();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(folder)) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        }
        Damage damage = new Damage(0, 0);
        for (Path file : files) {
            long durable = durableBytes.getOrDefault(FileIdentity.of(file), 0L);
            long unsynced = Files.size(file) - durable;
            if (unsynced > 0) {
                damage = damage.plus(new Damage(1, cut(file, durable, unsynced, random)));
            }
        }
        return damage;
    }

    private long cut(Path file, long durable, long unsynced, RandomGenerator random)
            throws IOException {
        long kept =
                switch (this) {
                    case CLEAN -> 0;
                    case TORN -> random.nextLong(unsynced + 1);
                };
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(durable + kept);
        }
        return unsynced - kept;
    }
}
