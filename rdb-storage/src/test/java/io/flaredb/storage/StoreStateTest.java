package io.flaredb.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flaredb.bytes.Bytes;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a store remembers about itself and its regions. */
final class StoreStateTest extends EngineTest {
    private static final UUID ID = UUID.fromString("0190b3e0-1111-7222-8333-944455556666");

    @Test
    void hasNoIdentityUntilOneIsWritten() {
        assertThat(engine.identity()).isEmpty();
        StoreIdentity identity = new StoreIdentity(Role.STORE, ID, -3, 4);
        engine.writeIdentity(identity);
        assertThat(engine.identity()).contains(identity);
        reopen();
        assertThat(engine.identity()).contains(identity);
    }

    @Test
    void addsToAnIdentityWhatWasNotKnown() {
        engine.writeIdentity(new StoreIdentity(Role.STORE, ID, 0, 0));
        engine.writeIdentity(new StoreIdentity(Role.STORE, ID, 9, 0));
        engine.writeIdentity(new StoreIdentity(Role.STORE, ID, 9, 2));
        assertThat(engine.identity()).contains(new StoreIdentity(Role.STORE, ID, 9, 2));
    }

    @Test
    void refusesAnotherIdentity() {
        StoreIdentity identity = new StoreIdentity(Role.STORE, ID, 9, 2);
        engine.writeIdentity(identity);
        assertRefused(new StoreIdentity(Role.PLACEMENT_DRIVER, ID, 9, 2));
        assertRefused(new StoreIdentity(Role.STORE, UUID.randomUUID(), 9, 2));
        assertRefused(new StoreIdentity(Role.STORE, ID, 8, 2));
        assertRefused(new StoreIdentity(Role.STORE, ID, 9, 3));
        assertRefused(new StoreIdentity(Role.STORE, ID, 0, 2));
        assertThat(engine.identity()).contains(identity);
    }

    @Test
    void refusesAFolderOfAnotherRole() {
        engine.writeIdentity(new StoreIdentity(Role.PLACEMENT_DRIVER, ID, 9, 0));
        engine.close();
        assertThatThrownBy(() -> StorageEngine.open(dir, SMALL, Role.STORE))
                .isInstanceOf(DataFolderUnusableException.class)
                .hasMessage(
                        "data folder %s belongs to a placement driver, not to a store"
                                .formatted(dir.toAbsolutePath()));
        engine = StorageEngine.open(dir, SMALL, Role.PLACEMENT_DRIVER);
    }

    @Test
    void remembersRegions() {
        RegionId far = new RegionId(-1);
        engine.putRegion(REGION, new byte[] {1, 2});
        engine.putRegion(REGION, new byte[] {3});
        engine.putRegion(far, new byte[] {});
        reopen();
        assertThat(engine.regions()).containsOnlyKeys(REGION, far);
        assertThat(engine.regions().get(REGION)).containsExactly(3);
        assertThat(engine.regions().get(far)).isEmpty();
    }

    @Test
    void sharesNoArrays() {
        byte[] descriptor = {1};
        engine.putRegion(REGION, descriptor);
        descriptor[0] = 2;
        engine.regions().values().forEach(given -> given[0] = 3);
        assertThat(engine.regions().get(REGION)).containsExactly(1);
    }

    @Test
    void forgetsAllAboutARemovedRegion() {
        engine.putRegion(REGION, new byte[] {1});
        swap("k", 0, "a");
        swapOut("k", 1);
        engine.removeRegion(REGION);
        assertForgotten();
        reopen();
        assertForgotten();
    }

    @Test
    void refusesTheStoreItselfAsRegion() {
        assertThatThrownBy(() -> engine.putRegion(RegionId.STORE, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("region id is 0: allowed are 1 and above");
        assertThatThrownBy(() -> engine.removeRegion(RegionId.STORE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void appliesCommandsForTheStoreItself() {
        engine.writeIdentity(new StoreIdentity(Role.PLACEMENT_DRIVER, ID, 9, 0));
        engine.apply(RegionId.STORE, List.of(new Command.RawPut(Bytes.utf8("k"), Bytes.utf8("v"))));
        reopen();
        assertThat(engine.appliedIndex(RegionId.STORE)).isEqualTo(1);
        assertThat(engine.identity()).isPresent();
        assertThat(engine.regions()).isEmpty();
    }

    @Test
    void reportsItsSizesAndHealth() {
        put("k", "v");
        StorageStats stats = engine.stats();
        assertThat(stats.memtableBytes()).isPositive();
        assertThat(stats.freeDiskBytes()).isPositive();
        assertThat(stats.tableBytes()).isZero();
        assertThat(stats.notWritableReason()).isNull();
        reopen();
        assertThat(engine.stats().tableBytes()).isPositive();
    }

    private void assertForgotten() {
        assertThat(engine.regions()).isEmpty();
        assertThat(engine.appliedIndex(REGION)).isZero();
        assertThat(engine.versionFloor(REGION)).isZero();
    }

    private void assertRefused(StoreIdentity other) {
        assertThatThrownBy(() -> engine.writeIdentity(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(dir.toAbsolutePath().toString());
    }
}
