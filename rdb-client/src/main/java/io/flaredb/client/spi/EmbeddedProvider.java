package io.flaredb.client.spi;

import io.flaredb.client.FlareDbException;
import io.flaredb.client.retry.Timer;
import java.nio.file.Path;

/** Opens a store inside this process. Found by {@link java.util.ServiceLoader}. */
public interface EmbeddedProvider {
    /**
     * @param timer still open when the backend is closed
     * @throws FlareDbException if the folder cannot be opened
     */
    Backend open(Path dataDir, Timer timer);
}
