package io.flaredb.it.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.it.torture.Fault.Deed;
import org.junit.jupiter.api.Test;

class TimeLineTest {
    private final TimeLine timeLine = new TimeLine(new Tally(1));

    @Test
    void tellsAFaultThatFoundNobodyToHitAndDoesNotCountIt() {
        timeLine.began(FaultClass.KILL, new Deed("kill -9 server-1", true));
        timeLine.began(FaultClass.KILL, new Deed("kill -9 nobody", false));
        timeLine.began(FaultClass.PD, new Deed("pd is away already", false));

        assertThat(timeLine.summary()).isEqualTo("kill:1");
        assertThat(timeLine.lines()).hasSize(3);
    }
}
