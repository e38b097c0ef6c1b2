package io.flaredb.cli;

/** How a command ended, as its caller sees it. The numbers never change their meaning. */
enum ExitCode {
    /** Done as asked. */
    DONE(0, "done"),
    /** Failed in a way that no other code names. */
    FAILED(1, "failed"),
    /** The command line is wrong: nothing was done. */
    USAGE(2, "usage"),
    /** The key was at another version: nothing has changed. */
    CONFLICT(3, "conflict"),
    /** There is no such key. */
    NOT_FOUND(4, "not_found"),
    /** No answer within the timeout: surely nothing has changed. */
    UNAVAILABLE(5, "unavailable"),
    /** A write was sent and no answer came: it may have happened, or not. */
    OUTCOME_UNKNOWN(6, "outcome_unknown"),
    /** Nobody reads the answer any more: as of a program that SIGPIPE has ended. */
    READER_GONE(141, "reader_gone");

    private final int number;
    private final String word;

    ExitCode(int number, String word) {
        this.number = number;
        this.word = word;
    }

    int number() {
        return number;
    }

    /** What JSON calls it, in the field {@code error}. */
    String word() {
        return word;
    }
}
