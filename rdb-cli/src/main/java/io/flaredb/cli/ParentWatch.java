package io.flaredb.cli;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ties a child of {@code flaredb dev} to its parent: it ends when its stdin does, which happens
 * however the parent dies, even by SIGKILL.
 *
 * <p>A terminal sends Ctrl-C, and its own end, to the parent and to all its children. The children
 * ignore both, so that the parent can stop them in the order that suits them.
 */
final class ParentWatch {
    static final String OPTION = "--stop-with-parent";

    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private ParentWatch() {}

    static void start(InputStream in) {
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
        Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
        Thread.ofPlatform().name("parent-watch").daemon().start(() -> awaitEnd(in));
    }

    private static void awaitEnd(InputStream in) {
        try {
            while (in.read() >= 0) {
                // Nothing is sent; what matters is the end.
            }
        } catch (IOException e) {
            LOG.debug("stdin cannot be read, which is as good as its end", e);
        }
        // As SIGTERM does: what was accepted is finished first.
        System.exit(ExitCode.DONE.number());
    }
}
