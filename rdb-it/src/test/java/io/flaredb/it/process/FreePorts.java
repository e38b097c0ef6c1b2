package io.flaredb.it.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports for processes that must come back under the same address after a restart. */
public final class FreePorts {
    // Below Linux's ephemeral ports: while a process is down its port must not be given to an
    // outgoing
    // connection, least of all to a client's own attempt to reach that port.
    private static final int FIRST = 10_240;
    private static final int LAST = 32_767;

    private FreePorts() {}

    /** A loopback address that nobody listens on, as {@code host:port}. */
    public static String address() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return "127.0.0.1:" + port;
            } catch (IOException taken) {
                continue; // try another one
            }
        }
    }
}
