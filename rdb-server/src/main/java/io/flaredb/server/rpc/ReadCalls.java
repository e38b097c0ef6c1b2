package io.flaredb.server.rpc;

import com.google.protobuf.ByteString;
import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;
import io.flaredb.proto.kv.CasGetRequest;
import io.flaredb.proto.kv.CasGetResponse;
import io.flaredb.proto.kv.CasScanRequest;
import io.flaredb.proto.kv.CasScanResponse;
import io.flaredb.proto.kv.RawBatchGetRequest;
import io.flaredb.proto.kv.RawBatchGetResponse;
import io.flaredb.proto.kv.RawGetRequest;
import io.flaredb.proto.kv.RawGetResponse;
import io.flaredb.proto.kv.RawScanRequest;
import io.flaredb.proto.kv.RawScanResponse;
import io.flaredb.proto.kv.RegionContext;
import io.flaredb.server.StoreNode;
import io.flaredb.server.read.ReadPool;
import io.flaredb.server.region.RegionErrors;
import io.flaredb.server.region.RegionPeer;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.StorageEngine;
import io.flaredb.storage.VersionedValue;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls that read. Thread-safe. */
final class ReadCalls {
    private final StoreNode node;
    private final StorageEngine engine;
    private final ReadPool reads;
    private final Consumer<Throwable> onFatal;

    /**
     * @param onFatal told when a read meets corruption
     */
    ReadCalls(StoreNode node, ReadPool reads, Consumer<Throwable> onFatal) {
        this.node = node;
        this.engine = node.engine();
        this.reads = reads;
        this.onFatal = onFatal;
    }

    void rawGet(RawGetRequest request, Answer<RawGetResponse> answer) {
        readKey(
                request.getContext(),
                request.getKey(),
                engine::getFromMemory,
                engine::get,
                ReadCalls::response,
                answer);
    }

    private static RawGetResponse response(@Nullable Bytes value) {
        var response = RawGetResponse.newBuilder();
        if (value != null) {
            response.setValue(Wire.bytes(value));
        }
        return response.build();
    }

    void rawBatchGet(RawBatchGetRequest request, Answer<RawBatchGetResponse> answer) {
        read(
                request.getContext(),
                region -> {
                    List<Bytes> keys = RequestCheck.keys(request.getKeysList());
                    keys.forEach(region::checkContains);
                    var page = engine.getAll(keys, reads.limits().maxResponseBytes());
                    var response = RawBatchGetResponse.newBuilder().setKeysDone(page.keysDone());
                    page.entries().forEach(entry -> response.addEntries(Wire.entry(entry)));
                    return response.build();
                },
                answer);
    }

    void rawScan(RawScanRequest request, Answer<RawScanResponse> answer) {
        read(
                request.getContext(),
                region -> {
                    KeyRange range = RequestCheck.range(request.getStartKey(), request.getEndKey());
                    var page =
                            engine.scan(
                                    region.clamp(range),
                                    RequestCheck.scanLimit(request.getLimit()),
                                    reads.limits().maxResponseBytes());
                    var response = RawScanResponse.newBuilder();
                    page.entries().forEach(entry -> response.addEntries(Wire.entry(entry)));
                    if (page.resumeKey() != null) {
                        response.setResumeKey(Wire.bytes(page.resumeKey()));
                    }
                    return response.build();
                },
                answer);
    }

    void casGet(CasGetRequest request, Answer<CasGetResponse> answer) {
        readKey(
                request.getContext(),
                request.getKey(),
                engine::getVersionedFromMemory,
                engine::getVersioned,
                ReadCalls::response,
                answer);
    }

    private static CasGetResponse response(@Nullable VersionedValue found) {
        var response = CasGetResponse.newBuilder();
        if (found != null) {
            response.setVersion(found.version()).setValue(Wire.bytes(found.value()));
        }
        return response.build();
    }

