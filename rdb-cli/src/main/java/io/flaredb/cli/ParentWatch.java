package io.flaredb.cli;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
        ignore("INT");
        ignore("HUP");
        Thread.ofPlatform().name("parent-watch").daemon().start(() -> awaitEnd(in));
    }

    /** By a class that every JDK has, though javac warns of it: there is no other way. */
    private static void ignore(String signal) {
        sun.misc.Signal.handle(new sun.misc.Signal(signal), sun.misc.SignalHandler.SIG_IGN);
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
