package io.flaredb.client.remote;

import io.flaredb.client.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a process serves, written {@code host:port}; an IPv6 address stands in brackets.
 *
 * @param host a name or an IP address, without brackets
 */
record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * @throws InvalidRequestException if the text is anything else than {@code host:port}, or gRPC
     *     cannot reach such a host
     */
    static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (bracketed) {
            host = host.substring(1, host.length() - 1);
        }
        int port = port(text.substring(colon + 1));
        if (host.isEmpty() || host.contains(":") != bracketed || port < 1) {
            throw new InvalidRequestException(
                    "address \""
                            + text
                            + "\" is not host:port, for example 127.0.0.1:2379 or [::1]:2379");
        }
        if (!isHost(host)) {
            throw new InvalidRequestException(
                    "address \""
                            + text
                            + "\": \""
                            + host
                            + "\" is neither an IP address nor a name of letters, digits, hyphens"
                            + " and dots");
        }
        return new HostPort(host, port);
    }

    /** What gRPC can reach: it makes such a URI, which takes no underscores. */
    private static boolean isHost(String host) {
        try {
            String read = new URI(null, null, host, -1, null, null, null).getHost();
            return (host.contains(":") ? "[" + host + "]" : host).equals(read);
        } catch (URISyntaxException e) {
            return false;
        }
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
