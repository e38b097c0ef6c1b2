package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.option.NodeOptions;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A group's options, and the way from there to its store's connections: the library makes the
 * client of a group by itself and hands it nothing but these.
 */
public final class TransportOptions extends NodeOptions {
    private final Links links;
    private final AtomicInteger installing;

    /**
     * @param installing how many followers are being sent the records at present: counted here
     */
    public TransportOptions(Links links, AtomicInteger installing) {
        this.links = links;
        this.installing = installing;
    }

    Links links() {
        return links;
    }

    AtomicInteger installing() {
        return installing;
    }
}
