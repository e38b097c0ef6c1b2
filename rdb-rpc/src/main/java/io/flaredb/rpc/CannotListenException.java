package io.flaredb.rpc;

/**
 * The server could not listen on its address, say because another process does. The message is one
 * line that names the address and the reason.
 */
public final class CannotListenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotListenException(HostAndPort address, String reason, Throwable cause) {
        super("cannot listen on " + address + ": " + reason, cause);
    }

    CannotListenException(HostAndPort address, String reason) {
        super("cannot listen on " + address + ": " + reason);
    }
}
