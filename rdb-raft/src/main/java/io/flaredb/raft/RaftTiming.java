package io.flaredb.raft;

import java.time.Duration;

/**
 * When a group acts of its own accord. A heartbeat is sent ten times per election timeout.
 *
 * @param electionTimeout silence after which a follower looks for a new leader, plus a random part
 *     of {@code electionSpread}; 100 ms to 60 s. With a hundred groups, take 5 s or more
 * @param electionSpread keeps followers from standing for election at the same moment; 50 ms to 60
 *     s
 * @param readTimeout how long a read index is waited for; 10 ms to 60 s
 */
public record RaftTiming(Duration electionTimeout, Duration electionSpread, Duration readTimeout) {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    public RaftTiming {
        check("raft.election-timeout", electionTimeout, Duration.ofMillis(100));
        check("raft.election-spread", electionSpread, Duration.ofMillis(50));
        check("raft.read-timeout", readTimeout, Duration.ofMillis(10));
    }

    /** Elections after 1 to 2 s of silence, reads given up after 2 s. */
    public static RaftTiming defaults() {
        return new RaftTiming(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    private static void check(String key, Duration value, Duration min) {
        if (value.compareTo(min) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    key + " is " + value + ": allowed are " + min + " to " + LONGEST);
        }
    }
}
