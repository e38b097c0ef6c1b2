package io.flaredb.client;

import io.flaredb.client.retry.Timer;
import io.flaredb.client.spi.Backend;
import java.util.concurrent.Executor;

/** The API over whichever backend there is. */
final class OpenFlareDb implements FlareDb {
    private final Backend backend;
    private final Timer timer;
    private final Calls.Lifecycle lifecycle;
    private final RawKv raw;
    private final CasKv cas;
    private final Tso tso;
    private final Cluster cluster;

    /**
     * @param timer closed with this, after the backend
     */
    OpenFlareDb(Backend backend, Timer timer, FlareDbOptions options) {
        this.backend = backend;
        this.timer = timer;
        this.lifecycle = new Calls.Lifecycle(options);
        Backend waiting = backend.forWaitingCallers();
        Calls direct = Calls.direct(options, lifecycle);
        Calls handingOver = Calls.handingOver(options, lifecycle);
        Executor executor = options.executor();
        this.raw =
                new RawView(
                        new AsyncRawView(waiting, direct),
                        new AsyncRawView(backend, handingOver),
                        executor,
                        new RawView(
                                new AsyncRawView(waiting.stale(), direct),
                                new AsyncRawView(backend.stale(), handingOver),
                                executor,
                                null));
        this.cas =
                new CasView(
                        new AsyncCasView(waiting, direct, timer, executor),
                        new AsyncCasView(backend, handingOver, timer, executor),
                        executor,
                        new CasView(
                                new AsyncCasView(waiting.stale(), direct, timer, executor),
                                new AsyncCasView(backend.stale(), handingOver, timer, executor),
                                executor,
                                null));
        this.tso =
                new TsoView(
                        new AsyncTsoView(waiting, direct), new AsyncTsoView(backend, handingOver));
        this.cluster =
                new ClusterView(
                        new AsyncClusterView(waiting, direct),
                        new AsyncClusterView(backend, handingOver));
    }

    @Override
    public RawKv raw() {
        return raw;
    }

    @Override
    public CasKv cas() {
        return cas;
    }

    @Override
    public Tso tso() {
        return tso;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public void close() {
        lifecycle.close();
        backend.close();
        timer.close();
    }
}
