package io.flaredb.client.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.flaredb.bytes.Bytes;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private final RouteTable table = new RouteTable();

    private static Route route(long id, String start, String end, long epochVersion) {
        var wire = ScriptedPlacement.route(id, start, end, epochVersion, 1, "127.0.0.1:1");
        return Route.of(77, wire.getRegion(), 1, new HostPort("127.0.0.1", 1));
    }

    private static Bytes key(String text) {
        return Bytes.utf8(text);
    }

    @Test
    void findsTheRegionThatHoldsAKey() {
        Route low = route(1, "", "m", 1);
        Route high = route(2, "p", "", 1);
        table.put(low);
        table.put(high);

        assertThat(table.find(key("a"))).isEqualTo(low);
        assertThat(table.find(Bytes.EMPTY)).isEqualTo(low);
        assertThat(table.find(key("m"))).isNull();
        assertThat(table.find(key("oo"))).isNull();
        assertThat(table.find(key("p"))).isEqualTo(high);
        assertThat(table.find(key("zz"))).isEqualTo(high);
    }

    @Test
    void putsTheHalvesOfASplitInPlaceOfTheWhole() {
        table.put(route(1, "", "", 1));
        table.put(route(2, "m", "", 2));

        assertThat(table.find(key("a"))).isNull(); // not known any more
        table.put(route(1, "", "m", 2));
        assertThat(table.find(key("a"))).isEqualTo(route(1, "", "m", 2));
        assertThat(table.find(key("z"))).isEqualTo(route(2, "m", "", 2));
    }

    @Test
    void keepsWhatIsNewer() {
        Route half = route(1, "", "m", 2);
        table.put(half);
        table.put(route(1, "", "", 1));

        assertThat(table.find(key("a"))).isEqualTo(half);
        assertThat(table.find(key("z"))).isNull();
    }

    @Test
    void putsAMergedRegionInPlaceOfBothHalves() {
        table.put(route(1, "", "m", 2));
        table.put(route(2, "m", "", 2));
        Route merged = route(1, "", "", 3);
        table.put(merged);

        assertThat(table.find(key("a"))).isEqualTo(merged);
        assertThat(table.find(key("z"))).isEqualTo(merged);
    }

    @Test
    void forgetsOnlyTheRouteThatWasMeant() {
        Route old = route(1, "", "", 1);
        Route current = route(1, "", "", 2);
        table.put(old);
        table.put(current);
        table.remove(old);

        assertThat(table.find(key("a"))).isEqualTo(current);
        table.remove(current);
        assertThat(table.find(key("a"))).isNull();
    }

    @Test
    void leadsElsewhereOnlyFromTheStoreThatWasMeant() {
        Route first = route(1, "", "", 1);
        Route second = first.at(2, new HostPort("127.0.0.1", 2));
        Route third = first.at(3, new HostPort("127.0.0.1", 3));
        table.put(first);
        table.replace(first, second);
        table.replace(first, third); // too late

        assertThat(table.find(key("a"))).isEqualTo(second);
        assertThat(table.ofRegion(1)).isEqualTo(second);
        table.replace(second.forStaleRead(), third.forStaleRead());
        assertThat(table.find(key("a"))).isEqualTo(third);
        table.replace(third, route(1, "", "", 2).at(3, third.address()));
        assertThat(table.find(key("a"))).isEqualTo(third);
    }
}