    void casScan(CasScanRequest request, Answer<CasScanResponse> answer) {
        read(
                request.getContext(),
                region -> {
                    KeyRange range = RequestCheck.range(request.getStartKey(), request.getEndKey());
                    var page =
                            engine.scanVersioned(
                                    region.clamp(range),
                                    RequestCheck.scanLimit(request.getLimit()),
                                    reads.limits().maxResponseBytes());
                    var response = CasScanResponse.newBuilder();
                    page.entries().forEach(entry -> response.addEntries(Wire.entry(entry)));
                    if (page.resumeKey() != null) {
                        response.setResumeKey(Wire.bytes(page.resumeKey()));
                    }
                    return response.build();
                },
                answer);
    }

    /**
     * Reads one key: where the answer is sent from if memory has it, else on a thread that may wait
     * for the disk.
     */
    private <V, R> void readKey(
            RegionContext context,
            ByteString wireKey,
            Function<Bytes, @Nullable V> fromMemory,
            Function<Bytes, @Nullable V> fromDisk,
            Function<@Nullable V, R> response,
            Answer<R> answer) {
        Function<RegionPeer, R> read =
                region -> response.apply(fromDisk.apply(keyIn(region, wireKey)));
        Function<RegionPeer, @Nullable R> quickly =
                region -> {
                    V found = fromMemory.apply(keyIn(region, wireKey));
                    return found == null ? null : response.apply(found);
                };
        read(context, quickly, read, answer);
    }

    private <R> void read(RegionContext context, Function<RegionPeer, R> read, Answer<R> answer) {
        read(context, region -> null, read, answer);
    }

    /**
     * @param quickly the same without blocking, if it can be had; null: not so
     */
    private <R> void read(
            RegionContext context,
            Function<RegionPeer, @Nullable R> quickly,
            Function<RegionPeer, R> read,
            Answer<R> answer) {
        try {
            if (context.getStaleRead()) {
                reads.submit(() -> answer(() -> stale(node.replica(context), read), answer));
                return;
            }
            RegionPeer region = node.region(context);
            long installations = region.installations();
            node.readable(region)
                    .whenComplete((ready, failure) -> {
                        Runnable fully =
                                () -> answer(() -> whole(region, installations, read), answer);
                        if (failure != null) {
                            answer.fail(failure);
                        } else if (!answer.runsWhereSent(
                                () -> answerQuickly(region, quickly, fully, answer))) {
                            submit(fully, answer);
                        }
                    });
        } catch (RuntimeException e) {
            answer.fail(e);
        }
    }

    private <R> void answerQuickly(
            RegionPeer region,
            Function<RegionPeer, @Nullable R> quickly,
            Runnable fully,
            Answer<R> answer) {
        R found = null;
        try {
            found = answer.hasRoom() ? quickly.apply(region) : null;
        } catch (RuntimeException e) {
            fail(e, answer);
            return;
        }
        if (found == null) {
            submit(fully, answer);
        } else {
            answer.send(found);
        }
    }

    private void submit(Runnable read, Answer<?> answer) {
        try {
            reads.submit(read);
        } catch (RuntimeException e) {
            answer.fail(e);
        }
    }

    private <R> void answer(Supplier<R> read, Answer<R> answer) {
        if (answer.isOver()) {
            return; // it waited for its thread longer than its caller for it
        }
        try {
            if (!answer.hasRoom()) {
                throw RegionErrors.serverIsBusy(
                        Duration.ofMillis(reads.limits().busyBackoffMillis()));
            }
            answer.send(read.get());
        } catch (RuntimeException e) {
            fail(e, answer);
        }
    }

    private void fail(RuntimeException e, Answer<?> answer) {
        answer.fail(e);
        if (e instanceof CorruptionException) {
            onFatal.accept(e);
        }
    }

    private static <R> R stale(RegionPeer region, Function<RegionPeer, R> read) {
        return whole(region, region.installations(), read);
    }

    /**
     * Reads what is there, unless it was replaced or removed meanwhile: a read may have waited for
     * its thread while its replica lost leadership and membership.
     */
    private static <R> R whole(
            RegionPeer region, long installations, Function<RegionPeer, R> read) {
        R answer = read.apply(region);
        region.checkHadAllRecords(installations);
        return answer;
    }

    private static Bytes keyIn(RegionPeer region, ByteString wireKey) {
        Bytes key = RequestCheck.key(wireKey);
        region.checkContains(key);
        return key;
    }
}
