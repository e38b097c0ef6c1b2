package io.flaredb.bench;

/** What an operation that did not fail came to. */
enum Answer {
    DONE,
    /** A swap met another version. */
    CONFLICT,
    /** What had been written before was not there: a failure of what is measured. */
    MISSING
}
