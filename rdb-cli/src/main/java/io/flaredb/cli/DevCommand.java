package io.flaredb.cli;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.pd.server.PlacementDriverServer;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.InitialRegions;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.StoreServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code flaredb dev}. */
@Command(
        name = "dev",
        description = {
            "Run a whole FlareDB on this machine: the placement driver and a store in one process,"
                    + " or with --nodes several stores, each a process of its own."
        })
final class DevCommand extends DaemonCommand {
    private static final String DEFAULT_DATA_DIR = "flaredb-data";
    static final int MAX_NODES = 7;
    private static final int MAX_REPLICAS = 3;
    private static final int MAX_PORT = 65_535;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "1",
            converter = Nodes.class,
            description =
                    "How many stores, 1 to 7. From 2 on PD and each store is a process, and"
                            + " regions have 3 replicas if there are so many stores. Default: 1.")
    private int nodes;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = DEFAULT_DATA_DIR,
            description = "Where the data is; made if absent. Default: " + DEFAULT_DATA_DIR + ".")
    private Path dataDir;

    @Option(
            names = "--pd-addr",
            paramLabel = "H:P",
            defaultValue = PdOption.DEFAULT,
            converter = Converters.Address.class,
            description =
                    "Where clients connect; port 0 takes any free one. Default: "
                            + PdOption.DEFAULT
                            + ".")
    private HostAndPort pdAddress;

    @Option(
            names = "--addr",
            paramLabel = "H:P",
            defaultValue = ServerCommand.DEFAULT_ADDRESS,
            converter = Converters.ToldAddress.class,
            description =
                    "Where the store serves, the next ones at the ports behind it; not 0.0.0.0,"
                            + " since clients are told this address. Port 0 takes any free ones."
                            + " Default: "
                            + ServerCommand.DEFAULT_ADDRESS
                            + ".")
    private HostAndPort address;

    @Mixin private MemoryOptions memory;
    @Mixin private InitialRegionsOption initialRegions;
    @Mixin private ReplicationOptions replication;

    @Override
    ExitCode serve(Terminal terminal) {
        DevFolder folder = new DevFolder(dataDir);
        if (nodes == 1) {
            folder.checkForOneProcess();
            Daemon daemon = new Daemon();
            return daemon.run(terminal, () -> startInThisProcess(folder, daemon));
        }
        if (address.port() + nodes - 1 > MAX_PORT) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--addr "
                            + address
                            + " leaves no ports for "
                            + nodes
                            + " stores: the last would be above "
                            + MAX_PORT);
        }
        folder.checkForNodes(nodes);
        Daemon daemon = new Daemon();
        return daemon.run(terminal, () -> startProcesses(terminal, folder, daemon));
    }

    private Daemon.Servers startInThisProcess(DevFolder folder, Daemon daemon) {
        StoreOptions options =
                replication.applyTo(
                        StoreOptions.defaults()
                                .withStorage(memory.storage())
                                .withInitialRegions(
                                        new InitialRegions(1, initialRegions.splitKeys())));
        PlacementDriverServer pd =
                PlacementDriverServer.start(
                        pdAddress, folder.pd(), PlacementDriverOptions.defaults(), daemon::fail);
        StoreServer store;
        try {
            folder.checkForLostStore(pd.hasStores());
            store =
                    StoreServer.start(
                            folder.onlyStore(), address, pd.address(), options, daemon::fail);
        } catch (RuntimeException e) {
            pd.close();
            throw e;
        }
        return new Daemon.Servers(
                "flaredb dev ready: pd "
                        + pd.address()
                        + " store "
                        + store.address()
                        + " cluster "
                        + Long.toUnsignedString(pd.clusterId())
                        + " data "
                        + dataDir,
                () -> {
                    store.close(); // its last answers may still need PD
                    pd.close();
                });
    }

    private Daemon.Servers startProcesses(Terminal terminal, DevFolder folder, Daemon daemon) {
        List<String> everyChilds =
                List.of("--log-level=" + logLevel(terminal).name().toLowerCase(Locale.ROOT));
        DevCluster cluster = new DevCluster(terminal, pdAddress, folder.pd(), everyChilds);
        try {
            for (int i = 0; i < nodes; i++) {
                cluster.startStore(storeAddress(i), folder.store(i + 1), storeArguments());
            }
            cluster.awaitStores();
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
        cluster.ended()
                .thenRun(() -> daemon.fail(new IllegalStateException("all processes have ended")));
        cluster.table().forEach(line -> terminal.out().print(line + '\n'));
        return new Daemon.Servers(
                "flaredb dev ready: " + cluster.whereabouts() + " data " + dataDir, cluster::close);
    }

    private HostAndPort storeAddress(int index) {
        return address.port() == 0 ? address : address.withPort(address.port() + index);
    }

    private List<String> storeArguments() {
        List<String> arguments = new ArrayList<>();
        arguments.add("--initial-replicas=" + Math.min(nodes, MAX_REPLICAS));
        arguments.addAll(memory.arguments());
        arguments.addAll(initialRegions.arguments());
        arguments.addAll(replication.arguments());
        return arguments;
    }

    static final class Nodes extends Converters.Count {
        Nodes() {
            super(MAX_NODES);
        }
    }
}
