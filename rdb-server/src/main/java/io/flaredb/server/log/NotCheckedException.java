package io.flaredb.server.log;

/** A replica was not looked at; the message is one line for a person and says why. */
public final class NotCheckedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotCheckedException(String why) {
        super(why, null, false, false);
    }
}
