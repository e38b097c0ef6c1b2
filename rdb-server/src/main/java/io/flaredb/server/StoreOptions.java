package io.flaredb.server;

import io.flaredb.server.read.ReadLimits;
import io.flaredb.server.write.WriteLimits;
import io.flaredb.storage.StorageOptions;
import java.time.Duration;

/**
 * How a store works. Start from {@link #defaults()}.
 *
 * @param initialRegions what the store asks for if the cluster has no regions yet
 * @param leaseReads whether a leader trusts its lease instead of asking a majority before a read;
 *     faster, and linearizable only as long as no clock runs away
 * @param electionTimeout silence after which a follower looks for a new leader; 100 ms to 60 s
 * @param snapshotAfterEntries applied entries after which a region's log is cut; 1 or more
 * @param heartbeatInterval how often it tells the placement driver that it is alive; 100 ms to 1
 *     minute
 * @param joinTimeout how long it waits at its start for the placement driver to answer
 * @param stopGrace how long what was accepted may take once it stops: first the writes, then the
 *     reads, then the calls
 */
public record StoreOptions(
        StorageOptions storage,
        WriteLimits writes,
        ReadLimits reads,
        InitialRegions initialRegions,
        boolean leaseReads,
        Duration electionTimeout,
        long snapshotAfterEntries,
        Duration heartbeatInterval,
        Duration joinTimeout,
        Duration stopGrace) {

    /** What holds where nothing else is said. */
    public static StoreOptions defaults() {
        return new StoreOptions(
                StorageOptions.defaults(),
                WriteLimits.DEFAULT,
                ReadLimits.DEFAULT,
                InitialRegions.DEFAULT,
                false,
                Duration.ofSeconds(1),
                100_000,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    /** The same with other storage options. */
    public StoreOptions withStorage(StorageOptions other) {
        return new StoreOptions(
                other,
                writes,
                reads,
                initialRegions,
                leaseReads,
                electionTimeout,
                snapshotAfterEntries,
                heartbeatInterval,
                joinTimeout,
                stopGrace);
    }

    /** The same with other limits of writes. */
    public StoreOptions withWrites(WriteLimits other) {
        return new StoreOptions(
                storage,
                other,
                reads,
                initialRegions,
                leaseReads,
                electionTimeout,
                snapshotAfterEntries,
                heartbeatInterval,
                joinTimeout,
                stopGrace);
    }

    /** The same with other regions to ask for. */
    public StoreOptions withInitialRegions(InitialRegions other) {
        return new StoreOptions(
                storage,
                writes,
                reads,
                other,
                leaseReads,
                electionTimeout,
                snapshotAfterEntries,
                heartbeatInterval,
                joinTimeout,
                stopGrace);
    }

    /** The same, trusting leases for reads or not. */
    public StoreOptions withLeaseReads(boolean other) {
        return new StoreOptions(
                storage,
                writes,
                reads,
                initialRegions,
                other,
                electionTimeout,
                snapshotAfterEntries,
                heartbeatInterval,
                joinTimeout,
                stopGrace);
    }

    /** The same with another election timeout. */
    public StoreOptions withElectionTimeout(Duration other) {
        return new StoreOptions(
                storage,
                writes,
                reads,
                initialRegions,
                leaseReads,
                other,
                snapshotAfterEntries,
                heartbeatInterval,
                joinTimeout,
                stopGrace);
    }

    /** The same with another length of the log at which it is cut. */
    public StoreOptions withSnapshotAfterEntries(long other) {
        return new StoreOptions(
                storage,
                writes,
                reads,
                initialRegions,
                leaseReads,
                electionTimeout,
                other,
                heartbeatInterval,
                joinTimeout,
                stopGrace);
    }

    /** The same with another interval between heartbeats. */
    public StoreOptions withHeartbeatInterval(Duration other) {
        return new StoreOptions(
                storage,
                writes,
                reads,
                initialRegions,
                leaseReads,
                electionTimeout,
                snapshotAfterEntries,
                other,
                joinTimeout,
                stopGrace);
    }

    /** The same with another wait for the placement driver. */
    public StoreOptions withJoinTimeout(Duration other) {
        return new StoreOptions(
                storage,
                writes,
                reads,
                initialRegions,
                leaseReads,
                electionTimeout,
                snapshotAfterEntries,
                heartbeatInterval,
                other,
                stopGrace);
    }

    public StoreOptions {
        check("election-timeout", electionTimeout, "100 ms to 60 s", 100, 60_000);
        check("heartbeat-interval", heartbeatInterval, "100 ms to 1 min", 100, 60_000);
    }

    private static void check(
            String name, Duration value, String allowed, long minMillis, long maxMillis) {
        long millis = value.toMillis();
        if (millis < minMillis || millis > maxMillis) {
            throw new IllegalArgumentException(name + " is " + value + ": allowed are " + allowed);
        }
    }
}
