package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.client.FlareDb;
import io.flaredb.client.InvalidRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:2379", "localhost:1", "[::1]:65535", "my-pd.example.:1"})
    void readsAnAddress(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                ":2379",
                "localhost:",
                "localhost:0",
                "localhost:65536",
                "localhost:-1",
                "localhost:http",
                "http://localhost:2379",
                "::1:2379",
                "[localhost]:2379"
            })
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> FlareDb.connect(text))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "address \""
                                + text
                                + "\" is not host:port, for example 127.0.0.1:2379 or [::1]:2379");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"my_pd", "a b", "a/b", "user@host", "a?b", "-a", "a..b", "a%b", "1.2.3"})
    void refusesAHostThatCannotBeReached(String host) {
        assertThatThrownBy(() -> FlareDb.connect(host + ":2379"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "address \"%s:2379\": \"%s\" is neither an IP address nor a name of letters,"
                                + " digits, hyphens and dots",
                        host, host);
    }
}
