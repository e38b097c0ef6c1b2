package io.flaredb.it.process;

import io.flaredb.it.process.FlareProcess.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PD or server that is ended and started again in the same place. What each of its processes told
 * is kept in a file.
 *
 * <p>For one thread.
 */
public final class Node implements AutoCloseable {
    private final String name;
    private final Place place;
    private final List<String> arguments;
    private final Path log;
    private @Nullable FlareProcess process;
    private long storeId;

    /**
     * @param name for messages
     * @param arguments of {@code flaredb}, without address and data folder
     * @param log grows by what a process told whenever one has ended
     */
    public Node(String name, Place place, List<String> arguments, Path log) {
        this.name = name;
        this.place = place;
        this.arguments = List.copyOf(arguments);
        this.log = log;
    }

    /** Starts it; {@link #awaitReady} waits until it serves. */
    public void launch() {
        if (process != null) {
            throw new IllegalStateException(name + " runs already");
        }
        process = place.start(arguments);
    }

    /**
     * Waits until it serves, or has ended; then it does not run.
     *
     * @return how it ended; empty: it serves
     */
    public Optional<Finished> awaitReady() {
        if (running().isReadyBeforeItEnds()) {
            if (arguments.getFirst().equals("server")) {
                storeId = Long.parseUnsignedLong(running().awaitReady().after("store"));
            }
            return Optional.empty();
        }
        return Optional.of(end(running().awaitExit()));
    }

    /** Ends it as {@code kill -9} does; also if it is paused or has ended by itself. */
    public void kill() {
        FlareProcess killed = running();
        killed.kill();
        end(killed.awaitExit());
    }

    /** Asks it to end and waits until it has. */
    public Finished stop() {
        return end(running().terminate());
    }

    /** How it ended, if it has done so by itself since it was started; then it does not run. */
    public Optional<Finished> endedByItself() {
        if (process == null || process.isAlive()) {
            return Optional.empty();
        }
        return Optional.of(end(process.awaitExit()));
    }

    private Finished end(Finished finished) {
        process = null;
        try {
            Files.writeString(
                    log,
                    finished.stdout()
                            + "\n"
                            + finished.stderr()
                            + "\nexit "
                            + finished.exitCode()
                            + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return finished;
    }

    /** Deletes all its data; it must not run. */
    public void wipe() {
        if (process != null) {
            throw new IllegalStateException(name + " runs");
        }
        try (Stream<Path> files = Files.walk(place.data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(place.data())) { // which may be where a disk is mounted
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it in its tracks. */
    public void pause() {
        running().pause();
    }

    /** Lets it go on; nothing happens if it has been ended meanwhile. */
    public void resume() {
        if (process != null) {
            process.resume();
        }
    }

    /** Whether it was started and not ended by a call; it may have ended by itself. */
    public boolean isStarted() {
        return process != null;
    }

    /** Whether its process is there; it may be paused. */
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** What its present process has told. */
    public String told() {
        return process == null ? "" : process.stderr();
    }

    private FlareProcess running() {
        FlareProcess running = process;
        if (running == null) {
            throw new IllegalStateException(name + " does not run");
        }
        return running;
    }

    public String name() {
        return name;
    }

    public Place place() {
        return place;
    }

    /** The id under which PD knew this server when it was last ready; 0 for a PD. */
    public long storeId() {
        return storeId;
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
