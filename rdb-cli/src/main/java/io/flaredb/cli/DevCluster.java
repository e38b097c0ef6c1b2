package io.flaredb.cli;

import io.flaredb.client.FlareDb;
import io.flaredb.client.FlareDbException;
import io.flaredb.rpc.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/**
 * The processes of {@code flaredb dev --nodes N}: a placement driver and its stores, each started
 * with the Java, the class path and the flags of this process. They end when this process does.
 *
 * <p>For one thread.
 */
final class DevCluster implements AutoCloseable {
    private static final Pattern CLUSTER = Pattern.compile(" cluster (\\d+) ");

    private static final Duration KNOWN_LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_AGAIN_NANOS = 20_000_000;

    private final Terminal terminal;
    private final List<String> everyChildsArguments;
    private final List<ChildProcess> stores = new ArrayList<>();
    private final ChildProcess pd;

    /**
     * Starts the placement driver, and waits until it serves.
     *
     * @param everyChildsArguments go to the stores too
     * @throws CommandException if it ends before; with its own exit code
     * @throws CancellationException if this thread is interrupted, as of all methods that wait
     */
    DevCluster(
            Terminal terminal,
            HostAndPort address,
            Path dataDir,
            List<String> everyChildsArguments) {
        this.terminal = terminal;
        this.everyChildsArguments = everyChildsArguments;
        pd = start("pd", "pd", address, dataDir, List.of());
        try {
            awaitReady(pd.ready());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts one more store and waits until the placement driver knows it, though not until it
     * serves: stores get their ids in the order in which they come, so in a new cluster the data of
     * store n is in store-n.
     */
    void startStore(HostAndPort address, Path dataDir, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.add("--pd=" + pd.address());
        ChildProcess store = start("store-" + (stores.size() + 1), "server", address, dataDir, all);
        stores.add(store);
        try (FlareDb db = FlareDb.connect(pd.address().toString())) {
            long deadlineNanos = System.nanoTime() + KNOWN_LIMIT.toNanos();
            while (!store.ended().isDone()
                    && System.nanoTime() - deadlineNanos < 0
                    && db.cluster().stores().size() < stores.size()) {
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        } catch (FlareDbException e) {
            // Why PD does not answer is told where its end, or the store's, is waited for.
            LoggerFactory.getLogger(DevCluster.class).debug("not waiting for {}", store, e);
        }
        if (Thread.interrupted()) {
            throw stopped();
        }
    }

    private ChildProcess start(
            String name, String role, HostAndPort address, Path dataDir, List<String> arguments) {
        List<String> command = thisFlaredb();
        command.add(role);
        command.add(ParentWatch.OPTION);
        command.add("--addr=" + address);
        command.add("--data-dir=" + dataDir);
        command.addAll(everyChildsArguments);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // What Java took from these is among its flags already.
        builder.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        try {
            return new ChildProcess(name, role, dataDir, builder.start(), terminal.err());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> thisFlaredb() {
        String java =
                ProcessHandle.current()
                        .info()
                        .command()
                        .orElseGet(() ->
                                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        return command;
    }

    /**
     * Waits until all stores serve.
     *
     * @throws CommandException if one of them ends before; with its own exit code
     */
    void awaitStores() {
        CompletableFuture<Void> all = new CompletableFuture<>();
        List<CompletableFuture<String>> ready = stores.stream().map(ChildProcess::ready).toList();
        ready.forEach(each -> each.exceptionally(failure -> failed(all, failure)));
        pd.ended().thenRun(() -> failed(all, new CommandException(ExitCode.FAILED, "pd: ended")));
        CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new))
                .thenRun(() -> all.complete(null));
        awaitReady(all);
    }

    private static String failed(CompletableFuture<Void> all, Throwable failure) {
        all.completeExceptionally(failure);
        return "";
    }

    private static void awaitReady(CompletableFuture<?> ready) {
        try {
            ready.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandException failure
                    ? failure
                    : new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            throw stopped();
        }
    }

    /** For an interrupt, whose flag is cleared: those who close what has started must wait. */
    private static CancellationException stopped() {
        return new CancellationException("interrupted while the processes were starting");
    }

    /** Completed when no process is left. */
    CompletableFuture<Void> ended() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        all.add(pd.ended());
        stores.forEach(store -> all.add(store.ended()));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** All processes, as a table for people. */
    List<String> table() {
        Table table = new Table("ROLE", "STORE", "ADDRESS", "PID", "DATA");
        table.add(pd.row());
        stores.forEach(store -> table.add(store.row()));
        return table.lines();
    }

    /** Where it is, in the words of a ready line. */
    String whereabouts() {
        Matcher cluster = CLUSTER.matcher(pd.ready().join());
        if (!cluster.find()) {
            throw new IllegalStateException("not PD's ready line: " + pd.ready().join());
        }
        return "pd "
                + pd.address()
                + " stores "
                + stores.stream().map(ChildProcess::address).collect(Collectors.joining(","))
                + " cluster "
                + cluster.group(1);
    }

    /** Ends all processes and waits until they have: the stores first, since they need PD. */
    @Override
    public void close() {
        stores.forEach(ChildProcess::askToStop);
        stores.forEach(ChildProcess::awaitStopped);
        pd.askToStop();
        pd.awaitStopped();
    }
}
