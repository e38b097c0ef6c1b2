package io.flaredb.bench;

import java.time.Duration;

/** Hears how a load goes on, a few times per second, on the thread that runs it. */
public interface Progress {
    /** Listens to nothing. */
    Progress NONE =
            new Progress() {
                @Override
                public void preparing(Workload workload) {}

                @Override
                public void running(
                        LoadOptions options, boolean measured, Duration since, double perSecond) {}
            };

    /** Keys that the workload needs are being written. */
    void preparing(Workload workload);

    /**
     * The load runs.
     *
     * @param measured whether the warm-up is over
     * @param since how long it has warmed up, or has been measured
     * @param perSecond successes per second since the last call
     */
    void running(LoadOptions options, boolean measured, Duration since, double perSecond);
}
