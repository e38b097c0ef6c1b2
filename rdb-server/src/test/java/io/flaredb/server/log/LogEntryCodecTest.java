package io.flaredb.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.SizeLimits;
import io.flaredb.proto.meta.Region;
import io.flaredb.storage.CasStep;
import io.flaredb.storage.Command;
import io.flaredb.storage.CorruptionException;
import io.flaredb.storage.KeyValue;
import io.flaredb.storage.RequestId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogEntryCodecTest {
    private static final Bytes KEY = Bytes.utf8("key");
    private static final Bytes LONGEST_KEY = Bytes.wrap(new byte[SizeLimits.MAX_KEY_BYTES]);

    static Stream<LogEntry> entries() {
        return Stream.of(
                new LogEntry.Write(new Command.RawPut(KEY, Bytes.utf8("value"))),
                new LogEntry.Write(new Command.RawPut(LONGEST_KEY, Bytes.EMPTY)),
                new LogEntry.Write(new Command.RawDelete(KEY)),
                new LogEntry.Write(
                        new Command.RawPutAll(
                                List.of(
                                        new KeyValue(KEY, Bytes.EMPTY),
                                        new KeyValue(LONGEST_KEY, Bytes.utf8("value"))))),
                new LogEntry.Write(new Command.RawPutAll(List.of())),
                new LogEntry.Write(new Command.CompareAndSwap(KEY, -1, Bytes.utf8("value"))),
                new LogEntry.Write(new Command.CompareAndDelete(KEY, Long.MIN_VALUE)),
                new LogEntry.Write(
                        new Command.CasBatch(
                                List.of(
                                        new CasStep.Swap(KEY, 7, Bytes.utf8("value")),
                                        new CasStep.Delete(LONGEST_KEY, -1),
                                        new CasStep.Check(Bytes.utf8("other"), 0)))),
                new LogEntry.Numbered(
                        new RequestId(-1, 1_700_000_000_000L, 9, 3),
                        1_700_000_000_001L,
                        new Command.CompareAndSwap(KEY, 0, Bytes.EMPTY)),
                new LogEntry.Settle(new RequestId(5, 0, 1, 0), -1),
                new LogEntry.Several(
                        List.of(
                                new LogEntry.Write(new Command.RawPut(KEY, Bytes.utf8("value"))),
                                new LogEntry.Numbered(
                                        new RequestId(1, 2, 4, 3), 5, new Command.RawDelete(KEY)),
                                new LogEntry.Settle(new RequestId(5, 0, 1, 0), -1))),
                new LogEntry.ForgetIdle(1_700_000_000_000L),
                new LogEntry.Describe(Region.newBuilder().setId(7).build()),
                new LogEntry.Check(-7));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void whatIsDecodedIsWhatWasEncoded(LogEntry entry) {
        assertThat(LogEntryCodec.decode(LogEntryCodec.encode(entry))).isEqualTo(entry);
    }

    @Test
    void theLayoutInTheLogStaysAsItIs() {
        LogEntry swap =
                new LogEntry.Write(new Command.CompareAndSwap(KEY, 258, Bytes.utf8("value")));
        assertThat(HexFormat.of().formatHex(LogEntryCodec.encode(swap)))
                .isEqualTo("0400000000000001020003" + "6b6579" + "76616c7565");
    }

    @Test
    void theLayoutOfANumberedWriteStaysAsItIs() {
        LogEntry write =
                new LogEntry.Numbered(
                        new RequestId(1, 2, 4, 3), 5, new Command.RawPut(KEY, Bytes.utf8("v")));
        assertThat(HexFormat.of().formatHex(LogEntryCodec.encode(write)))
                .isEqualTo(
                        "09"
                                + "0000000000000001"
                                + "0000000000000002"
                                + "0000000000000004"
                                + "0000000000000003"
                                + "0000000000000005"
                                + "0100036b6579"
                                + "76");
    }

    @Test
    void theLayoutOfSeveralStaysAsItIs() {
        LogEntry several =
                new LogEntry.Several(
                        List.of(
                                new LogEntry.Write(new Command.RawPut(KEY, Bytes.utf8("v"))),
                                new LogEntry.Write(new Command.RawDelete(KEY))));
        assertThat(HexFormat.of().formatHex(LogEntryCodec.encode(several)))
                .isEqualTo(
                        "0c"
                                + "00000002"
                                + "00000007"
                                + "0100036b657976"
                                + "00000004"
                                + "026b6579");
    }

    @Test
    void onlyRequestsOfClientsShareAnEntry() {
        byte[] check = LogEntryCodec.encode(new LogEntry.Check(1));
        byte[] several = LogEntryCodec.encodeSeveral(List.of(check));
        assertThatThrownBy(() -> LogEntryCodec.decode(several))
                .isInstanceOf(CorruptionException.class);
    }

    @ParameterizedTest
    @MethodSource("entries")
    void anEntryCutShortIsNeverTakenForAnother(LogEntry entry) {
        byte[] whole = LogEntryCodec.encode(entry);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            try {
                assertThat(LogEntryCodec.decode(cut)).isNotEqualTo(entry);
            } catch (CorruptionException e) {
                assertThat(e).hasMessageContaining("cut short");
            }
        }
    }

    @Test
    void anUnknownKindIsNotSkipped() {
        assertThatThrownBy(() -> LogEntryCodec.decode(new byte[] {99}))
                .isInstanceOf(CorruptionException.class)
                .hasMessageContaining("unknown kind 99");
    }
}
