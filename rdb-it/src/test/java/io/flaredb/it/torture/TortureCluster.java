package io.flaredb.it.torture;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.client.RegionInfo;
import io.flaredb.it.fault.Network;
import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The cluster under torture: a PD and servers, each a process, and clients of it.
 *
 * <p>For the torture's thread.
 */
final class TortureCluster implements AutoCloseable {
    /** Entries after which a log is cut: few, so that whole regions are sent often. */
    static final int SNAPSHOT_AFTER = 500;

    /** Without one, gets and swaps come from RocksDB. */
    private static final List<String> RECORD_CACHES = List.of("0", "1MiB");

    private final MachineRoom room;
    private final Machine pd;
    private final List<Machine> servers = new ArrayList<>();
    private final List<FlareDb> clients = new ArrayList<>();
    private final FlareDb operator;
    private final int regions;
    private final int replicas;
    private boolean isDataWanted = true;

    /** Makes the machines; {@link #start} starts them. */
    TortureCluster(TortureOptions options, Path folder) throws IOException {
        regions = options.regions();
        replicas = options.servers();
        // Who is to hold regions that move has none at first.
        int servers =
                options.servers() + (options.faults().contains(FaultClass.MEMBERSHIP) ? 1 : 0);
        room = new MachineRoom(options, folder, servers + 1);
        pd = room.pd(servers);
        List<String> arguments = new ArrayList<>();
        arguments.addAll(
                List.of("server", "--block-cache=1MiB", "--pd", pd.node().place().address()));
        arguments.add("--write-buffer=64KiB"); // so that there are many tables, soon compacted
        arguments.add("--initial-replicas=" + replicas);
        arguments.add("--reads=" + options.reads());
        arguments.add("--snapshot-after=" + SNAPSHOT_AFTER);
        arguments.add("--remember-writes=30s"); // so that clients that were idle are forgotten
        if (regions > 1) {
            arguments.add("--initial-regions=" + String.join(",", KeyRing.splits(regions)));
        }
        for (int i = 0; i < servers; i++) {
            List<String> own = new ArrayList<>(arguments);
            own.add("--record-cache=" + RECORD_CACHES.get(i % RECORD_CACHES.size()));
            this.servers.add(room.server(i, own));
        }
        operator = client(Duration.ofSeconds(5));
    }

    /** Starts PD and servers and waits until they serve. */
    void start() {
        start(List.of(pd));
        start(servers.subList(0, replicas)); // which get the first regions
        start(servers.subList(replicas, servers.size()));
    }

    private static void start(List<Machine> machines) {
        machines.forEach(machine -> machine.node().launch());
        for (Machine machine : machines) {
            Optional<Finished> ended = machine.node().awaitReady();
            if (ended.isPresent()) {
                throw new IllegalStateException(machine + " did not start: " + ended.get());
            }
        }
    }

    Machine pd() {
        return pd;
    }

    List<Machine> servers() {
        return servers;
    }

    /** PD first: servers need it when they start. */
    List<Machine> machines() {
        List<Machine> machines = new ArrayList<>();
        machines.add(pd);
        machines.addAll(servers);
        return machines;
    }

    /** What joins the machines; only there if it is to fail. */
    Network network() {
        return room.network();
    }

    int regions() {
        return regions;
    }

    /** Of each region, while no fault is at work. */
    int replicas() {
        return replicas;
    }

    /** A client for what an operator does. */
    FlareDb operator() {
        return operator;
    }

    /** The server that holds damaged data, if one does; callable from any thread. */
    Optional<Machine> damaged() {
        return servers.stream().filter(Machine::holdsDamage).findFirst();
    }

    Placement placement() {
        return new Placement(operator, servers);
    }

    /** A new client, closed with the cluster. */
    FlareDb client(Duration timeout) {
        FlareDb client =
                FlareDb.connect(
                        pd.node().place().address(),
                        FlareDbOptions.defaults().withTimeout(timeout));
        clients.add(client);
        return client;
    }

    /**
     * A server that runs; now and then the one that leads some region.
     *
     * @return empty: none runs
     */
    Optional<Machine> anyServer(RandomGenerator random) {
        boolean leading = random.nextBoolean();
        int region = random.nextInt(regions);
        int any = random.nextInt(servers.size());
        Optional<Machine> leader = leading && pd.isStarted() ? leader(region) : Optional.empty();
        if (leader.isPresent()) {
            return leader;
        }
        for (int i = 0; i < servers.size(); i++) {
            Machine server = servers.get((any + i) % servers.size());
            if (server.isRunning()) {
                return Optional.of(server);
            }
        }
        return Optional.empty();
    }

    private Optional<Machine> leader(int region) {
        try {
            RegionInfo info = operator.cluster().regions().get(region);
            return servers.stream()
                    .filter(Machine::isRunning)
                    .filter(server -> info.leaderStoreId().orElse(0) == server.node().storeId())
                    .findFirst();
        } catch (FlareDbException pdIsAway) {
            return Optional.empty();
        }
    }

    /** Closes the clients and ends all processes; then all that these told is in the logs. */
    void stop() {
        clients.forEach(FlareDb::close);
        machines().forEach(machine -> machine.node().close());
    }

    /** Nobody will look at the data: {@link #close} need not keep those on disks that go. */
    void forgetData() {
        isDataWanted = false;
    }

    @Override
    public void close() {
        stop();
        if (isDataWanted) {
            servers.forEach(Machine::keepData);
        }
        machines().forEach(Machine::close);
        room.close();
    }
}
