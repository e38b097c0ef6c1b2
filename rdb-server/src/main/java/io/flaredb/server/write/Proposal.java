package io.flaredb.server.write;

import io.flaredb.bytes.Bytes;
import io.flaredb.storage.Command;
import io.flaredb.storage.KeyValue;
import io.flaredb.storage.Outcome;
import io.flaredb.storage.RegionId;
import java.util.concurrent.CompletableFuture;

/**
 * A command on its way to being durable.
 *
 * @param outcome completed by the commit thread
 * @param sizeBytes of keys and values
 */
record Proposal(
        RegionId region, Command command, CompletableFuture<Outcome> outcome, long sizeBytes) {

    static Proposal of(RegionId region, Command command) {
        return new Proposal(region, command, new CompletableFuture<>(), sizeBytes(command));
    }

    private static long sizeBytes(Command command) {
        return switch (command) {
            case Command.RawPut(Bytes key, Bytes value) -> (long) key.size() + value.size();
            case Command.RawDelete(Bytes key) -> key.size();
            case Command.RawPutAll(var entries) -> {
                long sum = 0;
                for (KeyValue entry : entries) {
                    sum += (long) entry.key().size() + entry.value().size();
                }
                yield sum;
            }
            case Command.CompareAndSwap(Bytes key, _, Bytes value) ->
                    (long) key.size() + value.size();
            case Command.CompareAndDelete(Bytes key, _) -> key.size();
        };
    }
}
