package io.flaredb.raft.transport;

import com.alipay.sofa.jraft.option.NodeOptions;

/**
 * A group's options, and the way from there to its store's connections: the library makes the
 * client of a group by itself and hands it nothing but these.
 */
public final class TransportOptions extends NodeOptions {
    private final Links links;

    public TransportOptions(Links links) {
        this.links = links;
    }

    Links links() {
        return links;
    }
}
