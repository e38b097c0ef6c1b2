package io.flaredb.cli;

/** Help texts that several commands share. */
final class Texts {
    static final String KEY = "The key, 1 to 4096 bytes.";

    static final String REGION = "The region's id, as region list shows it.";

    private Texts() {}
}
