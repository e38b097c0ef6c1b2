package io.flaredb.peers.system;

import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** etcd. Besides addresses it is told only to make room for what the load writes. */
final class EtcdSystem implements PeerSystem {
    /** The history of all keys is kept; the default, 2 GB, would end a long run. */
    private static final long QUOTA_BYTES = 8L << 30;

    private final Installation installation;

    EtcdSystem(Installation installation) {
        this.installation = installation;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Optional<String> unavailable(int nodes) {
        return installation.etcd() == null
                ? Optional.of("no etcd on this machine, and none could be fetched")
                : Optional.empty();
    }

    @Override
    public Optional<String> version() {
        @Nullable Path program = installation.etcd();
        return program == null
                ? Optional.empty()
                : Version.of(List.of(program.toString(), "--version"), Map.of());
    }

    @Override
    public List<String> start(Path folder, int nodes, Processes processes) throws IOException {
        @Nullable Path program = installation.etcd();
        if (program == null) {
            throw new IllegalStateException("no etcd");
        }
        List<Integer> ports = Ports.free(2 * nodes);
        List<Integer> clients = ports.subList(0, nodes);
        List<Integer> peers = ports.subList(nodes, 2 * nodes);
        String cluster =
                IntStream.range(0, nodes)
                        .mapToObj(i -> "etcd-" + i + "=" + url(peers.get(i)))
                        .collect(Collectors.joining(","));
        List<Processes.Child> children = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            String name = "etcd-" + i;
            List<String> command =
                    List.of(
                            program.toString(),
                            "--name=" + name,
                            "--data-dir=" + folder.resolve(name),
                            "--listen-client-urls=" + url(clients.get(i)),
                            "--advertise-client-urls=" + url(clients.get(i)),
                            "--listen-peer-urls=" + url(peers.get(i)),
                            "--initial-advertise-peer-urls=" + url(peers.get(i)),
                            "--initial-cluster=" + cluster,
                            "--initial-cluster-state=new",
                            "--quota-backend-bytes=" + QUOTA_BYTES,
                            "--logger=zap",
                            "--log-level=error");
            children.add(processes.start(name, command, Map.of()));
        }
        for (int i = 0; i < nodes; i++) {
            Ports.awaitListening(clients.get(i), children.get(i));
        }
        return clients.stream().map(Ports::address).toList();
    }

    private static String url(int port) {
        return "http://" + Ports.address(port);
    }

    @Override
    public List<String> client(Path folder, LoadArguments load) {
        return installation.driver("EtcdTarget", load.toArguments());
    }
}
