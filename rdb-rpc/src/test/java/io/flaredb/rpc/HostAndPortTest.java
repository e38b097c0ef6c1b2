package io.flaredb.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostAndPortTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:2379", "localhost:0", "my-host.example:65535", "[::1]:20160"})
    void writesWhatItRead(String text) {
        assertThat(HostAndPort.parse(text)).hasToString(text);
    }

    @Test
    void takesTheBracketsOff() {
        assertThat(HostAndPort.parse("[::1]:20160")).isEqualTo(new HostAndPort("::1", 20160));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                ":2379",
                "host:",
                "host:12a",
                "host:-1",
                "::1:2379",
                "[host]:1",
                "[]:1",
                "http://host:1",
                "host: 1"
            })
    void refusesWhatIsNotHostAndPort(String text) {
        assertThatThrownBy(() -> HostAndPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "address \"%s\" is not host:port, for example 127.0.0.1:2379 or [::1]:2379",
                        text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my_pd",
                "a b",
                "a/b",
                "user@host",
                "a?b",
                "-a",
                "a-",
                "a..b",
                "a%b",
                "1.2.3",
                "h\u00f4te"
            })
    void refusesAHostThatCannotBeReached(String host) {
        String why =
                "\"%s\" is neither an IP address nor a name of letters, digits, hyphens and dots"
                        .formatted(host);

        assertThatThrownBy(() -> HostAndPort.parse(host + ":2379"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address \"" + host + ":2379\": " + why);
        assertThatThrownBy(() -> new HostAndPort(host, 2379))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("host " + why);
    }

    @Test
    void takesOnlyIpV6AddressesWithColons() {
        assertThat(HostAndPort.parse("[fe80::1%eth0]:1").host()).isEqualTo("fe80::1%eth0");
        assertThatThrownBy(() -> HostAndPort.parse("[a:b]:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("address \"[a:b]:1\": \"a:b\" is neither an IP address");
        assertThatThrownBy(() -> new HostAndPort("[::1]", 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:65536", "host:99999", "host:123456789012"})
    void refusesAPortOutOfRange(String text) {
        assertThatThrownBy(() -> HostAndPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address \"%s\": port is out of range, allowed are 0 to 65535", text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:0", "host:65536"})
    void refusesAPortThatNothingIsReachedAt(String text) {
        assertThatThrownBy(() -> HostAndPort.parseReachable(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("address \"%s\": port is out of range, allowed are 1 to 65535", text);
        assertThat(HostAndPort.parseReachable("host:1")).hasToString("host:1");
    }
}
