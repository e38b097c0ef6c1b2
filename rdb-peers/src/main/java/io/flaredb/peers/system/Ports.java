package io.flaredb.peers.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Ports on loopback. */
final class Ports {
    // Below Linux's ephemeral ports, which a connection of somebody else may take meanwhile.
    private static final int FIRST = 10_240;
    private static final int LAST = 32_767;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(90);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int CONNECT_MILLIS = 1_000;

    private Ports() {}

    /** A port that nobody listens on. */
    static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(local(port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** So many different ports that nobody listens on. */
    static List<Integer> free(int count) {
        return Stream.generate(Ports::free).distinct().limit(count).toList();
    }

    static String address(int port) {
        return "127.0.0.1:" + port;
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Waits until a process listens.
     *
     * @throws IllegalStateException if it ends before that, or takes more than 90 s
     */
    static void awaitListening(int port, Processes.Child child) {
        long deadlineNanos = System.nanoTime() + LONGEST_NANOS;
        while (!listens(port)) {
            if (!child.process().isAlive()) {
                throw new IllegalStateException(
                        child.name() + " ended at its start:\n" + child.lastWords());
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IllegalStateException(
                        child.name() + " does not listen:\n" + child.lastWords());
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(local(port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
