package io.flaredb.peers.system;

import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A placement driver and as many servers as nodes, all with what holds by default. */
final class FlareDbSystem implements PeerSystem {
    private final Installation installation;

    FlareDbSystem(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String name() {
        return "flaredb";
    }

    @Override
    public Optional<String> unavailable(int nodes) {
        return Files.isRegularFile(installation.root().resolve("rdb-cli/target/flaredb.jar"))
                ? Optional.empty()
                : Optional.of("rdb-cli is not built");
    }

    @Override
    public Optional<String> version() {
        String root = installation.root().toString();
        Optional<String> commit =
                Version.of(List.of("git", "-C", root, "describe", "--always", "--dirty"), Map.of());
        return Version.of(List.of(installation.flaredb().toString(), "--version"), environment())
                .map(version -> version + commit.map(each -> ", commit " + each).orElse(""));
    }

    @Override
    public List<String> start(Path folder, int nodes, Processes processes) throws IOException {
        List<Integer> ports = Ports.free(nodes + 1);
        int pdPort = ports.getFirst();
        String pd = Ports.address(pdPort);
        Ports.awaitListening(
                pdPort,
                processes.start("pd", command("pd", folder.resolve("pd"), pd), environment()));
        for (int i = 1; i <= nodes; i++) {
            int port = ports.get(i);
            List<String> command =
                    command("server", folder.resolve("server-" + i), Ports.address(port));
            command.addAll(List.of("--pd", pd, "--initial-replicas", Integer.toString(nodes)));
            Ports.awaitListening(port, processes.start("server-" + i, command, environment()));
        }
        return List.of(pd);
    }

    private List<String> command(String word, Path data, String address) {
        return new ArrayList<>(
                List.of(
                        installation.flaredb().toString(),
                        word,
                        "--data-dir",
                        data.toString(),
                        "--addr",
                        address));
    }

    private static Map<String, String> environment() {
        return Map.of(
                "FLAREDB_JAVA_HOME",
                Installation.javaHome().toString(),
                "FLAREDB_JAVA_OPTS",
                String.join(" ", Jvm.HEAP));
    }

    @Override
    public List<String> client(Path folder, LoadArguments load) {
        return installation.driver("FlareDbLoad", load.toArguments());
    }
}
