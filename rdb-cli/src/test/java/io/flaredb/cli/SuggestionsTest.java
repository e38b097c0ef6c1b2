package io.flaredb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionsTest {
    private static final List<String> COMMANDS = List.of("put", "get", "delete", "scan", "status");

    @Test
    void countsTypingMistakes() {
        assertThat(Suggestions.distance("put", "put")).isZero();
        assertThat(Suggestions.distance("ptu", "put")).isEqualTo(1);
        assertThat(Suggestions.distance("pt", "put")).isEqualTo(1);
        assertThat(Suggestions.distance("putt", "put")).isEqualTo(1);
        assertThat(Suggestions.distance("pat", "put")).isEqualTo(1);
        assertThat(Suggestions.distance("", "put")).isEqualTo(3);
    }

    @Test
    void offersOnlyWhatIsNear() {
        assertThat(Suggestions.nearest("delte", COMMANDS)).containsExactly("delete");
        assertThat(Suggestions.nearest("pet", COMMANDS)).containsExactly("get", "put");
        assertThat(Suggestions.nearest("frobnicate", COMMANDS)).isEmpty();
        assertThat(Suggestions.nearest("--exepct", List.of("--expect", "--pd")))
                .containsExactly("--expect");
    }

    @Test
    void offersNothingForASingleLetter() {
        assertThat(Suggestions.nearest("-o", List.of("-h", "--of"))).isEmpty();
        assertThat(Suggestions.nearest("x", List.of("y"))).isEmpty();
    }
}
