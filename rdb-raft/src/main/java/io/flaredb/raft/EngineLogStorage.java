package io.flaredb.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.conf.ConfigurationEntry;
import com.alipay.sofa.jraft.conf.ConfigurationManager;
import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.codec.LogEntryDecoder;
import com.alipay.sofa.jraft.entity.codec.LogEntryEncoder;
import com.alipay.sofa.jraft.entity.codec.v2.V2Decoder;
import com.alipay.sofa.jraft.entity.codec.v2.V2Encoder;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import io.flaredb.storage.RaftLog;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A group's log in the store's engine. A write that fails is reported as failed, whereupon the
 * library stops the replica, and to the store, since its disk is everybody's. So is a read that
 * fails.
 */
final class EngineLogStorage implements LogStorage {
    private final RaftLog log;
    private final Consumer<Throwable> onFatal;
    private final NewestEntries newest = new NewestEntries();
    private final LogEntryEncoder encoder = V2Encoder.INSTANCE;
    private final LogEntryDecoder decoder = V2Decoder.INSTANCE;

    EngineLogStorage(RaftLog log, Consumer<Throwable> onFatal) {
        this.log = log;
        this.onFatal = onFatal;
    }

    @Override
    public boolean init(LogStorageOptions options) {
        ConfigurationManager configurations = options.getConfigurationManager();
        for (long index : log.configurations()) {
            LogEntry entry = getEntry(index);
            if (entry == null) {
                return false;
            }
            ConfigurationEntry found = new ConfigurationEntry();
            found.setId(entry.getId().copy());
            found.setConf(new Configuration(entry.getPeers(), entry.getLearners()));
            if (entry.getOldPeers() != null) {
                found.setOldConf(new Configuration(entry.getOldPeers(), entry.getOldLearners()));
            }
            configurations.add(found);
        }
        // Else it would be read for each heartbeat until another is appended.
        LogEntry last = getEntry(log.lastIndex());
        if (last != null) {
            newest.add(last);
        }
        return true;
    }

    @Override
    public void shutdown() {
        // The engine outlives its groups.
    }

    @Override
    public long getFirstLogIndex() {
        return log.firstIndex();
    }

    @Override
    public long getLastLogIndex() {
        return log.lastIndex();
    }

    @Override
    public @Nullable LogEntry getEntry(long index) {
        LogEntry known = newest.get(index);
        if (known != null) {
            return known;
        }
        byte[] stored;
        try {
            stored = log.read(index);
        } catch (RuntimeException e) {
            onFatal.accept(e); // or a follower would wait for ever for an entry that rotted here
            throw e;
        }
        return stored == null ? null : decoder.decode(stored);
    }

    @Override
    @Deprecated
    public long getTerm(long index) {
        LogEntry entry = getEntry(index);
        return entry == null ? 0 : entry.getId().getTerm();
    }

    @Override
    public boolean appendEntry(LogEntry entry) {
        return appendEntries(List.of(entry)) == 1;
    }

    @Override
    public int appendEntries(List<LogEntry> entries) {
        if (entries.isEmpty()) {
            return 0;
        }
        List<RaftLog.Entry> encoded = new ArrayList<>(entries.size());
        for (LogEntry entry : entries) {
            encoded.add(
                    new RaftLog.Entry(
                            encoder.encode(entry),
                            entry.getType() == EntryType.ENTRY_TYPE_CONFIGURATION));
        }
        long first = entries.get(0).getId().getIndex();
        if (!succeeds(() -> log.append(first, encoded))) {
            return 0;
        }
        entries.forEach(newest::add);
        return entries.size();
    }

    @Override
    public boolean truncatePrefix(long firstIndexKept) {
        return succeeds(() -> log.truncatePrefix(firstIndexKept));
    }

    @Override
    public boolean truncateSuffix(long lastIndexKept) {
        newest.clear();
        return succeeds(() -> log.truncateSuffix(lastIndexKept));
    }

    @Override
    public boolean reset(long nextLogIndex) {
        newest.clear();
        return succeeds(() -> log.reset(nextLogIndex));
    }

    private boolean succeeds(Runnable change) {
        try {
            change.run();
            return true;
        } catch (RuntimeException e) {
            onFatal.accept(e);
            return false;
        }
    }
}
