package io.flaredb.storage;

/** What is known of a numbered write when its place in the log is reached. */
public sealed interface Fate {
    /** It was new, and came to this. */
    record First(Outcome outcome) implements Fate {}

    /**
     * It had come to this before; nothing was done again. Of a {@link Outcome.Conflict} the value
     * of then is not kept.
     */
    record Repeat(Outcome outcome) implements Fate {}

    /** It has not happened, and it is made sure that it never will. */
    record NeverDone() implements Fate {}

    /**
     * Whether it has happened is not remembered, or not to happen is what was decided for it;
     * nothing was done.
     *
     * @param rememberedFromMillis no session that began then or later was forgotten
     */
    record Forgotten(long rememberedFromMillis) implements Fate {}
}
