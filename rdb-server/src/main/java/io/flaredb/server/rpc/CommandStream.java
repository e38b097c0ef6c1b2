package io.flaredb.server.rpc;

import io.flaredb.proto.kv.BatchAnswer;
import io.flaredb.proto.kv.BatchCommand;
import io.flaredb.proto.kv.BatchCommandsRequest;
import io.flaredb.proto.kv.BatchCommandsResponse;
import io.flaredb.proto.kv.FlareKvGrpc.FlareKvImplBase;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A client's stream of commands. Each is carried out as a call of its own would be, on the event
 * loop that has received it; the answers come from any thread and are sent by the event loop, those
 * together that are there when it comes by.
 *
 * <p>Bounded: the next message is taken only while fewer than {@value #MAX_IN_FLIGHT} commands are
 * without an answer and the answers that wait to be sent are small enough. They count among those
 * of the store until they leave or the stream is over.
 */
final class CommandStream implements StreamObserver<BatchCommandsRequest> {
    /** Beyond what writes in one region can wait for, more commands only wait longer. */
    private static final int MAX_IN_FLIGHT = 2_048;

    private static final int MAX_MESSAGE_COMMANDS = 1_024;
    private static final int MAX_MESSAGE_ANSWERS = 512;

    /** A message is closed at this size; a single answer may be larger. */
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;

    /** Answers wait here only if the client or the network is slow. */
    private static final long MAX_UNSENT_BYTES = 32L << 20;

    private final FlareKvImplBase service;
    private final ServerCallStreamObserver<BatchCommandsResponse> out;
    private final Executor loop;
    private final Thread loopThread = Thread.currentThread();
    private final Consumer<CommandStream> whenOver;
    private final Runnable drain = this::drain;
    private final Runnable takeMore = this::takeMore;

    private final Queue<BatchAnswer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicLong unsentBytes = new AtomicLong(); // of the answers
    private final UnsentAnswers unsentOfStore;
    private final AtomicBoolean woken = new AtomicBoolean(); // the loop will look for answers

    // Event loop only.
    private int inFlight; // commands whose answer is not sent
    private boolean asked; // for a message, which has not come
    private boolean ending; // takes no more
    private volatile boolean over; // read by any thread

    /**
     * To be made while the call is being started, on its event loop.
     *
     * @param loop that event loop
     * @param unsentOfStore where its answers count too
     */
    CommandStream(
            FlareKvImplBase service,
            ServerCallStreamObserver<BatchCommandsResponse> out,
            Executor loop,
            UnsentAnswers unsentOfStore,
            Consumer<CommandStream> whenOver) {
        this.service = service;
        this.out = out;
        this.loop = loop;
        this.unsentOfStore = unsentOfStore;
        this.whenOver = whenOver;
        out.disableAutoRequest();
        out.setOnReadyThreshold(MAX_MESSAGE_BYTES);
        out.setOnReadyHandler(drain);
        out.setOnCancelHandler(this::cancelled);
        takeMore();
    }

    private void takeMore() {
        if (!asked && !ending && !over && inFlight < MAX_IN_FLIGHT && hasRoomHere()) {
            asked = true;
            out.request(1);
        }
    }

    /** Whether the answers that wait to be sent leave room for more that may be large. */
    boolean hasRoom() {
        return hasRoomHere() && unsentOfStore.hasRoom();
    }

    private boolean hasRoomHere() {
        return unsentBytes.get() < MAX_UNSENT_BYTES;
    }

    /** Whether nobody waits for its answers any more. */
    boolean isOver() {
        return over;
    }

    @Override
    public void onNext(BatchCommandsRequest message) {
        asked = false;
        if (over) {
            return;
        }
        if (message.getCommandsCount() > MAX_MESSAGE_COMMANDS) {
            over = true;
            whenOver.accept(this);
            out.onError(
                    Status.INVALID_ARGUMENT
                            .withDescription(
                                    "a message has "
                                            + message.getCommandsCount()
                                            + " commands: allowed are at most "
                                            + MAX_MESSAGE_COMMANDS)
                            .asRuntimeException());
            return;
        }
        inFlight += message.getCommandsCount();
        for (int i = 0; i < message.getCommandsCount(); i++) {
            carryOut(message.getCommands(i));
        }
        // Not at once: what is answered leaves first, so that the client works on it meanwhile.
        later(takeMore);
    }

    private void carryOut(BatchCommand command) {
        long id = command.getId();
        switch (command.getRequestCase()) {
            case RAW_PUT ->
                    service.rawPut(
                            command.getRawPut(), answer(id, (to, answer) -> to.setRawPut(answer)));
            case RAW_GET ->
                    service.rawGet(
                            command.getRawGet(), answer(id, (to, answer) -> to.setRawGet(answer)));
            case RAW_DELETE ->
                    service.rawDelete(
                            command.getRawDelete(),
                            answer(id, (to, answer) -> to.setRawDelete(answer)));
            case COMPARE_AND_SWAP ->
                    service.compareAndSwap(
                            command.getCompareAndSwap(),
                            answer(id, (to, answer) -> to.setCompareAndSwap(answer)));
            case COMPARE_AND_DELETE ->
                    service.compareAndDelete(
                            command.getCompareAndDelete(),
                            answer(id, (to, answer) -> to.setCompareAndDelete(answer)));
            case CAS_GET ->
                    service.casGet(
                            command.getCasGet(), answer(id, (to, answer) -> to.setCasGet(answer)));
            case REQUEST_NOT_SET -> // or of a newer client
                    answer(id, (to, answer) -> {})
                            .onError(
                                    Status.UNIMPLEMENTED
                                            .withDescription("no request that is known here")
                                            .asRuntimeException());
        }
    }

    private <R> CommandAnswer<R> answer(long id, BiConsumer<BatchAnswer.Builder, R> packing) {
        return new CommandAnswer<>(this, id, packing);
    }

    /** Sends an answer soon. Any thread. */
    void answer(BatchAnswer answer) {
        int bytes = answer.getSerializedSize();
        unsentBytes.addAndGet(bytes);
        unsentOfStore.add(bytes);
        answers.add(answer);
        if (!woken.get() && woken.compareAndSet(false, true)) {
            later(drain);
        }
    }

    /** The event loop that the stream's messages come on. */
    Executor loop() {
        return loop;
    }

    /** Runs something that does not block on the event loop. Any thread. */
    void onLoop(Runnable task) {
        if (Thread.currentThread() == loopThread) {
            task.run();
            return;
        }
        later(task);
    }

    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            drop(); // the server is closed, and the connection with it
        }
    }

    private void drain() {
        woken.set(false); // before looking: who comes later wakes the loop again
        while (!over && out.isReady() && !answers.isEmpty()) {
            out.onNext(nextMessage());
        }
        if (over) {
            drop(); // what was still under way
            return;
        }
        later(takeMore);
        endIfDone();
    }

    private BatchCommandsResponse nextMessage() {
        BatchCommandsResponse.Builder message = BatchCommandsResponse.newBuilder();
        int bytes = 0;
        while (message.getAnswersCount() < MAX_MESSAGE_ANSWERS && bytes < MAX_MESSAGE_BYTES) {
            BatchAnswer next = answers.poll();
            if (next == null) {
                break;
            }
            message.addAnswers(next);
            bytes += next.getSerializedSize();
        }
        inFlight -= message.getAnswersCount();
        left(bytes);
        return message.build();
    }

    private void left(int bytes) {
        unsentBytes.addAndGet(-bytes);
        unsentOfStore.remove(bytes);
    }

    /** Forgets the answers that wait: nobody takes them. */
    private void drop() {
        for (BatchAnswer next = answers.poll(); next != null; next = answers.poll()) {
            left(next.getSerializedSize());
        }
    }

    /** Takes no more, and ends the stream once what was taken is answered. Any thread. */
    void end() {
        onLoop(this::endSoon);
    }

    private void endSoon() {
        ending = true;
        endIfDone();
    }

    private void endIfDone() {
        if (ending && !over && inFlight == 0) {
            over = true;
            whenOver.accept(this);
            out.onCompleted();
        }
    }

    private void cancelled() {
        over = true;
        whenOver.accept(this);
        drop(); // what is still under way adds a few, which are dropped as they come
    }

    /** The client has broken the stream: {@link #cancelled} follows. */
    @Override
    public void onError(Throwable failure) {
        ending = true;
    }

    /** The client sends no more, and waits for answers. */
    @Override
    public void onCompleted() {
        endSoon();
    }
}
