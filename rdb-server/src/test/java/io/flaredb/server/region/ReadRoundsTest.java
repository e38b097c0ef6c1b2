package io.flaredb.server.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReadRoundsTest {
    private final List<CompletableFuture<Long>> questions = new ArrayList<>();
    private final ReadRounds rounds =
            new ReadRounds(() -> {
                CompletableFuture<Long> question = new CompletableFuture<>();
                questions.add(question);
                return question;
            });

    @Test
    void asksAtOnceForWhoComesAlone() {
        CompletableFuture<Long> read = rounds.join();

        assertThat(questions).hasSize(1);
        questions.get(0).complete(7L);
        assertThat(read).isCompletedWithValue(7L);
    }

    @Test
    void aReadNeverJoinsAQuestionThatWasAskedBeforeItCame() {
        rounds.join();
        CompletableFuture<Long> later = rounds.join();

        questions.get(0).complete(7L);

        assertThat(later).isNotDone();
        assertThat(questions).hasSize(2);
        questions.get(1).complete(8L);
        assertThat(later).isCompletedWithValue(8L);
    }

    @Test
    void thoseThatWaitShareTheNextQuestion() {
        rounds.join();
        for (int i = 0; i < 100; i++) {
            rounds.join();
        }
        CompletableFuture<Long> last = rounds.join();
        assertThat(questions).hasSize(1);

        questions.get(0).complete(7L);

        assertThat(questions).hasSize(2);
        questions.get(1).complete(8L);
        assertThat(last).isCompletedWithValue(8L);
        rounds.join();
        assertThat(questions).hasSize(3);
    }

    @Test
    void asksAgainAfterAFailure() {
        CompletableFuture<Long> first = rounds.join();
        CompletableFuture<Long> second = rounds.join();

        questions.get(0).completeExceptionally(new IllegalStateException("no majority"));
        questions.get(1).complete(8L);

        assertThatThrownBy(first::join).hasMessageContaining("no majority");
        assertThat(second).isCompletedWithValue(8L);
    }

    @Test
    void whoReadsWhenTheAnswerComesMayAskAtOnce() {
        CompletableFuture<Long> chained = rounds.join().thenCompose(index -> rounds.join());

        questions.get(0).complete(7L);

        assertThat(questions).hasSize(2);
        questions.get(1).complete(8L);
        assertThat(chained).isCompletedWithValue(8L);
    }
}
