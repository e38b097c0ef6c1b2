package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import io.flaredb.it.torture.Ballast.Item;
import io.flaredb.it.torture.Problems.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class BallastTest {
    private static final Item A = item("a", "1");
    private static final Item B = item("b", "2");
    private static final Item C = item("c", "3");

    private final Problems problems = new Problems();

    @Test
    void findsNothingWrongWithWhatWasWritten() {
        reads(A, B, C);

        assertThat(problems.all()).isEmpty();
    }

    @Test
    void findsARecordThatIsGone() {
        reads(A, C);

        assertThat(problems.count(Kind.LOST)).isEqualTo(1);
        assertThat(problems.count(Kind.VIOLATION)).isZero();
    }

    @Test
    void findsARecordThatIsAnotherOne() {
        reads(A, item("b", "1"), C);

        assertThat(problems.count(Kind.VIOLATION)).isEqualTo(1);
    }

    @Test
    void findsARecordThatComesTwice() {
        reads(A, B, B, C);

        assertThat(problems.count(Kind.VIOLATION)).isEqualTo(1);
    }

    @Test
    void findsRecordsInAnotherOrder() {
        reads(B, A, C);

        assertThat(problems.count(Kind.VIOLATION)).isEqualTo(1);
    }

    @Test
    void findsARecordThatNobodyWrote() {
        reads(A, B, C, item("d", "4"));

        assertThat(problems.count(Kind.VIOLATION)).isEqualTo(1);
    }

    private void reads(Item... found) {
        Ballast.compare(List.of(A, B, C), List.of(found), problems);
    }

    private static Item item(String key, String value) {
        return new Item(Bytes.utf8(key), Bytes.utf8(value));
    }
}
