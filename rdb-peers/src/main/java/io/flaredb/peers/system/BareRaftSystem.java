package io.flaredb.peers.system;

import io.flaredb.bench.Workload;
import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * No peer but a ceiling: FlareDB's Raft over its log and its transport, with nothing above it. Its
 * client is the first of the nodes.
 */
final class BareRaftSystem implements PeerSystem {
    private static final String MAIN = "io.flaredb.peers.raft.BareRaftNode";

    private final Installation installation;

    BareRaftSystem(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String name() {
        return "bare-raft";
    }

    @Override
    public Optional<String> unavailable(int nodes) {
        return installation.notBuilt("rdb-peers");
    }

    @Override
    public boolean supports(Workload workload) {
        return workload == Workload.PUT || workload == Workload.GET;
    }

    @Override
    public List<String> start(Path folder, int nodes, Processes processes) throws IOException {
        List<Integer> ports = Ports.free(nodes);
        List<String> addresses = ports.stream().map(Ports::address).toList();
        for (int i = 2; i <= nodes; i++) {
            Ports.awaitListening(
                    ports.get(i - 1),
                    processes.start(
                            "raft-" + i,
                            installation.java(MAIN, own(i, folder, addresses)),
                            Map.of()));
        }
        return addresses;
    }

    private static List<String> own(int number, Path folder, List<String> addresses) {
        return List.of(
                Integer.toString(number),
                folder.resolve("raft-" + number).toString(),
                String.join(",", addresses));
    }

    @Override
    public List<String> client(Path folder, LoadArguments load) {
        List<String> arguments = new ArrayList<>(own(1, folder, load.addresses()));
        arguments.addAll(load.toArguments());
        return installation.java(MAIN, arguments);
    }
}
