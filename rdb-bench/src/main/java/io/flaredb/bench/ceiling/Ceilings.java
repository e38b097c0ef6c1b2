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
import java.util.ArrayList;
import java.util.List;

/** Measures all {@link Ceiling}s, one after the other. */
public final class Ceilings {
    private Ceilings() {}

    /** What one of them can do. */
    public record Measured(Ceiling ceiling, LoadResult result) {}

    /**
     * Measures each with every number of operations in flight that it takes.
     *
     * @param parent exists, on the disk that is asked about; a folder is made in it and deleted,
     *     also if the process is told to end
     * @throws IOException if that folder cannot be made or deleted
     * @throws RuntimeException if the disk, RocksDB or the network fails
     */
    public static List<Measured> measure(
            Path parent,
            DataSet set,
            List<Integer> inFlight,
            WarmUp warmUp,
            Duration duration,
            Progress progress)
            throws IOException, InterruptedException {
        List<Measured> measured = new ArrayList<>();
        try (ScratchFolder folder = ScratchFolder.in(parent);
                EchoProcess echo = EchoProcess.start()) {
            for (Ceiling ceiling : Ceiling.values()) {
                try (Target target = ceiling.open(folder.path(), echo.port())) {
                    LoadRunner runner = new LoadRunner(target, set);
                    for (int many : inFlight) {
                        if (ceiling.takes(many)) {
                            LoadOptions load =
                                    new LoadOptions(ceiling.workload(), many, 0, warmUp, duration);
                            measured.add(new Measured(ceiling, runner.run(load, progress)));
                        }
                    }
                }
            }
        }
        return measured;
    }
}
