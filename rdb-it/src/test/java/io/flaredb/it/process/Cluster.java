package io.flaredb.it.process;

import io.flaredb.it.process.FlareProcess.Finished;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One PD and one store as processes of their own, under addresses that stay the same over restarts.
 *
 * <p>For one thread.
 */
public final class Cluster implements AutoCloseable {
    private final String pdAddress = FreePorts.address();
    private final String serverAddress = FreePorts.address();
    private final Path pdData;
    private final Path serverData;
    private final Map<String, String> environment;
    private @Nullable FlareProcess pd;
    private @Nullable FlareProcess server;

    /**
     * @param folder where both data folders are made
     * @param environment added to the environment of both processes
     */
    public Cluster(Path folder, Map<String, String> environment) {
        this(folder.resolve("pd"), folder.resolve("server"), environment);
    }

    public Cluster(Path pdData, Path serverData, Map<String, String> environment) {
        this.pdData = pdData;
        this.serverData = serverData;
        this.environment = environment;
    }

    /** A cluster that runs. */
    public static Cluster started(Path folder) {
        return new Cluster(folder, Map.of()).start();
    }

    /** Starts what does not run, PD and store at once, and waits until both are ready. */
    public Cluster start() {
        launch(environment);
        pd().awaitReady();
        server().awaitReady();
        return this;
    }

    /**
     * Starts both in another environment, say one that ends them while they start, and waits until
     * each has ended or serves; then neither runs.
     */
    public void startAndKill(Map<String, String> otherEnvironment) {
        launch(otherEnvironment);
        // The store only comes as far as its PD lets it.
        if (pd().isReadyBeforeItEnds()) {
            server().isReadyBeforeItEnds();
        }
        killPd();
        killServer();
    }

    private void launch(Map<String, String> environment) {
        if (pd == null) {
            pd = launch(environment, "pd", "--data-dir", pdData.toString(), "--addr", pdAddress);
        }
        if (server == null) {
            server =
                    launch(
                            environment,
                            "server",
                            "--data-dir",
                            serverData.toString(),
                            "--addr",
                            serverAddress,
                            "--pd",
                            pdAddress);
        }
    }

    private static FlareProcess launch(Map<String, String> environment, String... arguments) {
        return FlareProcess.start(Installation.flaredb(arguments), environment);
    }

    /** Ends the PD as {@code kill -9} does. */
    public void killPd() {
        pd().kill();
        pd = null;
    }

    /** Ends the store as {@code kill -9} does. */
    public void killServer() {
        server().kill();
        server = null;
    }

    /** Starts the store and waits until it is ready, or has ended without. */
    public boolean tryStartServer() {
        launch(environment);
        return server().isReadyBeforeItEnds();
    }

    /** Waits until the store has ended by itself. */
    public Finished awaitServerEnd() {
        Finished finished = server().awaitExit();
        server = null;
        return finished;
    }

    /** Asks the PD to end and waits until it has. */
    public Finished terminatePd() {
        Finished finished = pd().terminate();
        pd = null;
        return finished;
    }

    /** Asks the store to end and waits until it has. */
    public Finished terminateServer() {
        Finished finished = server().terminate();
        server = null;
        return finished;
    }

    public FlareProcess pd() {
        return running(pd, "pd");
    }

    public FlareProcess server() {
        return running(server, "server");
    }

    private static FlareProcess running(@Nullable FlareProcess process, String name) {
        if (process == null) {
            throw new IllegalStateException("the " + name + " does not run");
        }
        return process;
    }

    public Path pdData() {
        return pdData;
    }

    public Path serverData() {
        return serverData;
    }

    public String pdAddress() {
        return pdAddress;
    }

    public String serverAddress() {
        return serverAddress;
    }

    public Cli cli() {
        return new Cli(pdAddress);
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (pd != null) {
            pd.close();
        }
    }
}
