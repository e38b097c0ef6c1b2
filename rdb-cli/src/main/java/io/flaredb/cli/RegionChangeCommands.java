package io.flaredb.cli;

import io.flaredb.client.FlareDb;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator does to a region by hand: parts of {@code flaredb region}. */
final class RegionChangeCommands {
    private RegionChangeCommands() {}

    /** A command about one region. */
    abstract static class RegionChange extends ClientCommand {
        @Parameters(
                paramLabel = "REGION",
                converter = Converters.Unsigned64.class,
                description = Texts.REGION)
        long region;

        final ExitCode done(String what, Output output) {
            if (output.isJson()) {
                output.done(what);
            }
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "transfer-leader",
            description = "Make the replica on another store the region's leader.",
            footer = "%nReturns once that one leads.")
    static final class TransferLeader extends RegionChange {
        @Option(
                names = "--to",
                required = true,
                paramLabel = "STORE",
                converter = Converters.Unsigned64.class,
                description = "The store whose replica is to lead.")
        private long store;

        @Override
        ExitCode run(FlareDb db, Output output) {
            db.cluster().transferLeader(region, store);
            return done("transferred", output);
        }
    }

    @Command(
            name = "add-peer",
            description = "Give a region one more replica.",
            footer = {
                "%nReturns once the new replica has all data and votes. That takes as long as the",
                "data takes to be copied: without --timeout it waits for 10m."
            })
    static final class AddPeer extends RegionChange {
        @Option(
                names = "--store",
                required = true,
                paramLabel = "STORE",
                converter = Converters.Unsigned64.class,
                description = "The store that gets the replica.")
        private long store;

        @Override
        Duration defaultTimeout() {
            return Duration.ofMinutes(10);
        }

        @Override
        ExitCode run(FlareDb db, Output output) {
            db.cluster().addPeer(region, store);
            return done("added", output);
        }
    }

    @Command(
            name = "remove-peer",
            description = "Take a region's replica on a store away, with its data there.",
            footer = {
                "%nA leader hands leadership over before it goes. Refused where the region",
                "would have no majority left, since others of its replicas do not answer:",
                "remove those first."
            })
    static final class RemovePeer extends RegionChange {
        @Option(
                names = "--store",
                required = true,
                paramLabel = "STORE",
                converter = Converters.Unsigned64.class,
                description = "The store that loses the replica.")
        private long store;

        @Override
        ExitCode run(FlareDb db, Output output) {
            db.cluster().removePeer(region, store);
            return done("removed", output);
        }
    }
}
