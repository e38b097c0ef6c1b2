package io.flaredb.cli;

import io.flaredb.pd.PlacementDriverOptions;
import io.flaredb.pd.server.PlacementDriverServer;
import io.flaredb.rpc.HostAndPort;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code flaredb pd}. */
@Command(
        name = "pd",
        description = "Run the placement driver: it gives out timestamps and knows the stores.")
final class PdCommand extends DaemonCommand {
    @Option(
            names = "--data-dir",
            required = true,
            paramLabel = "DIR",
            description = "Where its data is; made if absent.")
    private Path dataDir;

    @Option(
            names = "--addr",
            paramLabel = "H:P",
            defaultValue = PdOption.DEFAULT,
            converter = Converters.Address.class,
            description =
                    "Where to listen; port 0 takes any free one. Default: "
                            + PdOption.DEFAULT
                            + ".")
    private HostAndPort address;

    @Override
    ExitCode serve(Terminal terminal) {
        Daemon daemon = new Daemon();
        return daemon.run(terminal, () -> start(daemon));
    }

    private Daemon.Servers start(Daemon daemon) {
        PlacementDriverServer pd =
                PlacementDriverServer.start(
                        address, dataDir, PlacementDriverOptions.defaults(), daemon::fail);
        return new Daemon.Servers(
                "flaredb pd ready: "
                        + pd.address()
                        + " cluster "
                        + Long.toUnsignedString(pd.clusterId())
                        + " data "
                        + dataDir,
                pd::close);
    }
}
