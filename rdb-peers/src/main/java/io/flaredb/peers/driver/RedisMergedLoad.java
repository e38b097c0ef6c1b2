package io.flaredb.peers.driver;

import io.flaredb.peers.load.Load;

/** Load on Redis by a client that was taught to write less often. */
final class RedisMergedLoad {
    private RedisMergedLoad() {}

    public static void main(String[] arguments) {
        Load.main(arguments, addresses -> new RedisTarget(addresses.getFirst(), true));
    }
}
