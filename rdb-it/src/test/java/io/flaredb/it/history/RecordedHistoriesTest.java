package io.flaredb.it.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flaredb.it.history.Report.Verdict;
import io.flaredb.it.process.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Histories of etcd under Jepsen whose verdicts are known, where they lie beside the checkout. */
class RecordedHistoriesTest {
    @Test
    void comesToTheKnownVerdictOnEachRecordedHistory() throws IOException {
        Path folder = Installation.root().resolveSibling("shared/histories");
        assumeTrue(Files.isDirectory(folder), "there is no " + folder);
        Map<String, Verdict> expected = new LinkedHashMap<>();
        Map<String, Verdict> found = new LinkedHashMap<>();
        for (String line :
                Files.readAllLines(folder.resolve("verdicts.csv")).stream().skip(1).toList()) {
            String[] fields = line.split(",", 2);
            expected.put(
                    fields[0],
                    Boolean.parseBoolean(fields[1]) ? Verdict.LINEARIZABLE : Verdict.VIOLATION);
            found.put(fields[0], check(folder.resolve(fields[0])).verdict());
        }

        assertThat(expected).isNotEmpty().containsValues(Verdict.LINEARIZABLE, Verdict.VIOLATION);
        assertThat(found).isEqualTo(expected);
    }

    private static Report check(Path log) throws IOException {
        return new Linearizability<>(new EtcdRegister(), Limits.DEFAULT)
                .check(JepsenLog.parse(Files.readAllLines(log)));
    }
}
