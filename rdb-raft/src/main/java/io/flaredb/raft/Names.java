package io.flaredb.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import io.flaredb.storage.RegionId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Our ids as the library's names. It wants addresses; ours say {@code STORE-PEER:0}, and the
 * transport looks the store up. They are in the log of every group, so they can never change.
 */
final class Names {
    private Names() {}

    /** Differs between clusters, since the library finds groups in one map for the process. */
    static String group(long clusterId, RegionId region) {
        return "c" + Long.toHexString(clusterId) + "-r" + Long.toUnsignedString(region.value());
    }

    static PeerId of(Peer peer) {
        return new PeerId(peer.toString(), 0);
    }

    static List<PeerId> of(Collection<Peer> peers) {
        return peers.stream().map(Names::of).toList();
    }

    static Configuration of(Members members) {
        return new Configuration(of(members.voters()), of(members.learners()));
    }

    static Peer peer(PeerId name) {
        String[] parts = name.getIp().split("-", 2);
        if (parts.length != 2) {
            throw new IllegalArgumentException("no peer is called " + name);
        }
        return new Peer(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]));
    }

    static Peer parse(String name) {
        PeerId parsed = new PeerId();
        if (!parsed.parse(name)) {
            throw new IllegalArgumentException("no peer is called " + name);
        }
        return peer(parsed);
    }

    static @Nullable Peer peerOrNull(@Nullable PeerId name) {
        return name == null || name.isEmpty() ? null : peer(name);
    }

    static Members members(Configuration configuration) {
        return new Members(
                configuration.listPeers().stream().map(Names::peer).toList(),
                new LinkedHashSet<>(configuration.listLearners())
                        .stream().map(Names::peer).toList());
    }
}
