package io.flaredb.cli;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.pd.server.PlacementDriverServer;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.InitialRegions;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.StoreServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code flaredb train}, which the build calls: does what servers, clients and the command do most,
 * all in this process, for some seconds. What the JVM has seen of it goes into its cache of loaded
 * classes and profiles (JEP 483, 515), with which later processes start and get fast sooner.
 */
@Command(
        name = "train",
        hidden = true,
        description = "Use all of FlareDB for some seconds, for the JVM to learn: see HACKING.md.")
final class TrainCommand implements Callable<Integer> {
    private static final HostAndPort ANY_PORT = HostAndPort.parse("127.0.0.1:0");

    /** Of a region: a store alone answers reads itself, several ask each other. */
    private static final List<Integer> REPLICAS = List.of(1, 3);

    private static final List<List<String>> COMMANDS =
            List.of(
                    List.of("raw", "put", "greeting", "hello"),
                    List.of("raw", "get", "greeting"),
                    List.of("-o", "json", "raw", "scan"),
                    List.of("cas", "put", "leader", "node-1", "--expect", "0"),
                    List.of("cas", "get", "leader"),
                    List.of(
                            "cas", "batch", "--put", "leader", "1", "node-2", "--check", "lock",
                            "0"),
                    List.of("tso"),
                    List.of("status"),
                    List.of("region", "list"),
                    List.of(
                            "bench",
                            "run",
                            "--keys=10000",
                            "--in-flight=64",
                            "--seconds=2",
                            "--warm-up=1s",
                            "--warm-up-limit=1s"));

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("flaredb-train");
        try {
            for (int replicas : REPLICAS) {
                train(replicas, folder.resolve("replicas-" + replicas));
            }
        } finally {
            delete(folder);
        }
        return ExitCode.DONE.number();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void train(int replicas, Path data) {
        StoreOptions options =
                StoreOptions.defaults().withInitialRegions(new InitialRegions(replicas, List.of()));
        // Together, since neither start nor end is quick without the other replicas.
        try (PlacementDriverServer pd =
                        PlacementDriverServer.start(
                                ANY_PORT, data.resolve("pd"), PlacementDriverOptions.defaults());
                ExecutorService together = Executors.newFixedThreadPool(replicas)) {
            List<CompletableFuture<StoreServer>> starting = new ArrayList<>();
            for (int i = 1; i <= replicas; i++) {
                Path folder = data.resolve("store-" + i);
                starting.add(
                        CompletableFuture.supplyAsync(
                                () ->
                                        StoreServer.start(
                                                folder,
                                                ANY_PORT,
                                                pd.address(),
                                                options,
                                                TrainCommand::fail),
                                together));
            }
            List<StoreServer> stores = starting.stream().map(CompletableFuture::join).toList();
            try {
                COMMANDS.forEach(command -> run(pd.address(), command));
            } finally {
                stores.forEach(store -> together.execute(store::close));
            }
        }
    }

    private void run(HostAndPort pd, List<String> command) {
        List<String> words = new ArrayList<>(List.of("--pd=" + pd));
        words.addAll(command);
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        nowhere,
                        FlaredbCommand.of(spec).terminal().err(),
                        Map.of());
        int code = Main.run(terminal, words.toArray(String[]::new));
        if (code != ExitCode.DONE.number()) {
            throw new CommandException(
                    ExitCode.FAILED, String.join(" ", command) + ": exit code " + code);
        }
    }

    private static void fail(Throwable reason) {
        throw new IllegalStateException("a store cannot go on", reason);
    }
}
