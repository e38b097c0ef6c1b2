package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamedLeadersTest {
    private final NamedLeaders leaders = new NamedLeaders();

    @Test
    void isBelievedUntilFoundWrong() {
        assertThat(leaders.isNews(1, 2, 7)).isTrue();
        assertThat(leaders.isNews(1, 2, 7)).isTrue();
        leaders.foundWrong(1, 3); // another one
        leaders.foundWrong(4, 2); // of another region
        assertThat(leaders.isNews(1, 2, 7)).isTrue();
        leaders.foundWrong(1, 2);
        assertThat(leaders.isNews(1, 2, 7)).isFalse();
    }

    @Test
    void isBelievedAgainAfterAnotherElection() {
        assertThat(leaders.isNews(1, 2, 7)).isTrue();
        leaders.foundWrong(1, 2);
        assertThat(leaders.isNews(1, 2, 8)).isTrue();
        assertThat(leaders.isNews(1, 3, 9)).isTrue();
    }
}
