package io.flaredb.cli;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.pd.server.PlacementDriverServer;
import io.flaredb.rpc.HostAndPort;
import io.flaredb.server.StoreOptions;
import io.flaredb.server.StoreServer;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code flaredb dev}. */
@Command(
        name = "dev",
        description = "Run a whole FlareDB in one process: the placement driver and a store.")
final class DevCommand extends DaemonCommand {
    private static final String DEFAULT_DATA_DIR = "flaredb-data";

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
            converter = Converters.Address.class,
            description =
                    "Where the store serves; port 0 takes any free one. Default: "
                            + ServerCommand.DEFAULT_ADDRESS
                            + ".")
    private HostAndPort address;

    @Mixin private CacheOption cache;

    @Override
    ExitCode serve(Terminal terminal) {
        Daemon daemon = new Daemon();
        PlacementDriverServer pd =
                PlacementDriverServer.start(
                        pdAddress, dataDir.resolve("pd"), PlacementDriverOptions.defaults());
        StoreServer store;
        try {
            store =
                    StoreServer.start(
                            dataDir.resolve("store"),
                            address,
                            pd.address(),
                            StoreOptions.defaults().withStorage(cache.storage()),
                            daemon::fail);
        } catch (RuntimeException e) {
            pd.close();
            throw e;
        }
        return daemon.run(
                terminal,
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
}
