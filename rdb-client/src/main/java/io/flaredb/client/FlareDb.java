package io.flaredb.client;

import io.flaredb.client.remote.RemoteBackend;
import io.flaredb.client.retry.Timer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A FlareDB: a cluster, or a store inside this very process. Both behave the same.
 *
 * <pre>{@code
 * try (FlareDb db = FlareDb.connect("127.0.0.1:2379")) {
 *     db.raw().put(Bytes.utf8("greeting"), Bytes.utf8("hello"));
 *     CasResult result = db.cas().put(Bytes.utf8("counter"), 0, Bytes.utf8("1"));
 * }
 * }</pre>
 *
 * <p>Thread-safe, and meant to be shared: one instance holds one set of connections.
 */
public interface FlareDb extends AutoCloseable {
    /** {@link #connect(String, FlareDbOptions)} with the defaults. */
    static FlareDb connect(String pdAddress) {
        return connect(pdAddress, FlareDbOptions.defaults());
    }

    /**
     * A client of a cluster. Returns at once: connections are made when they are first needed, so a
     * cluster that cannot be reached is reported by the first operation.
     *
     * @param pdAddress the placement driver's "host:port"
     * @throws InvalidRequestException if the address is not of this form
     */
    static FlareDb connect(String pdAddress, FlareDbOptions options) {
        Objects.requireNonNull(options, "options");
        Timer timer = new Timer("flaredb-client-timer");
        return new OpenFlareDb(new RemoteBackend(pdAddress, timer), timer, options);
    }

    /** {@link #openEmbedded(Path, FlareDbOptions)} with the defaults. */
    static FlareDb openEmbedded(Path dataDir) {
        return openEmbedded(dataDir, FlareDbOptions.defaults());
    }

    /**
     * A store inside this process, with no network. Needs the module {@code rdb-embedded} on the
     * class path and Java 25.
     *
     * @param dataDir its data folder, made if absent; of the same layout as the one of {@code
     *     flaredb dev}
     * @throws RefusedException if the module is missing, Java is too old, or the folder is in use
     *     or is not a FlareDB data folder
     * @throws UnavailableException if it does not start within minutes, or this thread is
     *     interrupted, whose flag stays set: then it may be opened again
     * @throws CorruptionException if it is damaged
     */
    static FlareDb openEmbedded(Path dataDir, FlareDbOptions options) {
        Objects.requireNonNull(options, "options"); // before the folder is taken
        return EmbeddedLoader.open(dataDir, options);
    }

    /** The raw key space: the last writer wins. */
    RawKv raw();

    /** The versioned key space: compare-and-swap. */
    CasKv cas();

    /** The timestamp oracle. */
    Tso tso();

    /** The cluster's stores and regions. */
    Cluster cluster();

    /**
     * Ends all connections, or closes the embedded store once the writes it has accepted are done.
     * Operations under way fail: reads with {@link UnavailableException}, writes that may have been
     * sent with {@link OutcomeUnknownException}. Closing twice is fine.
     */
    @Override
    void close();
}
