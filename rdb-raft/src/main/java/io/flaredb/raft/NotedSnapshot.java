package io.flaredb.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.RaftLog;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A snapshot that is only a note: index, term and members; the library thinks of it as files. */
final class NotedSnapshot {
    private static final String SCHEME = "flaredb:";

    private NotedSnapshot() {}

    /** A snapshot, and the replica that can send what goes with it. */
    record At(Peer peer, SnapshotMeta meta) {
        static At fromUri(String uri) {
            String[] parts = uri.split(":", 3);
            if (parts.length != 3 || !uri.startsWith(SCHEME)) {
                throw new IllegalArgumentException("no snapshot of ours: " + uri);
            }
            return new At(
                    Names.peer(new PeerId(parts[1], 0)),
                    parse(Base64.getUrlDecoder().decode(parts[2])));
        }

        String uri() {
            return SCHEME + peer + ":" + Base64.getUrlEncoder().encodeToString(meta.toByteArray());
        }
    }

    static SnapshotMeta parse(byte[] noted) {
        try {
            return SnapshotMeta.parseFrom(noted);
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptionException("a region's snapshot is unreadable", e);
        }
    }

    /** One to start from. */
    static class Reader extends SnapshotReader {
        private final At at;

        Reader(At at) {
            this.at = at;
        }

        @Override
        public boolean init(Void nothing) {
            return true;
        }

        @Override
        public void shutdown() {
            // Nothing is held.
        }

        @Override
        public SnapshotMeta load() {
            return at.meta();
        }

        @Override
        public String generateURIForCopy() {
            return at.uri();
        }

        @Override
        public String getPath() {
            return "";
        }

        @Override
        public Set<String> listFiles() {
            return Set.of();
        }

        @Override
        public @Nullable Message getFileMeta(String fileName) {
            return null;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** One about to be noted, once the records are flushed. */
    static final class Writer extends SnapshotWriter {
        private final RaftLog log;
        private @Nullable SnapshotMeta meta;

        Writer(RaftLog log) {
            this.log = log;
        }

        @Override
        public boolean init(Void nothing) {
            return true;
        }

        @Override
        public void shutdown() {
            // Nothing is held.
        }

        @Override
        public boolean saveMeta(SnapshotMeta flushed) {
            meta = flushed;
            return true;
        }

        @Override
        public void close() {
            close(false);
        }

        @Override
        public void close(boolean keepDataOnError) {
            if (!isOk() || meta == null) {
                return;
            }
            try {
                log.saveSnapshot(meta.toByteArray());
            } catch (RuntimeException e) {
                setError(RaftError.EIO, "%s", String.valueOf(e.getMessage()));
                throw e;
            }
        }

        @Override
        public boolean addFile(String fileName, @Nullable Message fileMeta) {
            return false;
        }

        @Override
        public boolean removeFile(String fileName) {
            return false;
        }

        @Override
        public String getPath() {
            return "";
        }

        @Override
        public Set<String> listFiles() {
            return Set.of();
        }

        @Override
        public @Nullable Message getFileMeta(String fileName) {
            return null;
        }
    }
}
