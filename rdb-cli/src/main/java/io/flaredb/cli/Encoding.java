package io.flaredb.cli;

import io.flaredb.bytes.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** How keys and values are written on the command line and in answers. */
enum Encoding {
    /** As text. Bytes that are not UTF-8 cannot be written so, and are refused, never mangled. */
    UTF8 {
        @Override
        Bytes decode(String text) {
            // Java has put this character wherever the command line was not UTF-8.
            if (text.indexOf(REPLACEMENT) >= 0) {
                throw new IllegalArgumentException(
                        "is not valid UTF-8 (or holds U+FFFD): give it in --encoding hex or base64");
            }
            return Bytes.utf8(text);
        }

        @Override
        String encode(Bytes bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.unsafeArray()))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new NotUtf8Exception(bytes);
            }
        }
    },

    /** Two hexadecimal digits a byte, either case. */
    HEX {
        @Override
        Bytes decode(String text) {
            try {
                return Bytes.wrap(HexFormat.of().parseHex(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "is not in --encoding hex: allowed are pairs of 0-9, a-f", e);
            }
        }

        @Override
        String encode(Bytes bytes) {
            return HexFormat.of().formatHex(bytes.unsafeArray());
        }
    },

    /** Base64 of RFC 4648, section 4; padding may be left out. */
    BASE64 {
        @Override
        Bytes decode(String text) {
            try {
                return Bytes.wrap(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "is not in --encoding base64: allowed are A-Z, a-z, 0-9, +, / and = at the"
                                + " end",
                        e);
            }
        }

        @Override
        String encode(Bytes bytes) {
            return Base64.getEncoder().encodeToString(bytes.unsafeArray());
        }
    };

    private static final char REPLACEMENT = '\uFFFD';

    /**
     * Reads a key or value.
     *
     * @throws IllegalArgumentException if it is not in this encoding; the message completes the
     *     sentence that starts with what was read
     */
    abstract Bytes decode(String text);

    /**
     * Writes a key or value.
     *
     * @throws NotUtf8Exception if this encoding cannot express it
     */
    abstract String encode(Bytes bytes);

    /** The answer is there, but cannot be shown as text. */
    static final class NotUtf8Exception extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotUtf8Exception(Bytes bytes) {
            super("the answer is not valid UTF-8 (" + bytes + "): use --encoding hex or base64");
        }
    }
}
