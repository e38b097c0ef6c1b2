package io.flaredb.pd.server;

import static java.util.Comparator.comparingLong;
import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.pd.GetTsoRequest;
import io.flaredb.proto.pd.GetTsoResponse;
import io.flaredb.proto.pd.PlacementDriverGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many clients that ask for timestamps as fast as they can, one call at a time and over streams,
 * and note when they asked, when they were answered, and what. Calls that fail are forgotten and
 * made anew.
 */
final class TsoHammer implements AutoCloseable {
    private static final int CHANNELS = 4;
    private static final int UNARY_PER_CHANNEL = 3;
    private static final int STREAMS_PER_CHANNEL = 2;
    private static final int PIPELINED = 16;

    /** Times are {@link System#nanoTime}; the timestamps are {@code first} to {@code end - 1}. */
    record Answer(long askedNanos, long answeredNanos, long first, long end) {}

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Future<List<Answer>>> workers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong unaryAnswers = new AtomicLong();
    private final AtomicLong streamAnswers = new AtomicLong();
    private volatile boolean stopping;

    TsoHammer(int port, long seed) {
        for (int c = 0; c < CHANNELS; c++) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
            channels.add(channel);
            for (int i = 0; i < UNARY_PER_CHANNEL; i++) {
                Random random = new Random(seed + workers.size());
                workers.add(threads.submit(() -> askOneByOne(channel, random)));
            }
            for (int i = 0; i < STREAMS_PER_CHANNEL; i++) {
                Random random = new Random(seed + workers.size());
                workers.add(threads.submit(() -> askByStream(channel, random)));
            }
        }
    }

    /** The fewer of the answers by single calls and those by streams. */
    long answersOfEachKind() {
        return Math.min(unaryAnswers.get(), streamAnswers.get());
    }

    /** The placement driver is back: connect at once. */
    void reconnect() {
        channels.forEach(ManagedChannel::resetConnectBackoff);
    }

    /** Stops asking, and returns all answers. */
    List<Answer> stop() throws Exception {
        stopping = true;
        List<Answer> all = new ArrayList<>();
        for (Future<List<Answer>> worker : workers) {
            all.addAll(worker.get(1, TimeUnit.MINUTES));
        }
        return all;
    }

    @Override
    public void close() {
        stopping = true;
        channels.forEach(ManagedChannel::shutdownNow);
        threads.close();
    }

    /** No timestamp twice, and none that is below one that was known before it was asked for. */
    static void check(List<Answer> answers) {
        List<Answer> byValue = new ArrayList<>(answers);
        byValue.sort(comparingLong(Answer::first));
        for (int i = 1; i < byValue.size(); i++) {
            Answer before = byValue.get(i - 1);
            assertThat(byValue.get(i).first())
                    .as("%s after %s", byValue.get(i), before)
                    .isGreaterThanOrEqualTo(before.end());
        }
        List<Answer> byAsked = new ArrayList<>(answers);
        byAsked.sort(comparingLong(Answer::askedNanos));
        PriorityQueue<Answer> open = new PriorityQueue<>(comparingLong(Answer::answeredNanos));
        long known = 0; // end of the highest run answered before the one looked at was asked for
        for (Answer answer : byAsked) {
            while (!open.isEmpty() && open.element().answeredNanos() < answer.askedNanos()) {
                known = Math.max(known, open.remove().end());
            }
            assertThat(answer.first())
                    .as("%s, though %d was known", answer, known - 1)
                    .isGreaterThanOrEqualTo(known);
            open.add(answer);
        }
    }

    private List<Answer> askOneByOne(ManagedChannel channel, Random random) {
        List<Answer> answers = new ArrayList<>();
        while (!stopping) {
            GetTsoRequest request = GetTsoRequest.newBuilder().setCount(count(random)).build();
            long asked = System.nanoTime();
            try {
                GetTsoResponse response =
                        PlacementDriverGrpc.newBlockingStub(channel)
                                .withWaitForReady()
                                .withDeadlineAfter(20, TimeUnit.SECONDS)
                                .getTso(request);
                answers.add(answer(asked, response));
                unaryAnswers.incrementAndGet();
            } catch (StatusRuntimeException e) {
                Thread.onSpinWait();
            }
        }
        return answers;
    }

    private List<Answer> askByStream(ManagedChannel channel, Random random)
            throws InterruptedException {
        List<Answer> answers = new ArrayList<>();
        while (!stopping) {
            try (TsoClient client = new TsoClient(channel)) {
                while (!stopping) {
                    long[] asked = new long[PIPELINED];
                    for (int i = 0; i < PIPELINED; i++) {
                        asked[i] = System.nanoTime();
                        client.send(count(random));
                    }
                    for (int i = 0; i < PIPELINED; i++) {
                        answers.add(answer(asked[i], client.receive()));
                        streamAnswers.incrementAndGet();
                    }
                }
            } catch (StatusRuntimeException e) {
                Thread.onSpinWait();
            }
        }
        return answers;
    }

    private static Answer answer(long askedNanos, GetTsoResponse response) {
        return new Answer(
                askedNanos,
                System.nanoTime(),
                response.getFirst(),
                response.getFirst() + response.getCount());
    }

    private static int count(Random random) {
        return random.nextInt(50) == 0 ? 1 + random.nextInt(50_000) : 1 + random.nextInt(10);
    }
}
