package io.flaredb.peers.driver;

import io.flaredb.bytes.Bytes;
import io.flaredb.peers.load.Load;
import io.flaredb.peers.load.PeerTarget;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Redis over one connection, on which commands do not wait for each other's answers.
 *
 * <p>A versioned value is 16 digits, its version, and the value behind them. A swap is a script
 * that compares the digits and counts on.
 */
final class RedisTarget extends PeerTarget {
    private static final int VERSION_DIGITS = 16;

    /** Keys: the key. Arguments: the expected version, 0 for none; the value. -1: a conflict. */
    private static final String SWAP =
            """
            local found = tonumber(redis.call('GETRANGE', KEYS[1], 0, 15)) or 0
            if found ~= tonumber(ARGV[1]) then
              return -1
            end
            local version = found + 1
            redis.call('SET', KEYS[1], string.format('%016.0f', version) .. ARGV[2])
            return version
            """;

    private final ClientResources resources;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final String swap;

    /**
     * Connects.
     *
     * @param merging whether commands that answers of one read lead to leave in one write; if not,
     *     each is a write of its own, as Lettuce does it by itself
     */
    RedisTarget(String address, boolean merging) {
        super("redis");
        resources = resources(merging);
        client = RedisClient.create(resources, RedisURI.create("redis://" + address));
        connection = client.connect(ByteArrayCodec.INSTANCE);
        commands = connection.async();
        swap = connection.sync().scriptLoad(SWAP.getBytes(StandardCharsets.US_ASCII));
    }

    private static ClientResources resources(boolean merging) {
        ClientResources.Builder builder = ClientResources.builder();
        return merging ? builder.nettyCustomizer(new FewerFlushes()).build() : builder.build();
    }

    public static void main(String[] arguments) {
        Load.main(arguments, addresses -> new RedisTarget(addresses.getFirst(), false));
    }

    private static final class FewerFlushes implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline().addFirst(new FlushConsolidationHandler());
        }
    }

    @Override
    public CompletableFuture<?> put(Bytes key, Bytes value) {
        return commands.set(raw(key), value.unsafeArray()).toCompletableFuture();
    }

    @Override
    public CompletableFuture<Boolean> get(Bytes key) {
        return commands.get(raw(key)).toCompletableFuture().thenApply(value -> value != null);
    }

    @Override
    public CompletableFuture<Long> version(Bytes key) {
        CompletableFuture<byte[]> head =
                commands.getrange(versioned(key), 0, VERSION_DIGITS - 1).toCompletableFuture();
        return head.thenApply(digits ->
                digits.length == 0
                        ? 0
                        : Long.parseLong(new String(digits, StandardCharsets.US_ASCII)));
    }

    @Override
    public CompletableFuture<OptionalLong> swap(Bytes key, long expectedVersion, Bytes value) {
        byte[] expected = Long.toString(expectedVersion).getBytes(StandardCharsets.US_ASCII);
        byte[][] keys = {versioned(key)};
        return commands.<Long>evalsha(
                        swap, ScriptOutputType.INTEGER, keys, expected, value.unsafeArray())
                .toCompletableFuture()
                .thenApply(
                        version -> version < 0 ? OptionalLong.empty() : OptionalLong.of(version));
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        resources.shutdown();
    }
}
