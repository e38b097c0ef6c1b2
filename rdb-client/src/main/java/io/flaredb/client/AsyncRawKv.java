package io.flaredb.client;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@link RawKv} without blocking. Nothing is thrown: a future completes exceptionally with the
 * {@link FlareDbException} that the blocking method would throw. Cancelling a future does not stop
 * the operation.
 */
public interface AsyncRawKv {
    /** See {@link RawKv#put}. */
    CompletableFuture<Void> put(Bytes key, Bytes value);

    /** See {@link RawKv#get}. */
    CompletableFuture<Optional<Bytes>> get(Bytes key);

    /** See {@link RawKv#delete}. */
    CompletableFuture<Void> delete(Bytes key);

    /** See {@link RawKv#scan(KeyRange, int)}; to go on, scan from the last key's {@code next()}. */
    CompletableFuture<List<KeyValue>> scan(KeyRange range, int limit);

    /** See {@link RawKv#batchGet}. */
    CompletableFuture<Map<Bytes, Bytes>> batchGet(Collection<Bytes> keys);

    /** See {@link RawKv#batchPut}. */
    CompletableFuture<Void> batchPut(Map<Bytes, Bytes> entries);
}
