package io.flaredb.peers.system;

import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Redis, which syncs its log before it answers, and neither copies nor rewrites it meanwhile. */
final class RedisSystem implements PeerSystem {
    private final Installation installation;
    private final String name;
    private final String driver;

    private RedisSystem(Installation installation, String name, String driver) {
        this.installation = installation;
        this.name = name;
        this.driver = driver;
    }

    /** With the client as it comes. */
    static RedisSystem plain(Installation installation) {
        return new RedisSystem(installation, "redis", "RedisTarget");
    }

    /** With a client that puts what is ready together into one write. */
    static RedisSystem merged(Installation installation) {
        return new RedisSystem(installation, "redis-merged", "RedisMergedLoad");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<String> unavailable(int nodes) {
        if (nodes > 1) {
            return Optional.of("Redis answers before other nodes have what was written");
        }
        return installation.redis() == null
                ? Optional.of("no redis-server on this machine, and none could be fetched")
                : Optional.empty();
    }

    @Override
    public Optional<String> version() {
        @Nullable Path program = installation.redis();
        return program == null
                ? Optional.empty()
                : Version.of(List.of(program.toString(), "--version"), Map.of());
    }

    @Override
    public List<String> start(Path folder, int nodes, Processes processes) throws IOException {
        @Nullable Path program = installation.redis();
        if (program == null) {
            throw new IllegalStateException("no redis-server");
        }
        int port = Ports.free();
        List<String> command =
                List.of(
                        program.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        folder.toString(),
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always",
                        "--auto-aof-rewrite-percentage",
                        "0",
                        "--save",
                        "");
        Ports.awaitListening(port, processes.start("redis", command, Map.of()));
        return List.of(Ports.address(port));
    }

    @Override
    public List<String> client(Path folder, LoadArguments load) {
        return installation.driver(driver, load.toArguments());
    }
}
