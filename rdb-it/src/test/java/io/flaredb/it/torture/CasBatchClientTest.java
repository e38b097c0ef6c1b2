package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import io.flaredb.client.CasBatchResult;
import io.flaredb.client.CasOperation;
import io.flaredb.it.history.VersionedRegister.Output;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CasBatchClientTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final List<CasOperation> OPERATIONS =
            List.of(CasOperation.delete(A, 3), CasOperation.check(B, 5));

    @Test
    void believesWhatMayBe() {
        assertThatCode(() -> judge(new CasBatchResult.Swapped(Map.of(A, 0L, B, 5L))))
                .doesNotThrowAnyException();
        assertThatCode(() -> judge(new CasBatchResult.Conflict(Map.of(A, 3L, B, 6L))))
                .doesNotThrowAnyException();
    }

    @Test
    void findsAConflictInWhichNothingDiffers() {
        refuses(new CasBatchResult.Conflict(Map.of(A, 3L, B, 5L)));
    }

    @Test
    void findsADeleteThatLeftAVersionAndACheckThatPassedAtAnother() {
        refuses(new CasBatchResult.Swapped(Map.of(A, 4L, B, 5L)));
        refuses(new CasBatchResult.Swapped(Map.of(A, 0L, B, 6L)));
    }

    @Test
    void putsEachVersionThatABatchWasToldInTheHistory() {
        assertThat(told(new CasBatchResult.Conflict(Map.of(A, 3L, B, 6L))))
                .containsExactly(new Output.At(3), new Output.At(6));
        assertThat(told(new CasBatchResult.Swapped(Map.of(A, 0L, B, 5L))))
                .containsExactly(new Output.Swapped(0), new Output.At(5));
    }

    private static List<Output> told(CasBatchResult result) {
        return OPERATIONS.stream().map(each -> CasBatchClient.told(each, result)).toList();
    }

    private static void refuses(CasBatchResult result) {
        assertThatThrownBy(() -> judge(result)).isInstanceOf(IllegalStateException.class);
    }

    private static void judge(CasBatchResult result) {
        CasBatchClient.judge(OPERATIONS, result);
    }
}
