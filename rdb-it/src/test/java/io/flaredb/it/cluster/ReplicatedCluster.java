package io.flaredb.it.cluster;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.it.process.Cli;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.FreePorts;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PD and several servers, each a process under an address that stays the same over restarts. The
 * servers are counted from 0. Regions have as many replicas as there were servers at the start.
 *
 * <p>For one thread.
 */
final class ReplicatedCluster implements AutoCloseable {
    /** Several of them run at once, so none may take what Java would give to one. */
    private static final Map<String, String> ENVIRONMENT =
            Map.of("FLAREDB_JAVA_OPTS", "-Xmx512m", "FLAREDB_LOG_LEVEL", "info");

    private final Path folder;
    private final List<String> options = new ArrayList<>();
    private final String pdAddress = FreePorts.address();
    private final FlareProcess pd;
    private final List<Server> servers = new ArrayList<>();
    private final List<FlareDb> clients = new ArrayList<>();

    /** One server, whether or not it runs. */
    private static final class Server {
        private final Path data;
        private final String address = FreePorts.address();
        private @Nullable FlareProcess process;
        private long storeId;

        Server(Path data) {
            this.data = data;
        }

        FlareProcess running() {
            FlareProcess running = process;
            if (running == null) {
                throw new IllegalStateException("the server at " + address + " does not run");
            }
            return running;
        }
    }

    /**
     * Starts PD and servers, and waits until all are ready.
     *
     * @param folder where the data folders are made
     * @param options of all servers, besides those that make them servers of this cluster
     */
    ReplicatedCluster(Path folder, int servers, String... options) {
        this.folder = folder;
        this.options.addAll(
                List.of("--initial-replicas=" + servers, "--block-cache=32MiB", "--pd", pdAddress));
        this.options.addAll(List.of(options));
        pd =
                FlareProcess.start(
                        Installation.flaredb(
                                "pd",
                                "--data-dir",
                                folder.resolve("pd").toString(),
                                "--addr",
                                pdAddress),
                        ENVIRONMENT);
        try {
            pd.awaitReady();
            for (int i = 0; i < servers; i++) {
                this.servers.add(new Server(folder.resolve("server-" + i)));
            }
            startAll();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Starts the servers that do not run, at once, and waits until they are ready. */
    void startAll() {
        List<Server> starting = servers.stream().filter(each -> each.process == null).toList();
        starting.forEach(this::launch);
        starting.forEach(ReplicatedCluster::awaitReady);
    }

    /** Starts a server and waits until it is ready. */
    void start(int index) {
        launch(servers.get(index));
        awaitReady(servers.get(index));
    }

    private void launch(Server server) {
        List<String> command = new ArrayList<>(Installation.flaredb("server"));
        command.addAll(List.of("--data-dir", server.data.toString(), "--addr", server.address));
        command.addAll(options);
        server.process = FlareProcess.start(command, ENVIRONMENT);
    }

    private static void awaitReady(Server server) {
        server.storeId = Long.parseUnsignedLong(server.running().awaitReady().after("store"));
    }

    /** Starts one more server, with no data; returns its index. */
    int add() {
        servers.add(new Server(folder.resolve("server-" + servers.size())));
        start(servers.size() - 1);
        return servers.size() - 1;
    }

    /** Ends a server as {@code kill -9} does. */
    void kill(int index) {
        servers.get(index).running().kill();
        servers.get(index).process = null;
    }

    /** Ends all servers as {@code kill -9} does, one right after the other. */
    void killAll() {
        for (int i = 0; i < servers.size(); i++) {
            kill(i);
        }
    }

    /** Asks a server to end and waits until it has. */
    Finished stop(int index) {
        Finished finished = servers.get(index).running().terminate();
        servers.get(index).process = null;
        return finished;
    }

    /** Deletes all data of a server that does not run. */
    void wipe(int index) {
        try (Stream<Path> files = Files.walk(servers.get(index).data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id under which PD knew a server when it was last started. */
    long storeId(int index) {
        return servers.get(index).storeId;
    }

    /** The server that PD knows by this id. */
    int server(long storeId) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).storeId == storeId) {
                return i;
            }
        }
        throw new IllegalStateException("no server is store " + Long.toUnsignedString(storeId));
    }

    int size() {
        return servers.size();
    }

    /** What a running server has written to its standard error. */
    String log(int index) {
        return servers.get(index).running().stderr();
    }

    Cli cli() {
        return new Cli(pdAddress);
    }

    /** A new client, closed with the cluster. */
    FlareDb client(Duration timeout) {
        FlareDb client = FlareDb.connect(pdAddress, FlareDbOptions.defaults().withTimeout(timeout));
        clients.add(client);
        return client;
    }

    /** All that the processes have told, for the message of a test that fails. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("PD: ").append(pd);
        servers.forEach(each -> text.append('\n').append(each.process));
        return text.toString();
    }

    @Override
    public void close() {
        clients.forEach(FlareDb::close);
        for (Server server : servers) {
            if (server.process != null) {
                server.process.close();
            }
        }
        pd.close();
    }
}
