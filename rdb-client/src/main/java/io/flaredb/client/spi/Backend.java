package io.flaredb.client.spi;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.client.CasResult;
import io.flaredb.client.KeyValue;
import io.flaredb.client.RegionCheck;
import io.flaredb.client.RegionInfo;
import io.flaredb.client.StoreInfo;
import io.flaredb.client.TimestampRange;
import io.flaredb.client.VersionedEntry;
import io.flaredb.client.VersionedValue;
import io.flaredb.client.retry.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a FlareDB can do, with sizes and limits already checked.
 *
 * <p>No method blocks or throws: a future fails with a {@link io.flaredb.client.FlareDbException},
 * at the deadline at the latest. Futures complete on any thread, the caller's included, and what
 * depends on them must not block. Thread-safe.
 */
public interface Backend extends AutoCloseable {
    /**
     * The same for callers that wait for each answer on the spot, and so may as well do the work
     * themselves. Its methods may block as long as the work takes.
     */
    default Backend forWaitingCallers() {
        return this;
    }

    /**
     * The same with reads that any replica may answer, as far behind as it may be; this one where
     * there is only one replica.
     */
    default Backend stale() {
        return this;
    }

    CompletableFuture<Void> rawPut(Bytes key, Bytes value, Deadline deadline);

    CompletableFuture<Optional<Bytes>> rawGet(Bytes key, Deadline deadline);

    CompletableFuture<Void> rawDelete(Bytes key, Deadline deadline);

    /** At most {@code limit} entries, 1 to 10,000. The range is not empty. */
    CompletableFuture<Page<KeyValue>> rawScan(KeyRange range, int limit, Deadline deadline);

    /** The values of those keys that exist, in any order. Keys are distinct. */
    CompletableFuture<Map<Bytes, Bytes>> rawBatchGet(List<Bytes> keys, Deadline deadline);

    /**
     * Writes all or none of the entries of one region, of several regions each by itself. Keys are
     * distinct.
     */
    CompletableFuture<Void> rawBatchPut(List<KeyValue> entries, Deadline deadline);

    CompletableFuture<CasResult> compareAndSwap(
            Bytes key, long expectedVersion, Bytes value, Deadline deadline);

    CompletableFuture<CasResult> compareAndDelete(
            Bytes key, long expectedVersion, Deadline deadline);

    /** All or nothing. Keys are distinct, 1 to 1,000; those of several regions are refused. */
    CompletableFuture<CasBatchResult> casBatch(List<CasOperation> operations, Deadline deadline);

    CompletableFuture<Optional<VersionedValue>> casGet(Bytes key, Deadline deadline);

    /** As {@link #rawScan}. */
    CompletableFuture<Page<VersionedEntry>> casScan(KeyRange range, int limit, Deadline deadline);

    CompletableFuture<TimestampRange> timestamps(int count, Deadline deadline);

    CompletableFuture<Long> clusterId(Deadline deadline);

    CompletableFuture<List<StoreInfo>> stores(Deadline deadline);

    CompletableFuture<List<RegionInfo>> regions(Deadline deadline);

    /** Done when the peer on the store leads. */
    CompletableFuture<Void> transferLeader(long regionId, long storeId, Deadline deadline);

    /** Done when the new peer votes. */
    CompletableFuture<Void> addPeer(long regionId, long storeId, Deadline deadline);

    CompletableFuture<Void> removePeer(long regionId, long storeId, Deadline deadline);

    /** Replicas that do not answer in time are told of in the answer. */
    CompletableFuture<RegionCheck> checkRegion(long regionId, Deadline deadline);

    /**
     * Ends what is under way, see {@link io.flaredb.client.FlareDb#close}. Closing twice is fine.
     */
    @Override
    void close();
}
