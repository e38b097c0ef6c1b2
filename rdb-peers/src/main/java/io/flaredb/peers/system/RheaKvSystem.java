package io.flaredb.peers.system;

import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** RheaKV: one region, its Raft log synced, no placement driver. */
final class RheaKvSystem implements PeerSystem {
    private final Installation installation;

    RheaKvSystem(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String name() {
        return "rheakv";
    }

    @Override
    public Optional<String> unavailable(int nodes) {
        return installation.notBuilt("rdb-peers-rheakv");
    }

    @Override
    public List<String> start(Path folder, int nodes, Processes processes) throws IOException {
        List<Integer> ports = Ports.free(nodes);
        List<String> addresses = ports.stream().map(Ports::address).toList();
        List<Processes.Child> children = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            String name = "rheakv-" + i;
            Path data = Files.createDirectories(folder.resolve(name));
            children.add(
                    processes.start(
                            name,
                            installation.rheaKv(
                                    "RheaKvServer",
                                    List.of(
                                            addresses.get(i),
                                            String.join(",", addresses),
                                            data.toString())),
                            Map.of()));
        }
        for (int i = 0; i < nodes; i++) {
            Ports.awaitListening(ports.get(i), children.get(i));
        }
        return addresses;
    }

    @Override
    public List<String> client(Path folder, LoadArguments load) {
        return installation.rheaKv("RheaKvTarget", load.toArguments());
    }
}
