package io.flaredb.bench.ycsb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import site.ycsb.DBException;
import site.ycsb.Status;

/** YCSB ends with 0 whatever a binding throws, so what a binding throws must be what it counts. */
class BindingTest {
    @Test
    void aClientThatCannotBeOpenedIsAnErrorOfYcsb() {
        RawBinding binding = new RawBinding();
        Properties properties = new Properties();
        properties.setProperty("flaredb.pd", "nowhere");
        binding.setProperties(properties);

        assertThatThrownBy(binding::init)
                .isInstanceOf(DBException.class)
                .hasMessage("cannot connect to nowhere");
    }

    @Test
    void whateverAnOperationThrowsIsAFailure() {
        Status status =
                Binding.attempt(() -> {
                    var _ = new Row(Bytes.utf8("not a row"));
                    return true;
                });

        assertThat(status).isEqualTo(Status.ERROR);
    }
}
