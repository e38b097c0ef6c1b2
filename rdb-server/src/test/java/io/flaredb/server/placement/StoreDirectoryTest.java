package io.flaredb.server.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.proto.meta.Store;
import io.flaredb.proto.pd.StoreStatus;
import io.flaredb.rpc.HostAndPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreDirectoryTest {
    private final StoreDirectory directory = new StoreDirectory();

    private static StoreStatus store(long id, String address) {
        return StoreStatus.newBuilder()
                .setStore(Store.newBuilder().setId(id).setAddress(address))
                .build();
    }

    @Test
    void leavesOutAStoreWhoseAddressCannotBeReached() {
        directory.update(
                List.of(store(1, "one:1"), store(2, "with_underscore:2"), store(3, "three:3")));

        assertThat(directory.of(1)).isEqualTo(new HostAndPort("one", 1));
        assertThat(directory.of(2)).isNull();
        assertThat(directory.of(3)).isEqualTo(new HostAndPort("three", 3));
    }

    @Test
    void forgetsTheAddressOfAStoreThatHasNoneAnyMore() {
        directory.update(List.of(store(1, "one:1"), store(2, "two:2")));
        directory.update(List.of(store(1, ""), store(2, "one:1")));

        assertThat(directory.of(1)).isNull();
        assertThat(directory.of(2)).isEqualTo(new HostAndPort("one", 1));
    }
}
