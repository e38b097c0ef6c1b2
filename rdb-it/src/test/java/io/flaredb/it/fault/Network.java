package io.flaredb.it.fault;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network for the processes of a cluster, each node in a namespace of its own, that can be cut in
 * any direction and loses packets on demand. Packets are dropped where they arrive, without a word
 * to the sender, so connections that stand notice nothing but silence.
 *
 * <pre>
 *  namespace of this JVM            namespaces of the nodes
 *  +-----------------------+        +---------------------+
 *  | clients    bridge ----+--veth--+ eth0  node 0   nft  |
 *  |   nft        |  |     |        +---------------------+
 *  |              |  +-----+--veth--+ eth0  node 1   nft  |
 *  +--------------+--------+        +---------------------+
 * </pre>
 *
 * <p>Nothing is put into the machine's own network: the JVM itself has to be started behind {@link
 * #launcher()}. No namespace has a name, so runs side by side do not meet, and all of it is gone
 * when the JVM is, even after kill -9; so are all processes that the JVM started, and its mounts.
 *
 * <p>There is no delay and no reordering: netem is not in every kernel.
 *
 * <p>For several threads.
 */
public final class Network implements AutoCloseable {
    /** The clients' place, as {@code from} and {@code to}: this JVM. */
    public static final int CLIENT = -1;

    private static final int MOST_NODES = 200;
    private static final String SUBNET = "10.77.0.";
    private static final String BRIDGE = "flare";
    private static final String CLIENT_HOST = SUBNET + "1";
    private static final Pattern DROPPED = Pattern.compile("counter packets (\\d+) ");

    private final List<NetworkNamespace> nodes = new ArrayList<>();

    @GuardedBy("this")
    private final Set<Cut> cuts = new HashSet<>();

    @GuardedBy("this")
    private final Map<Integer, Integer> lossPercents = new HashMap<>();

    private record Cut(int from, int to) {}

    private Network() {}

    /** What the machine lacks for this, if anything; wherever this JVM runs. */
    public static Optional<String> missing() {
        String attempt =
                "ip link set lo up && ip link add br0 type bridge"
                        + " && ip link add veth0 type veth peer name veth1"
                        + " && nft 'add table ip t; add chain ip t c { type filter hook input priority"
                        + " 0; }; add rule ip t c numgen random mod 100 < 1 counter drop'"
                        + " && command -v nsenter";
        List<String> command = new ArrayList<>(launcher());
        command.addAll(List.of("sh", "-c", attempt));
        Finished finished = FlareProcess.start(command, Map.of()).awaitExit();
        return finished.exitCode() == 0
                ? Optional.empty()
                : Optional.of(
                        "the right to make network namespaces, iproute2 and nftables: "
                                + finished.stderr());
    }

    /**
     * Put before the command of a JVM that is to {@link #create} networks. It gets namespaces of
     * its own for processes and mounts as well: nothing it starts or mounts outlives it. What it is
     * to be ended by is SIGKILL: unshare takes no notice of SIGTERM.
     */
    public static List<String> launcher() {
        return List.of(
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "--",
                "env",
                NetworkNamespace.OUTER + "=" + NetworkNamespace.own());
    }

    /**
     * Makes a network of so many nodes around this JVM; one at a time.
     *
     * @throws IllegalStateException if this JVM was not started by {@link #launcher()}
     */
    public static Network create(int nodes) {
        if (nodes < 1 || nodes > MOST_NODES) {
            throw new IllegalArgumentException(nodes + " nodes: 1 to " + MOST_NODES);
        }
        if (!NetworkNamespace.thisProcessIsApart()) {
            throw new IllegalStateException(
                    "this JVM must be in a network namespace of its own: start it by "
                            + String.join(" ", launcher()));
        }
        Network network = new Network();
        try {
            network.raiseBridge();
            for (int node = 0; node < nodes; node++) {
                network.addNode(node);
            }
            return network;
        } catch (RuntimeException | Error e) {
            network.close();
            throw e;
        }
    }

    private void raiseBridge() {
        shell(
                List.of(),
                "ip link set lo up",
                "ip link add %s type bridge".formatted(BRIDGE),
                "ip addr add %s/24 dev %s".formatted(CLIENT_HOST, BRIDGE),
                "ip link set %s up".formatted(BRIDGE));
        raiseFilter(List.of());
    }

    private void addNode(int node) {
        NetworkNamespace namespace = NetworkNamespace.create();
        nodes.add(namespace);
        String here = BRIDGE + node;
        shell(
                List.of(),
                "ip link add %s type veth peer name eth0 netns %s".formatted(here, namespace.pid()),
                "ip link set %s master %s up".formatted(here, BRIDGE));
        shell(
                namespace.prefix(),
                "ip link set lo up",
                "ip addr add %s/24 dev eth0".formatted(host(node)),
                "ip link set eth0 up");
        raiseFilter(namespace.prefix());
    }

