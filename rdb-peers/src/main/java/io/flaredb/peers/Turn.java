package io.flaredb.peers;

import io.flaredb.peers.load.Cell;
import io.flaredb.peers.load.CellResult;
import io.flaredb.peers.report.Samples;
import io.flaredb.peers.system.PeerSystem;
import io.flaredb.peers.system.Processes;
import io.flaredb.peers.system.Processes.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One system's part of a round: servers without data, one client, all loads, and nothing left
 * behind.
 *
 * @param logs where processes write what they have to tell
 * @param folder of the servers' data, which does not exist yet
 */
record Turn(PeerSystem system, int round, Plan plan, Path logs, Path folder) {

    /**
     * Measures.
     *
     * @throws IllegalStateException if a process does not do its part; what was measured before
     *     that is among the samples
     * @throws IOException if a program cannot be started, or data not be written or deleted
     */
    void run(Samples samples) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String prefix = "round-%d-%s".formatted(round, system.name());
        try (Processes processes = new Processes(logs, prefix)) {
            List<Cell> cells = plan.cells(system);
            List<String> addresses = system.start(folder, plan.nodes(), processes);
            Child client =
                    processes.start(
                            "client", system.client(folder, plan.load(addresses, cells)), Map.of());
            Duration longest = plan.longestTurn(cells.size());
            boolean ended = client.process().waitFor(longest.toSeconds(), TimeUnit.SECONDS);
            List<CellResult> results = results(client);
            results.forEach(each -> samples.add(system.name(), round, each));
            if (!ended || client.process().exitValue() != 0 || results.size() < cells.size()) {
                throw new IllegalStateException(
                        "measured %d of %d loads%s\n%s"
                                .formatted(
                                        results.size(),
                                        cells.size(),
                                        ended ? "" : " and hangs",
                                        client.lastWords()));
            }
        } finally {
            delete(folder);
        }
    }

    private static List<CellResult> results(Child client) throws IOException {
        try (Stream<String> lines = Files.lines(client.output())) {
            return lines.filter(CellResult::isResult).map(CellResult::parse).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
