package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.client.CorruptionException;
import io.flaredb.client.FlareDbException;
import io.flaredb.it.torture.Attempt.Ended;
import io.flaredb.it.torture.Problems.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class AttemptTest {
    private final AtomicBoolean damage = new AtomicBoolean();
    private final Problems problems = new Problems();
    private final Attempt attempt = new Attempt(new Tally(1), problems, damage::get);

    @Test
    void takesCorruptionForAProblemUnlessAServerHoldsDamage() {
        damage.set(true);
        fails(new CorruptionException("damaged"));
        assertThat(problems.all()).isEmpty();

        damage.set(false);
        fails(new CorruptionException("damaged"));
        assertThat(problems.count(Kind.UNEXPECTED_ERROR)).isEqualTo(1);
    }

    private void fails(FlareDbException failure) {
        Ended<String> ended =
                attempt.at(
                        Tally.Kind.RAW_PUT,
                        List.of(new TorturedKey("key", 0)),
                        List.of(),
                        () -> {
                            throw failure;
                        },
                        resolution -> new Ended.Unknown<>());

        assertThat(ended).isInstanceOf(Ended.Unknown.class);
    }
}
