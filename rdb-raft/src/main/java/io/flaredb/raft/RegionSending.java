package io.flaredb.raft;

import com.google.protobuf.ByteString;
import io.flaredb.proto.raft.FetchRegionRequest;
import io.flaredb.proto.raft.FetchRegionResponse;
import io.flaredb.proto.raft.RegionChunk;
import io.flaredb.proto.raft.RegionHeader;
import io.flaredb.proto.raft.RegionTrailer;
import io.flaredb.proto.raft.TableKind;
import io.flaredb.raft.transport.RegionSender;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.CrashPoint;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.RegionTables;
import io.flaredb.storage.Replicas;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends regions' records to replicas that start anew: first copied to table files, so that the
 * engine need not keep the past for as long as the throttled transfer takes.
 */
final class RegionSending implements RegionSender, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegionSending.class);

    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 256;
    private static final long IDLE_SECONDS = 30;
    private static final long SNAPSHOT_SECONDS = 30;

    /** Longest time in which a receiver may take nothing; it would hold up all others. */
    private static final Duration STALL_LIMIT = Duration.ofSeconds(30);

    private final RaftOptions options;
    private final Replicas replicas;
    private final Groups groups;
    private final Consumer<Throwable> onFatal;
    private final Duration stallLimit;
    private final Throttle throttle;
    private final AtomicLong exports = new AtomicLong();
    private final ThreadPoolExecutor threads;
    private volatile boolean closing;

    /** The groups of a store. */
    interface Groups {
        /** Null: there is none, or its replica here is another. */
        @Nullable RaftGroup<?> find(RegionId region, Peer self);
    }

    /**
     * @param onFatal told of damaged records
     */
    RegionSending(
            RaftOptions options, Replicas replicas, Groups groups, Consumer<Throwable> onFatal) {
        this(options, replicas, groups, onFatal, STALL_LIMIT);
    }

    RegionSending(
            RaftOptions options,
            Replicas replicas,
            Groups groups,
            Consumer<Throwable> onFatal,
            Duration stallLimit) {
        this.options = options;
        this.replicas = replicas;
        this.groups = groups;
        this.onFatal = onFatal;
        this.stallLimit = stallLimit;
        this.throttle = new Throttle(options.sendBytesPerSecond(), System.nanoTime());
        this.threads =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(MAX_WAITING),
                        Thread.ofPlatform().daemon().name("raft-send-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void send(
            FetchRegionRequest request, ServerCallStreamObserver<FetchRegionResponse> answers) {
        Semaphore changed = new Semaphore(0);
        answers.setOnReadyHandler(changed::release);
        answers.setOnCancelHandler(changed::release);
        try {
            threads.execute(() -> answer(request, new Receiver(answers, changed)));
        } catch (RejectedExecutionException e) {
            answers.onError(
                    Status.UNAVAILABLE.withDescription("too many are waiting").asException());
        }
    }

    /** Cuts off what is being sent. */
    @Override
    public void close() {
        closing = true;
        threads.shutdownNow();
        boolean interrupted = false;
        while (!threads.isTerminated()) { // they use the engine
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever goes wrong, the receiver is told: nothing else would end its waiting. */
    private void answer(FetchRegionRequest request, Receiver receiver) {
        try {
            send(request, receiver);
        } catch (InterruptedException e) {
            receiver.fail(Status.UNAVAILABLE.withDescription("this store is stopping"));
        } catch (CorruptionException e) { // it must not go on leading with it
            receiver.fail(Status.DATA_LOSS.withDescription(e.getMessage()));
            onFatal.accept(e);
        } catch (IOException | RuntimeException | Error e) {
            LOG.warn("region {} could not be sent: {}", request.getRegionId(), e.toString());
            receiver.fail(Status.UNAVAILABLE.withDescription(e.toString()));
        }
    }

    private void send(FetchRegionRequest request, Receiver receiver)
            throws IOException, InterruptedException {
        RegionId region = new RegionId(request.getRegionId());
        Peer self = new Peer(options.storeId(), request.getPeerId());
        RaftGroup<?> group =
                request.getClusterId() == options.clusterId() ? groups.find(region, self) : null;
        if (group == null) {
            receiver.fail(Status.NOT_FOUND.withDescription("no such replica here"));
            return;
        }
        byte[] noted = noted(group, request.getMinIndex());
        if (noted == null) {
            receiver.fail(Status.FAILED_PRECONDITION.withDescription("not that far yet"));
            return;
        }
        Path folder = replicas.staging("out-" + exports.incrementAndGet());
        try {
            RegionTables tables =
                    replicas.export(region, group.machine().range(), folder, receiver::isGone);
            if (groups.find(region, self) != group) { // else its records were all there
                receiver.fail(Status.NOT_FOUND.withDescription("the replica was removed"));
                return;
            }
            receiver.send(
                    FetchRegionResponse.newBuilder()
                            .setHeader(
                                    RegionHeader.newBuilder()
                                            .setAppliedIndex(tables.appliedIndex())
                                            .setVersionFloor(tables.versionFloor())
                                            .setSnapshot(ByteString.copyFrom(noted))
                                            .setDescription(
                                                    ByteString.copyFrom(
                                                            group.machine().describe())))
                            .build());
            receiver.sendFiles(TableKind.TABLE_KIND_RAW, tables.raw());
            CrashPoint.HALF_SENT.reached();
            receiver.sendFiles(TableKind.TABLE_KIND_CAS, tables.cas());
            receiver.sendFiles(TableKind.TABLE_KIND_REQUESTS, tables.requests());
            receiver.finish();
        } finally {
            FetchedRegion.delete(folder);
        }
    }

    /** A snapshot from {@code minIndex} or later, made now if need be; null: not that far. */
    private byte @Nullable [] noted(RaftGroup<?> group, long minIndex) {
        byte[] noted = replicas.log(group.region()).snapshot();
        if (noted != null && indexOf(noted) >= minIndex) {
            return noted;
        }
        try {
            group.snapshot().orTimeout(SNAPSHOT_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            LOG.info("region {} cannot be sent yet: {}", group.region(), e.toString());
        }
        noted = replicas.log(group.region()).snapshot();
        return noted != null && indexOf(noted) >= minIndex ? noted : null;
    }

    private static long indexOf(byte[] noted) {
        return NotedSnapshot.parse(noted).getLastIncludedIndex();
    }

    /** The other end of a transfer. */
    private final class Receiver {
        private final ServerCallStreamObserver<FetchRegionResponse> answers;
        private final Semaphore changed;
        private final CRC32C crc = new CRC32C();
        private long bytes;

        Receiver(ServerCallStreamObserver<FetchRegionResponse> answers, Semaphore changed) {
            this.answers = answers;
            this.changed = changed;
        }

        boolean isGone() {
            return closing || answers.isCancelled();
        }

        void send(FetchRegionResponse part) throws IOException, InterruptedException {
            long untilNanos = System.nanoTime() + stallLimit.toNanos();
            while (!answers.isReady()) {
                checkHere();
                long leftNanos = untilNanos - System.nanoTime();
                if (leftNanos <= 0) {
                    throw new IOException("the receiver has taken nothing for too long");
                }
                changed.tryAcquire(leftNanos, TimeUnit.NANOSECONDS);
            }
            checkHere();
            answers.onNext(part);
        }

        void sendFiles(TableKind kind, List<Path> files) throws IOException, InterruptedException {
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
            for (int i = 0; i < files.size(); i++) {
                try (FileChannel file = FileChannel.open(files.get(i))) {
                    while (file.read(buffer.clear()) >= 0) {
                        sendChunk(kind, i, buffer.flip());
                    }
                }
            }
        }

        private void sendChunk(TableKind kind, int file, ByteBuffer data)
                throws IOException, InterruptedException {
            long wait = throttle.book(data.remaining(), System.nanoTime());
            long until = System.nanoTime() + wait;
            for (long left = wait; left > 0; left = until - System.nanoTime()) {
                checkHere();
                changed.tryAcquire(left, TimeUnit.NANOSECONDS);
            }
            bytes += data.remaining();
            crc.update(data.duplicate());
            send(
                    FetchRegionResponse.newBuilder()
                            .setChunk(
                                    RegionChunk.newBuilder()
                                            .setKind(kind)
                                            .setFile(file)
                                            .setData(ByteString.copyFrom(data)))
                            .build());
        }

        void finish() throws IOException, InterruptedException {
            send(
                    FetchRegionResponse.newBuilder()
                            .setTrailer(
                                    RegionTrailer.newBuilder()
                                            .setSizeBytes(bytes)
                                            .setCrc32C((int) crc.getValue()))
                            .build());
            answers.onCompleted();
        }

        void fail(Status status) {
            if (!answers.isCancelled()) {
                answers.onError(status.asException());
            }
        }

        private void checkHere() throws IOException {
            if (isGone()) {
                throw new IOException("the receiver is gone, or this store is stopping");
            }
        }
    }
}
