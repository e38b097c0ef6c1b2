package io.flaredb.rpc;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a process listens or is reached, written {@code host:port}; an IPv6 address is written in
 * brackets, {@code [::1]:2379}.
 *
 * @param host a name or an IP address, without brackets
 * @param port 0 to 65,535; 0 means any free port and only makes sense for listening
 */
public record HostAndPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    private static final String HOSTS =
            "neither an IP address nor a name of letters, digits, hyphens and dots";

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException naming the part that is wrong and what is allowed
     */
    public HostAndPort {
        if (!isHost(host)) {
            throw new IllegalArgumentException("host \"" + host + "\" is " + HOSTS);
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "port " + port + " is out of range: allowed are 0 to " + MAX_PORT);
        }
    }

    /**
     * Reads {@code host:port}.
     *
     * @throws IllegalArgumentException if the text is anything else; the message names it
     */
    public static HostAndPort parse(String text) {
        return parse(text, 0);
    }

    /** As {@link #parse(String)}, where something is reached: port 0 is refused too. */
    public static HostAndPort parseReachable(String text) {
        return parse(text, 1);
    }

    private static HostAndPort parse(String text, int minPort) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw malformed(text);
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
            if (host.indexOf(':') < 0) {
                throw malformed(text);
            }
        } else if (host.indexOf(':') >= 0) {
            throw malformed(text);
        }
        String port = text.substring(colon + 1);
        if (host.isEmpty() || port.isEmpty() || !port.chars().allMatch(HostAndPort::isDigit)) {
            throw malformed(text);
        }
        if (!isHost(host)) {
            throw new IllegalArgumentException(
                    "address \"" + text + "\": \"" + host + "\" is " + HOSTS);
        }
        // Five digits are at most 99,999, so parseInt cannot overflow.
        int number = port.length() > 5 ? Integer.MAX_VALUE : Integer.parseInt(port);
        if (number < minPort || number > MAX_PORT) {
            throw new IllegalArgumentException(
                    "address \"%s\": port is out of range, allowed are %d to %d"
                            .formatted(text, minPort, MAX_PORT));
        }
        return new HostAndPort(host, number);
    }

    /** The same host with another port. */
    public HostAndPort withPort(int newPort) {
        return new HostAndPort(host, newPort);
    }

    /** Looks the host up; {@link InetSocketAddress#isUnresolved()} if there is none. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    /** {@code host:port}, as {@link #parse} reads it. */
    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "address \""
                        + text
                        + "\" is not host:port, for example 127.0.0.1:2379 or [::1]:2379");
    }

    /** What gRPC can reach: it makes such a URI, which takes no underscores. */
    private static boolean isHost(String host) {
        try {
            String read = new URI(null, null, host, -1, null, null, null).getHost();
            return (host.indexOf(':') < 0 ? host : "[" + host + "]").equals(read);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }
}
