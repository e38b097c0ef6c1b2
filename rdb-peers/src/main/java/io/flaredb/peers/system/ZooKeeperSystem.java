package io.flaredb.peers.system;

import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ZooKeeper, with what holds by default: it syncs its log before it answers. */
final class ZooKeeperSystem implements PeerSystem {
    private final Installation installation;

    ZooKeeperSystem(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String name() {
        return "zookeeper";
    }

    @Override
    public Optional<String> unavailable(int nodes) {
        return installation.notBuilt("rdb-peers");
    }

    @Override
    public List<String> start(Path folder, int nodes, Processes processes) throws IOException {
        List<Integer> ports = Ports.free(3 * nodes);
        List<Integer> clients = ports.subList(0, nodes);
        List<String> members = new ArrayList<>();
        for (int i = 1; i <= nodes && nodes > 1; i++) {
            members.add(
                    "server.%d=127.0.0.1:%d:%d"
                            .formatted(i, ports.get(nodes + i - 1), ports.get(2 * nodes + i - 1)));
        }
        List<Processes.Child> children = new ArrayList<>();
        for (int i = 1; i <= nodes; i++) {
            Path data = Files.createDirectories(folder.resolve("zookeeper-" + i));
            Files.writeString(data.resolve("myid"), Integer.toString(i));
            List<String> settings =
                    new ArrayList<>(
                            List.of(
                                    "dataDir=" + data,
                                    "clientPort=" + clients.get(i - 1),
                                    "clientPortAddress=127.0.0.1",
                                    "admin.enableServer=false",
                                    "tickTime=2000",
                                    "initLimit=10",
                                    "syncLimit=5"));
            settings.addAll(members);
            Path file = Files.write(folder.resolve("zookeeper-" + i + ".cfg"), settings);
            children.add(
                    processes.start(
                            "zookeeper-" + i,
                            installation.java(
                                    "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                                    List.of(file.toString())),
                            Map.of()));
        }
        for (int i = 0; i < nodes; i++) {
            Ports.awaitListening(clients.get(i), children.get(i));
        }
        return clients.stream().map(Ports::address).toList();
    }

    @Override
    public List<String> client(Path folder, LoadArguments load) {
        return installation.driver("ZooKeeperTarget", load.toArguments());
    }
}
