package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import org.junit.jupiter.api.Test;

class EncodingTest {
    private static final Bytes NOT_TEXT = Bytes.of(new byte[] {(byte) 0xff, 0, 0x7f});

    @Test
    void writesWhatItReads() {
        assertThat(Encoding.UTF8.encode(Encoding.UTF8.decode("grüße 🚀\t\n")))
                .isEqualTo("grüße 🚀\t\n");
        assertThat(Encoding.HEX.encode(NOT_TEXT)).isEqualTo("ff007f");
        assertThat(Encoding.HEX.decode("FF007f")).isEqualTo(NOT_TEXT);
        assertThat(Encoding.BASE64.encode(NOT_TEXT)).isEqualTo("/wB/");
        assertThat(Encoding.BASE64.decode("/wB/")).isEqualTo(NOT_TEXT);
    }

    @Test
    void noBytesAreNoText() {
        for (Encoding encoding : Encoding.values()) {
            assertThat(encoding.decode("")).isEqualTo(Bytes.EMPTY);
            assertThat(encoding.encode(Bytes.EMPTY)).isEmpty();
        }
    }

    @Test
    void refusesToShowBytesAsTextThatAreNone() {
        assertThatThrownBy(() -> Encoding.UTF8.encode(NOT_TEXT))
                .isInstanceOf(Encoding.NotUtf8Exception.class)
                .hasMessage(
                        "the answer is not valid UTF-8 (0xff007f): use --encoding hex or base64");
    }
}
