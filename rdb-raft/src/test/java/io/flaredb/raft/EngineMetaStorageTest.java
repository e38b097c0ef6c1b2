package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import io.flaredb.storage.HardState;
import io.flaredb.storage.RaftLog;
import io.flaredb.storage.RegionId;
import io.flaredb.storage.StorageEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineMetaStorageTest {
    private static final RegionId REGION = new RegionId(1);
    private static final PeerId CANDIDATE = Names.of(new Peer(3, 7));

    @TempDir Path dir;
    private final List<Throwable> fatal = new ArrayList<>();
    private StorageEngine engine;
    private EngineMetaStorage meta;

    @BeforeEach
    void open() {
        engine = StorageEngine.open(dir, TestStore.SMALL);
        meta = opened();
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private EngineMetaStorage opened() {
        EngineMetaStorage storage = new EngineMetaStorage(log(), fatal::add);
        assertThat(storage.init(new RaftMetaStorageOptions())).isTrue();
        return storage;
    }

    private RaftLog log() {
        return engine.replicas().log(REGION);
    }

    @Test
    void startsWithoutTermAndVote() {
        assertThat(meta.getTerm()).isZero();
        assertThat(meta.getVotedFor().isEmpty()).isTrue();
    }

    @Test
    void aVoteIsOnDiskBeforeItIsSaidToBe() {
        assertThat(meta.setTermAndVotedFor(5, CANDIDATE)).isTrue();
        assertThat(log().hardState()).isEqualTo(new HardState(5, "3-7:0"));
        engine.close();
        engine = StorageEngine.open(dir, TestStore.SMALL);
        meta = opened();
        assertThat(meta.getTerm()).isEqualTo(5);
        assertThat(meta.getVotedFor()).isEqualTo(CANDIDATE);
    }

    @Test
    void aNewTermForgetsTheVote() {
        assertThat(meta.setTermAndVotedFor(5, CANDIDATE)).isTrue();
        assertThat(meta.setTermAndVotedFor(6, PeerId.emptyPeer())).isTrue();
        assertThat(opened().getTerm()).isEqualTo(6);
        assertThat(opened().getVotedFor().isEmpty()).isTrue();
    }

    @Test
    void aFailedWriteIsAFailedCallAndFatal() {
        assertThat(meta.setTermAndVotedFor(5, CANDIDATE)).isTrue();
        engine.close();
        assertThat(meta.setVotedFor(PeerId.emptyPeer())).isFalse();
        assertThat(fatal).hasSize(1);
        assertThat(meta.getTerm()).isEqualTo(5);
        assertThat(meta.getVotedFor()).isEqualTo(CANDIDATE);
    }
}
