package io.flaredb.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.process.Cluster;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the network can do to a port, and a port that is taken. */
class PortIT {
    private static final int CONNECTIONS = 20;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @BeforeAll
    static void start(@TempDir Path folder) {
        cluster = Cluster.started(folder);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void thatIsTakenIsReported(@TempDir Path folder) {
        String taken = cluster.pdAddress();
        List<FlareProcess> processes =
                List.of(
                        FlareProcess.flaredb("pd", "--data-dir", folder + "/pd", "--addr", taken),
                        FlareProcess.flaredb(
                                "server",
                                "--data-dir",
                                folder + "/server",
                                "--addr",
                                cluster.serverAddress(),
                                "--pd",
                                cluster.pdAddress()),
                        FlareProcess.flaredb(
                                "dev",
                                "--data-dir",
                                folder + "/dev",
                                "--pd-addr",
                                taken,
                                "--addr",
                                "127.0.0.1:0"));

        for (FlareProcess process : processes) {
            Finished finished = process.awaitExit();

            assertThat(finished.exitCode()).as(finished.toString()).isEqualTo(1);
            assertThat(finished.complaint()).contains("in use");
            assertThat(finished.stdout()).isEmpty();
        }
        assertServes();
    }

    static Stream<String> addresses() {
        return Stream.of(cluster.pdAddress(), cluster.serverAddress());
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void thatGetsGarbageServesOn(String address) throws IOException {
        Random random = new Random(2);
        for (int i = 0; i < CONNECTIONS; i++) {
            byte[] garbage = new byte[random.nextInt(100_000)];
            random.nextBytes(garbage);
            send(address, garbage);
        }
        send(address, ascii("GET / HTTP/1.1\r\nHost: flaredb\r\n\r\n"));
        // A client that begins well: HTTP/2's preface, then nonsense.
        byte[] nonsense = new byte[10_000];
        random.nextBytes(nonsense);
        send(address, ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), nonsense);

        assertServes();
    }

    /** Clients that connect and say nothing must not use up what others need. */
    @ParameterizedTest
    @MethodSource("addresses")
    void withSilentConnectionsServesOn(String address) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 10 * CONNECTIONS; i++) {
                silent.add(connect(address));
            }
            assertServes();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private static void send(String address, byte[]... parts) throws IOException {
        try (Socket socket = connect(address)) {
            for (byte[] part : parts) {
                socket.getOutputStream().write(part);
            }
        } catch (SocketException hungUp) {
            // Just what the process may do with such a client.
            assertThat(hungUp).hasMessageMatching("(?i).*(reset|broken pipe|abort).*");
        }
    }

    private static Socket connect(String address) throws IOException {
        int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void assertServes() {
        assertThat(cluster.cli().run("raw", "put", "k", "v").exitCode()).isZero();
        assertThat(cluster.cli().run("raw", "get", "k").stdout()).isEqualTo("v");
        assertThat(cluster.cli().run("tso").exitCode()).isZero();
    }
}
