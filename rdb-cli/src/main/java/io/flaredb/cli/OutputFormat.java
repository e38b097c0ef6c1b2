package io.flaredb.cli;

/** How answers are written. */
enum OutputFormat {
    /** For people and pipes: one value per line. */
    TEXT,
    /** For programs: one JSON object per answer. */
    JSON
}
