package io.flaredb.cli;

import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.InitialRegions;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.StoreServer;
import io.flaredb.storage.StoreIdentity;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flaredb server}. */
@Command(name = "server", description = "Run a store: it holds the data and serves clients.")
final class ServerCommand extends DaemonCommand {
    static final String DEFAULT_ADDRESS = "127.0.0.1:20160";

    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Where the data is; made if absent.")
    private Path dataDir;

    @Option(
            names = "--addr",
            paramLabel = "H:P",
            defaultValue = DEFAULT_ADDRESS,
            converter = Converters.ToldAddress.class,
            description =
                    "Where to serve; not 0.0.0.0, since clients and other servers are told this"
                            + " address. Port 0 takes any free one. Default: "
                            + DEFAULT_ADDRESS
                            + ".")
    private HostAndPort address;

    @Mixin private PdOption pd;
    @Mixin private MemoryOptions memory;

    @Option(
            names = "--initial-replicas",
            paramLabel = "N",
            defaultValue = "1",
            converter = InitialReplicas.class,
            description =
                    "How many stores hold each region of a new cluster, 1 to 7: so many are"
                            + " waited for. The same for all stores. Default: 1.")
    private int initialReplicas;

    @Mixin private InitialRegionsOption initialRegions;
    @Mixin private ReplicationOptions replication;

    @Option(
            names = "--join-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Converters.Durations.class,
            description = "How long to wait for PD at the start, 1ms to 1440m. Default: 30s.")
    private Duration joinTimeout;

    @Override
    ExitCode serve(Terminal terminal) {
        Daemon daemon = new Daemon();
        return daemon.run(terminal, () -> start(daemon));
    }

    private Daemon.Servers start(Daemon daemon) {
        HostAndPort placementDriver = pd.address();
        StoreOptions options =
                replication.applyTo(
                        StoreOptions.defaults()
                                .withStorage(memory.storage())
                                .withJoinTimeout(joinTimeout)
                                .withInitialRegions(
                                        new InitialRegions(
                                                initialReplicas, initialRegions.splitKeys())));
        StoreServer server =
                StoreServer.start(dataDir, address, placementDriver, options, daemon::fail);
        StoreIdentity identity = server.node().identity();
        return new Daemon.Servers(
                "flaredb server ready: "
                        + server.address()
                        + " store "
                        + Long.toUnsignedString(identity.storeId())
                        + " cluster "
                        + Long.toUnsignedString(identity.clusterId())
                        + " pd "
                        + placementDriver
                        + " data "
                        + dataDir,
                server::close);
    }

    static final class InitialReplicas extends Converters.Count {
        InitialReplicas() {
            super(7);
        }
    }
}
