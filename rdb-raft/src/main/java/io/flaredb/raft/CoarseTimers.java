package io.flaredb.raft;

import com.alipay.sofa.jraft.util.NamedThreadFactory;
import com.alipay.sofa.jraft.util.SPI;
import com.alipay.sofa.jraft.util.timer.DefaultRaftTimerFactory;
import com.alipay.sofa.jraft.util.timer.HashedWheelTimer;
import com.alipay.sofa.jraft.util.timer.Timer;
import java.util.concurrent.TimeUnit;

/**
 * The library's timers, but for the one that ends read-index questions without an answer: it would
 * wake up a thousand times a second, for good, from the first question on. Found by the library as
 * a service, before its own.
 */
@SPI(name = "flaredb", priority = 100)
public final class CoarseTimers extends DefaultRaftTimerFactory {
    private static final long TICK_MILLIS = 50;
    private static final int TICKS_PER_WHEEL = 512;

    @Override
    public Timer createTimer(String name) {
        return new HashedWheelTimer(
                new NamedThreadFactory(name, true),
                TICK_MILLIS,
                TimeUnit.MILLISECONDS,
                TICKS_PER_WHEEL);
    }
}
