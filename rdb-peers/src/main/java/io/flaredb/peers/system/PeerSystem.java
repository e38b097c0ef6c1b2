package io.flaredb.peers.system;

import io.flaredb.bench.Workload;
import io.flaredb.peers.load.LoadArguments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A system that is measured: how its servers are started, and the client that loads it. */
public interface PeerSystem {
    /** What reports call it, and the option {@code --peers}. */
    String name();

    /** Why it cannot be measured on so many nodes; empty: it can. */
    Optional<String> unavailable(int nodes);

    /**
     * The program and its version, as it says itself; empty of what is built into {@code
     * rdb-peers}, whose version never changes without FlareDB's.
     */
    default Optional<String> version() {
        return Optional.empty();
    }

    /** Whether it can do what a workload asks. */
    default boolean supports(Workload workload) {
        return switch (workload) {
            case PUT, GET, CAS -> true;
            case GET_STALE, CAS_CONTENDED, SCAN, MIXED, TSO -> false;
        };
    }

    /**
     * Starts servers without data; returns once they listen, which may be before they serve.
     *
     * @param folder of their data, empty
     * @return the addresses that the client is to be given
     * @throws IOException if a file cannot be written or a program not be started
     * @throws IllegalStateException if a server ends or takes too long
     */
    List<String> start(Path folder, int nodes, Processes processes) throws IOException;

    /** The command of the client process. */
    List<String> client(Path folder, LoadArguments load);
}
