package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** {@link CasKv} without blocking; futures behave as those of {@link AsyncRawKv}. */
public interface AsyncCasKv {
    /** See {@link CasKv#put}. */
    CompletableFuture<CasResult> put(Bytes key, long expectedVersion, Bytes value);

    /** See {@link CasKv#get}. */
    CompletableFuture<Optional<VersionedValue>> get(Bytes key);

    /** See {@link CasKv#delete}. */
    CompletableFuture<CasResult> delete(Bytes key, long expectedVersion);

    /** See {@link CasKv#batch}. */
    CompletableFuture<CasBatchResult> batch(List<CasOperation> operations);

    /**
     * See {@link CasKv#update}.
     *
     * @param change runs on the executor of {@link FlareDbOptions}
     */
    CompletableFuture<VersionedValue> update(Bytes key, Function<Optional<Bytes>, Bytes> change);

    /** See {@link CasKv#scan(KeyRange, int)}. */
    CompletableFuture<List<VersionedEntry>> scan(KeyRange range, int limit);
}