    private static void raiseFilter(List<String> prefix) {
        nft(
                prefix,
                "add table ip flare",
                "add chain ip flare heard { type filter hook input priority 0; }");
    }

    /** The address of a node, or of {@link #CLIENT}. */
    public String host(int node) {
        return node == CLIENT ? CLIENT_HOST : SUBNET + (node + 2);
    }

    /** Put before a command, which then runs on the node; the process stays the same (exec). */
    public List<String> commandPrefix(int node) {
        return nodes.get(node).prefix();
    }

    /** Drops all packets on their way from one place to another; not those on the way back. */
    public synchronized void cut(int from, int to) {
        cuts.add(new Cut(from, to));
        apply(to);
    }

    /** Cuts a node from all others and the clients, both ways. */
    public void isolate(int node) {
        Set<Integer> others = new TreeSet<>(places());
        others.remove(node);
        split(Set.of(node), others);
    }

    /** Cuts two sets of places from each other, both ways. */
    public synchronized void split(Set<Integer> one, Set<Integer> other) {
        for (int left : one) {
            for (int right : other) {
                cuts.add(new Cut(left, right));
                cuts.add(new Cut(right, left));
            }
        }
        Set<Integer> hit = new TreeSet<>(one);
        hit.addAll(other);
        hit.forEach(this::apply);
    }

    /** Lets each of these nodes talk only to its two neighbours in the ring; takes four or more. */
    public synchronized void ring(List<Integer> ring) {
        for (int i = 0; i < ring.size(); i++) {
            for (int j = 0; j < ring.size(); j++) {
                int steps = Math.floorMod(i - j, ring.size());
                if (steps > 1 && steps < ring.size() - 1) {
                    cuts.add(new Cut(ring.get(i), ring.get(j)));
                }
            }
        }
        ring.forEach(this::apply);
    }

    /** Loses so many percent, 0 to 100, of the packets that a node gets from other nodes. */
    public synchronized void lose(int node, int percent) {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException(percent + "%");
        }
        lossPercents.put(node, percent);
        apply(node);
    }

    /** Ends all cuts and losses. */
    public synchronized void heal() {
        cuts.clear();
        lossPercents.clear();
        places().forEach(this::apply);
    }

    /** How many packets a place, {@link #CLIENT} too, was sent in vain since its last change. */
    public long dropped(int place) {
        Matcher counter = DROPPED.matcher(nft(prefix(place), "list chain ip flare heard"));
        long packets = 0;
        while (counter.find()) {
            packets += Long.parseLong(counter.group(1));
        }
        return packets;
    }

    /** In one transaction, so no packet slips through between two rules. */
    @GuardedBy("this")
    private void apply(int place) {
        List<String> rules = new ArrayList<>();
        rules.add("flush chain ip flare heard");
        for (Cut cut : cuts) {
            if (cut.to() == place) {
                rules.add(
                        "add rule ip flare heard ip saddr %s counter drop"
                                .formatted(host(cut.from())));
            }
        }
        int loss = lossPercents.getOrDefault(place, 0);
        if (loss > 0) {
            rules.add(
                    ("add rule ip flare heard iifname != lo ip saddr != %s"
                                    + " numgen random mod 100 < %d counter drop")
                            .formatted(CLIENT_HOST, loss));
        }
        nft(prefix(place), rules.toArray(String[]::new));
    }

    private List<Integer> places() {
        List<Integer> places = new ArrayList<>(List.of(CLIENT));
        for (int node = 0; node < nodes.size(); node++) {
            places.add(node);
        }
        return places;
    }

    private List<String> prefix(int place) {
        return place == CLIENT ? List.of() : commandPrefix(place);
    }

    private static void shell(List<String> prefix, String... commands) {
        run(prefix, "sh", "-e", "-c", String.join("\n", commands));
    }

    private static String nft(List<String> prefix, String... commands) {
        return run(prefix, "nft", String.join("; ", commands));
    }

    private static String run(List<String> prefix, String... command) {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(List.of(command));
        Finished finished = FlareProcess.start(line, Map.of()).awaitExit();
        if (finished.exitCode() != 0) {
            throw new IllegalStateException(line + ": " + finished.stderr());
        }
        return finished.stdout();
    }

    /** Takes the network down. Processes that still run on its nodes hear nobody any more. */
    @Override
    public void close() {
        List<String> commands = new ArrayList<>();
        for (int node = 0; node < nodes.size(); node++) {
            nodes.get(node).close();
            commands.add("ip link del %s%d 2>/dev/null || true".formatted(BRIDGE, node));
        }
        commands.add("ip link del %s 2>/dev/null || true".formatted(BRIDGE));
        commands.add("nft delete table ip flare 2>/dev/null || true");
        shell(List.of(), commands.toArray(String[]::new));
    }
}
