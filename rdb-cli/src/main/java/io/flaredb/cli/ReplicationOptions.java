package io.flaredb.cli;

import io.flaredb.server.StoreOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/** How a store's regions agree among their replicas. */
final class ReplicationOptions {
    /** How a leader makes sure that it still leads before it answers a read. */
    enum Reads {
        READ_INDEX,
        LEASE
    }

    @Option(
            names = "--reads",
            paramLabel = "HOW",
            defaultValue = "read-index",
            converter = Converters.ReadKinds.class,
            completionCandidates = Converters.ReadKinds.class,
            description =
                    "What a leader does before it answers a read: read-index asks the other"
                            + " replicas, lease trusts the clock, which is faster. Default:"
                            + " read-index.")
    private Reads reads;

    @Option(
            names = "--election-timeout",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Converters.ElectionTimeout.class,
            description =
                    "How long a leader may be silent before another is elected, 100ms to 60s."
                            + " Default: 1s.")
    private Duration electionTimeout;

    @Option(
            names = "--remember-writes",
            paramLabel = "TIME",
            defaultValue = "10m",
            converter = Converters.RememberWrites.class,
            description =
                    "How long a client may be idle before a repeat of one of its writes is refused,"
                            + " 1s to 1440m. Default: 10m.")
    private Duration rememberWrites;

    @Option(
            names = "--snapshot-after",
            paramLabel = "N",
            defaultValue = "100000",
            converter = SnapshotAfter.class,
            description =
                    "Log entries after which a region's log is cut, 1 to 1000000000: a replica that"
                            + " has missed more gets the whole region. Default: 100000.")
    private int snapshotAfter;

    StoreOptions applyTo(StoreOptions options) {
        return options.withLeaseReads(reads == Reads.LEASE)
                .withElectionTimeout(electionTimeout)
                .withWrites(options.writes().withRememberFor(rememberWrites))
                .withSnapshotAfterEntries(snapshotAfter);
    }

    /** These options as another {@code flaredb} is to be given them. */
    List<String> arguments() {
        return List.of(
                "--reads=" + reads.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "--election-timeout=" + electionTimeout.toMillis() + "ms",
                "--remember-writes=" + rememberWrites.toMillis() + "ms",
                "--snapshot-after=" + snapshotAfter);
    }

    static final class SnapshotAfter extends Converters.Count {
        SnapshotAfter() {
            super(1_000_000_000);
        }
    }
}
