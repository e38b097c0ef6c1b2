package io.flaredb.client;

import java.util.List;

/**
 * What the replicas of a region hold, all as of one entry of its log.
 *
 * @param regionId unsigned, never 0
 * @param index of the log entry at which each replica was looked at; 0: none answered
 * @param replicas one for each peer, in the order of the region's description
 */
public record RegionCheck(long regionId, long index, List<Replica> replicas) {
    public RegionCheck {
        replicas = List.copyOf(replicas);
    }

    /** One replica: {@link Computed}, or {@link Missing}. */
    public sealed interface Replica {
        /** The store that holds it; unsigned, never 0. */
        long storeId();
    }

    /**
     * What a replica holds.
     *
     * @param checksum over all keys, values and versions; any 64 bits
     * @param rawRecords keys of the raw key space
     * @param casRecords keys of the versioned key space
     */
    public record Computed(long storeId, long checksum, long rawRecords, long casRecords)
            implements Replica {}

    /**
     * A replica that was not looked at.
     *
     * @param reason one line for a person, say that its store cannot be reached
     */
    public record Missing(long storeId, String reason) implements Replica {}

    /** Whether all replicas were looked at and hold the same. */
    public boolean isConsistent() {
        return !replicas.isEmpty()
                && replicas.get(0) instanceof Computed first
                && replicas.stream()
                        .allMatch(replica ->
                                replica.equals(
                                        new Computed(
                                                replica.storeId(),
                                                first.checksum(),
                                                first.rawRecords(),
                                                first.casRecords())));
    }
}
