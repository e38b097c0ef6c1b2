package io.flaredb.it.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Bytes that rot on the disk, in one kind of a database's files. */
public enum FlippedBytes {
    /** Write-ahead log: what is in the Raft log and not in a table yet. */
    WAL("\\d+\\.log"),
    /** Tables. */
    SST("\\d+\\.sst"),
    /** The list of tables and logs. */
    MANIFEST("MANIFEST-\\d+");

    private static final int MOST_FLIPS = 4;

    /** Bytes of a file that were changed. */
    public record Flip(Path file, SortedSet<Integer> offsets, int fileBytes) {
        @Override
        public String toString() {
            return "bytes %s of %d in %s".formatted(offsets, fileBytes, file.getFileName());
        }
    }

    private final Pattern name;

    FlippedBytes(String name) {
        this.name = Pattern.compile(name);
    }

    /**
     * Changes one to four bytes of one file below a folder; no process may have it open. No zero is
     * hit, so it is data and not padding.
     *
     * @return where; nothing if there is no such file, or only empty ones
     */
    public Optional<Flip> flip(Path folder, RandomGenerator random) {
        try {
            List<Path> files = files(folder);
            if (files.isEmpty()) {
                return Optional.empty();
            }
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            int[] data = dataOffsets(bytes);
            if (data.length == 0) {
                return Optional.empty();
            }
            TreeSet<Integer> offsets = new TreeSet<>();
            for (int i = 1 + random.nextInt(MOST_FLIPS); i > 0; i--) {
                offsets.add(data[random.nextInt(data.length)]);
            }
            offsets.forEach(offset -> bytes[offset] ^= (byte) (1 + random.nextInt(255)));
            Files.write(file, bytes);
            return Optional.of(new Flip(file, offsets, bytes.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(file -> name.matcher(file.getFileName().toString()).matches())
                    .filter(file -> file.toFile().length() > 0)
                    .sorted()
                    .toList();
        }
    }

    private static int[] dataOffsets(byte[] bytes) {
        return IntStream.range(0, bytes.length).filter(offset -> bytes[offset] != 0).toArray();
    }
}
