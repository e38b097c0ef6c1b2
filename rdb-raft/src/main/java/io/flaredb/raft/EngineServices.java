package io.flaredb.raft;

import com.alipay.sofa.jraft.JRaftServiceFactory;
import com.alipay.sofa.jraft.entity.codec.LogEntryCodecFactory;
import com.alipay.sofa.jraft.entity.codec.v2.LogEntryV2CodecFactory;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.SnapshotStorage;
import io.flaredb.storage.RaftLog;
import java.util.function.Consumer;

/** Gives the library the storage of one group. */
final class EngineServices implements JRaftServiceFactory {
    private final RaftLog log;
    private final RegionSnapshots snapshots;
    private final Consumer<Throwable> onFatal;

    EngineServices(RaftLog log, RegionSnapshots snapshots, Consumer<Throwable> onFatal) {
        this.log = log;
        this.snapshots = snapshots;
        this.onFatal = onFatal;
    }

    @Override
    public LogStorage createLogStorage(String uri, RaftOptions options) {
        return new EngineLogStorage(log, onFatal);
    }

    @Override
    public SnapshotStorage createSnapshotStorage(NodeOptions options) {
        return snapshots;
    }

    @Override
    public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions options) {
        return new EngineMetaStorage(log, onFatal);
    }

    @Override
    public LogEntryCodecFactory createLogEntryCodecFactory() {
        return LogEntryV2CodecFactory.getInstance();
    }
}
