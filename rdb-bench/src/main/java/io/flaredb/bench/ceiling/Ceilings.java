package io.flaredb.bench.ceiling;

import io.flaredb.bench.DataSet;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.LoadRunner;
import io.flaredb.bench.Progress;
import io.flaredb.bench.Target;
import io.flaredb.bench.WarmUp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Measures all {@link Ceiling}s, one after the other. */
public final class Ceilings {
    private Ceilings() {}

    /** What one of them can do. */
    public record Measured(Ceiling ceiling, LoadResult result) {}

    /** Hears how it goes on, on the thread that measures. */
    public interface Listener {
        /** What hears how the loads on one of them go on. */
        Progress progress(Ceiling ceiling);

        /** One load is done. What was measured before something fails thus is not lost. */
        void measured(Measured measured);
    }

    /**
     * Measures each with every number of operations in flight, the disk with one.
     *
     * @param parent exists, on the disk that is asked about; a folder is made in it and deleted
     * @throws IOException if that folder cannot be made or deleted
     * @throws InterruptedException if the thread is, once the folder is deleted
     * @throws RuntimeException if the disk, RocksDB or the network fails
     */
    public static void measure(
            Path parent,
            DataSet set,
            List<Integer> inFlight,
            WarmUp warmUp,
            Duration duration,
            Listener listener)
            throws IOException, InterruptedException {
        try (ScratchFolder folder = ScratchFolder.in(parent);
                EchoProcess echo = EchoProcess.start()) {
            for (Ceiling ceiling : Ceiling.values()) {
                try (Target target = ceiling.open(folder.path(), echo.port())) {
                    LoadRunner runner = new LoadRunner(target, set);
                    Progress progress = listener.progress(ceiling);
                    for (int many : ceiling.inFlight(inFlight)) {
                        LoadOptions load =
                                new LoadOptions(ceiling.workload(), many, 0, warmUp, duration);
                        listener.measured(new Measured(ceiling, runner.run(load, progress)));
                    }
                }
            }
        }
    }
}
