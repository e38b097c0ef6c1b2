package io.flaredb.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.util.ByteBufferCollector;
import org.junit.jupiter.api.Test;

class KeptBuffersTest {
    @Test
    void theLibraryKeepsNoBufferOfAMessageThatWasSent() {
        LibraryThreads.execute(() -> {}); // as before any group starts
        ByteBufferCollector buffer = ByteBufferCollector.allocateByRecyclers(1 << 20);
        assertThat(buffer.recycle()).as("kept for the next message").isFalse();
    }
}
