package io.flaredb.bench;

import java.time.Duration;

/** Hears how a load goes on, on the thread that runs it. */
public interface Progress {
    /** Listens to nothing. */
    Progress NONE =
            new Progress() {
                @Override
                public void preparing(Workload workload) {}

                @Override
                public void prepared(Workload workload, int keys, int of) {}

                @Override
                public void running(
                        LoadOptions options, boolean measured, Duration since, double perSecond) {}
            };

    /** Keys that the workload needs are about to be written, if any are. */
    void preparing(Workload workload);

    /**
     * Keys are being written; heard for each, or each batch of them.
     *
     * @param keys how many are written, nearly
     * @param of how many there are
     */
    void prepared(Workload workload, int keys, int of);

    /**
     * The load runs; heard a few times per second.
     *
     * @param measured whether the warm-up is over
     * @param since how long it has warmed up, or has been measured
     * @param perSecond successes per second since the last call
     */
    void running(LoadOptions options, boolean measured, Duration since, double perSecond);
}
