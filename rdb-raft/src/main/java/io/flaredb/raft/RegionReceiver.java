package io.flaredb.raft;

import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotCopier;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import io.flaredb.proto.raft.FetchRegionRequest;
import io.flaredb.proto.raft.FetchRegionResponse;
import io.flaredb.proto.raft.RegionChunk;
import io.flaredb.proto.raft.RegionHeader;
import io.flaredb.proto.raft.RegionTrailer;
import io.flaredb.proto.raft.TableKind;
import io.flaredb.storage.CrashPoint;
import io.flaredb.storage.RegionTables;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes a region's records to table files as they come in. Nothing of the replica is touched until
 * all is there; whatever goes wrong before leaves it as it was.
 */
final class RegionReceiver extends SnapshotCopier
        implements ClientResponseObserver<FetchRegionRequest, FetchRegionResponse> {
    private final Peer from;
    private final @Nullable SnapshotMeta exactly;
    private final Supplier<Path> staging;
    private final Runnable checkSpace;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable ClientCallStreamObserver<FetchRegionRequest> call;
    private volatile boolean cancelled;
    private volatile @Nullable FetchedRegion fetched;

    // The stream's callbacks come one after the other.
    private final Map<TableKind, List<Path>> files = new EnumMap<>(TableKind.class);
    private final CRC32C crc = new CRC32C();
    private @Nullable Path folder;
    private @Nullable RegionHeader header;
    private @Nullable RegionTrailer trailer;
    private @Nullable FileChannel open;
    private long bytes;

    /**
     * @param exactly the snapshot that was announced; null: whatever the sender noted last
     * @param checkSpace throws if the disk has little space left
     */
    RegionReceiver(
            Peer from,
            @Nullable SnapshotMeta exactly,
            Supplier<Path> staging,
            Runnable checkSpace) {
        this.from = from;
        this.exactly = exactly;
        this.staging = staging;
        this.checkSpace = checkSpace;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<FetchRegionRequest> starting) {
        call = starting;
    }

    @Override
    public void onNext(FetchRegionResponse response) {
        try {
            switch (response.getPartCase()) {
                case HEADER -> {
                    header = response.getHeader();
                    folder = staging.get();
                }
                case CHUNK -> write(response.getChunk());
                case TRAILER -> trailer = response.getTrailer();
                case PART_NOT_SET -> throw new IOException("an empty message");
            }
        } catch (IOException | RuntimeException e) {
            ClientCallStreamObserver<FetchRegionRequest> running = call;
            if (running != null) {
                running.cancel("what came could not be kept: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void onError(Throwable cause) {
        give(cancelled ? "cancelled" : String.valueOf(cause.getMessage()));
    }

    @Override
    public void onCompleted() {
        try {
            complete();
        } catch (IOException | RuntimeException e) {
            give(e.toString());
        }
    }

    private void complete() throws IOException {
        RegionHeader begin = header;
        RegionTrailer end = trailer;
        Path complete = folder;
        if (begin == null || end == null || complete == null) {
            give("the transfer was cut short");
            return;
        }
        if (end.getSizeBytes() != bytes || end.getCrc32C() != (int) crc.getValue()) {
            give("what came is not what was sent");
            return;
        }
        closeFile();
        byte[] noted = begin.getSnapshot().toByteArray();
        NotedSnapshot.At at =
                new NotedSnapshot.At(from, exactly == null ? NotedSnapshot.parse(noted) : exactly);
        fetched =
                new FetchedRegion(
                        at,
                        new RegionTables(
                                begin.getAppliedIndex(),
                                begin.getVersionFloor(),
                                files.getOrDefault(TableKind.TABLE_KIND_RAW, List.of()),
                                files.getOrDefault(TableKind.TABLE_KIND_CAS, List.of()),
                                files.getOrDefault(TableKind.TABLE_KIND_REQUESTS, List.of())),
                        begin.getDescription().toByteArray(),
                        complete);
        done.countDown();
    }

    @Override
    public void start() {
        // It has started when it was made.
    }

    @Override
    public void cancel() {
        cancelled = true;
        ClientCallStreamObserver<FetchRegionRequest> running = call;
        if (running != null) {
            running.cancel("the snapshot is not wanted any more", null);
        }
    }

    @Override
    public void join() throws InterruptedException {
        done.await();
    }

    /** Null unless everything is there. */
    @Override
    public @Nullable SnapshotReader getReader() {
        return fetched;
    }

    @Nullable FetchedRegion fetched() {
        return fetched;
    }

    @Override
    public void close() {
        // What is complete is the reader's.
    }

    private void write(RegionChunk chunk) throws IOException {
        Path into = folder;
        if (into == null || chunk.getKind() == TableKind.UNRECOGNIZED) {
            throw new IOException("records before their header, or of an unknown kind");
        }
        checkSpace.run();
        List<Path> known = files.computeIfAbsent(chunk.getKind(), kind -> new ArrayList<>());
        FileChannel file = open;
        if (chunk.getFile() == known.size()) {
            closeFile();
            Path next = into.resolve(chunk.getKind() + "-" + known.size() + ".table");
            known.add(next);
            file = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            open = file;
        }
        if (file == null || chunk.getFile() != known.size() - 1) {
            throw new IOException("a file is missing");
        }
        ByteBuffer data = chunk.getData().asReadOnlyByteBuffer();
        bytes += data.remaining();
        crc.update(data.duplicate());
        while (data.hasRemaining()) {
            file.write(data);
        }
        CrashPoint.RECEIVING.reached();
    }

    private void closeFile() throws IOException {
        FileChannel file = open;
        open = null;
        if (file != null) {
            file.force(true); // the engine takes the file over as it is
            file.close();
        }
    }

    private void give(String problem) {
        // Not as an I/O error: that would end the replica, which has lost nothing.
        setError(RaftError.EINTERNAL, "%s", problem);
        try {
            closeFile();
            Path partly = folder;
            if (partly != null) {
                FetchedRegion.delete(partly);
            }
        } catch (IOException e) {
            setError(RaftError.EINTERNAL, "%s", e.toString());
        } finally {
            done.countDown(); // in any case: whoever waits has no limit of its own
        }
    }
}
