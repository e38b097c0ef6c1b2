package io.flaredb.raft;

import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import io.flaredb.storage.HardState;
import io.flaredb.storage.RaftLog;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Term and vote of a replica in the store's engine: durable before the library asks for votes or
 * answers with one. A write that fails stops the replica; not every caller in the library looks at
 * the answer.
 *
 * <p>Called under the library's lock of the replica.
 */
final class EngineMetaStorage implements RaftMetaStorage {
    private final RaftLog log;
    private final Consumer<Throwable> onFatal;
    private HardState state = HardState.NONE;
    private @Nullable NodeImpl node;

    EngineMetaStorage(RaftLog log, Consumer<Throwable> onFatal) {
        this.log = log;
        this.onFatal = onFatal;
    }

    @Override
    public boolean init(RaftMetaStorageOptions options) {
        node = options.getNode();
        state = log.hardState();
        return state.vote().isEmpty() || new PeerId().parse(state.vote());
    }

    @Override
    public void shutdown() {
        // Nothing is kept back.
    }

    @Override
    public boolean setTerm(long term) {
        return save(new HardState(term, state.vote()));
    }

    @Override
    public long getTerm() {
        return state.term();
    }

    @Override
    public boolean setVotedFor(PeerId peer) {
        return save(new HardState(state.term(), vote(peer)));
    }

    @Override
    public PeerId getVotedFor() {
        PeerId peer = PeerId.emptyPeer();
        if (!state.vote().isEmpty() && !peer.parse(state.vote())) {
            throw new IllegalStateException("no vote: " + state.vote());
        }
        return peer;
    }

    @Override
    public boolean setTermAndVotedFor(long term, PeerId peer) {
        return save(new HardState(term, vote(peer)));
    }

    private boolean save(HardState next) {
        try {
            log.save(next);
            state = next;
            return true;
        } catch (RuntimeException e) {
            onFatal.accept(e);
            if (node != null) {
                node.onError(
                        new RaftException(
                                ErrorType.ERROR_TYPE_META,
                                RaftError.EIO,
                                "term and vote could not be saved: %s",
                                String.valueOf(e.getMessage())));
            }
            return false;
        }
    }

    private static String vote(PeerId peer) {
        return peer.isEmpty() ? "" : peer.toString();
    }
}
