package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.option.NodeOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A group's options, and the way from there to its store's connections: the library makes the
 * client of a group by itself and hands it nothing but these.
 */
public final class TransportOptions extends NodeOptions {
    /**
     * A request to install a snapshot is answered when the region is copied, which takes as long as
     * there is data. Given up and sent again, it would make the follower begin anew, with a newer
     * snapshot, and never come to an end. A follower that is gone needs no limit: its connection
     * breaks, or is found dead, and that fails the call.
     */
    private static final Duration LONGEST_COPY = Duration.ofDays(1);

    private final Links links;
    private final AtomicInteger installing;

    /**
     * @param installing how many followers are being sent the records at present: counted here
     */
    public TransportOptions(Links links, AtomicInteger installing) {
        this.links = links;
        this.installing = installing;
        setRpcInstallSnapshotTimeout((int) LONGEST_COPY.toMillis());
    }

    Links links() {
        return links;
    }

    AtomicInteger installing() {
        return installing;
    }
}
