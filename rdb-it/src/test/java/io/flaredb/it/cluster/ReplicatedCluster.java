package io.flaredb.it.cluster;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbOptions;
import io.flaredb.it.process.Cli;
import io.flaredb.it.process.FlareProcess;
import io.flaredb.it.process.FlareProcess.Finished;
import io.flaredb.it.process.Place;
import io.flaredb.storage.CrashPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PD and several servers, each a process under an address that stays the same over restarts. The
 * servers are counted from 0. Regions have as many replicas as there were servers at the start.
 *
 * <p>For one thread.
 */
public final class ReplicatedCluster implements AutoCloseable {
    private final Path folder;
    private final List<String> arguments = new ArrayList<>(); // of each server
    private final String pdAddress;
    private final Place pdPlace;
    private FlareProcess pd;
    private final List<Server> servers = new ArrayList<>();
    private final List<FlareDb> clients = new ArrayList<>();

    /** One server, whether or not it runs. */
    private static final class Server {
        private final Place place;
        private @Nullable FlareProcess process;
        private long storeId;

        Server(Place place) {
            this.place = place;
        }

        FlareProcess running() {
            FlareProcess running = process;
            if (running == null) {
                throw new IllegalStateException("the server at " + place + " does not run");
            }
            return running;
        }
    }

    /**
     * Starts PD and servers on this machine, and waits until all are ready.
     *
     * @param folder where the data folders are made
     * @param options of all servers, besides those that make them servers of this cluster
     */
    public ReplicatedCluster(Path folder, int servers, String... options) {
        this(folder, Place.local(folder.resolve("pd")), locally(folder, servers), options);
    }

    /**
     * Starts PD and servers where they belong, and waits until all are ready.
     *
     * @param folder where the data folders of servers are made that are added later
     * @param options of all servers, besides those that make them servers of this cluster
     */
    public ReplicatedCluster(Path folder, Place pd, List<Place> servers, String... options) {
        this.folder = folder;
        this.pdPlace = pd;
        this.pdAddress = pd.address();
        this.arguments.addAll(
                List.of(
                        "server",
                        "--initial-replicas=" + servers.size(),
                        "--block-cache=32MiB",
                        "--pd",
                        pdAddress));
        this.arguments.addAll(List.of(options));
        this.pd = pd.start(List.of("pd"));
        try {
            this.pd.awaitReady();
            servers.forEach(place -> this.servers.add(new Server(place)));
            startAll();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static List<Place> locally(Path folder, int servers) {
        return IntStream.range(0, servers)
                .mapToObj(i -> Place.local(folder.resolve("server-" + i)))
                .toList();
    }

    /** Ends PD as {@code kill -9} does, starts it again and waits until it is ready. */
    public void restartPd() {
        pd.kill();
        pd = pdPlace.start(List.of("pd"));
        pd.awaitReady();
    }

    /** Starts the servers that do not run, at once, and waits until they are ready. */
    public void startAll() {
        List<Server> starting = servers.stream().filter(each -> each.process == null).toList();
        starting.forEach(this::launch);
        starting.forEach(ReplicatedCluster::awaitReady);
    }

    /** Starts a server and waits until it is ready. */
    public void start(int index) {
        launch(servers.get(index));
        awaitReady(servers.get(index));
    }

    /** Starts a server and waits until it is ready, or has ended without: it then is down. */
    public Optional<Finished> tryStart(int index) {
        Server server = servers.get(index);
        launch(server);
        if (server.running().isReadyBeforeItEnds()) {
            awaitReady(server);
            return Optional.empty();
        }
        return Optional.of(awaitEnd(index));
    }

    /**
     * Starts a server that ends by itself when it comes to a point for the {@code occurrence}th
     * time, and waits until it serves or has ended; then {@link #awaitCrash}.
     */
    void startArmed(int index, CrashPoint point, int occurrence) {
        Server server = servers.get(index);
        server.process = server.place.with(armed(point, occurrence)).start(arguments);
        if (server.running().isReadyBeforeItEnds()) {
            awaitReady(server);
        }
    }

    private static Map<String, String> armed(CrashPoint point, int occurrence) {
        return Map.of(Place.JAVA_OPTS, "-D" + CrashPoint.PROPERTY + "=" + point.at(occurrence));
    }

    /**
     * Waits until a server has ended at the point it was started for.
     *
     * @throws AssertionError if it has ended otherwise
     */
    void awaitCrash(int index) {
        Finished finished = awaitEnd(index);
        if (finished.exitCode() != CrashPoint.EXIT_CODE) {
            throw new AssertionError("ended, but at no crash point: " + finished);
        }
    }

    /** Waits until a server has ended by itself. */
    public Finished awaitEnd(int index) {
        Finished finished = servers.get(index).running().awaitExit();
        servers.get(index).process = null;
        return finished;
    }

    /** Whether a server runs. */
    public boolean isAlive(int index) {
        FlareProcess process = servers.get(index).process;
        return process != null && process.isAlive();
    }

    private void launch(Server server) {
        server.process = server.place.start(arguments);
    }

    private static void awaitReady(Server server) {
        server.storeId = Long.parseUnsignedLong(server.running().awaitReady().after("store"));
    }

    /** Starts one more server, with no data; returns its index. */
    public int add() {
        servers.add(new Server(Place.local(folder.resolve("server-" + servers.size()))));
        start(servers.size() - 1);
        return servers.size() - 1;
    }

    /** Ends a server as {@code kill -9} does. */
    public void kill(int index) {
        servers.get(index).running().kill();
        servers.get(index).process = null;
    }

    /** Ends all servers as {@code kill -9} does, one right after the other. */
    public void killAll() {
        for (int i = 0; i < servers.size(); i++) {
            kill(i);
        }
    }

    /** Asks a server to end and waits until it has. */
    public Finished stop(int index) {
        Finished finished = servers.get(index).running().terminate();
        servers.get(index).process = null;
        return finished;
    }

    /** Deletes all data of a server that does not run. */
    public void wipe(int index) {
        try (Stream<Path> files = Files.walk(data(index))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The data folder of a server. */
    public Path data(int index) {
        return servers.get(index).place.data();
    }

    /** The id under which PD knew a server when it was last started. */
    public long storeId(int index) {
        return servers.get(index).storeId;
    }

    /** The server that PD knows by this id. */
    public int server(long storeId) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).storeId == storeId) {
                return i;
            }
        }
        throw new IllegalStateException("no server is store " + Long.toUnsignedString(storeId));
    }

    public int size() {
        return servers.size();
    }

    /** What a running server has written to its standard error. */
    public String log(int index) {
        return servers.get(index).running().stderr();
    }

    public Cli cli() {
        return new Cli(pdAddress);
    }

    /** A new client, closed with the cluster. */
    public FlareDb client(Duration timeout) {
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
