package io.flaredb.client.remote;

import io.flaredb.client.InvalidRequestException;

/**
 * Where a process serves, written {@code host:port}; an IPv6 address stands in brackets.
 *
 * @param host a name or an IP address, without brackets
 */
record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * @throws InvalidRequestException if the text is anything else than {@code host:port}
     */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        int port = port(text.substring(colon + 1));
        if (host.isEmpty()
                || host.contains("/")
                || host.chars().anyMatch(Character::isWhitespace)
                || host.contains(":") != bracketed
                || port < 1) {
            throw new InvalidRequestException(
                    "address \""
                            + text
                            + "\" is not host:port, for example 127.0.0.1:2379 or [::1]:2379");
        }
        return new HostPort(host, port);
    }

    /** 0: not a port. */
    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            return port <= MAX_PORT ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
