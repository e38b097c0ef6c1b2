package io.flaredb.storage;

/** Which kind of process a data folder belongs to. */
public enum Role {
    PLACEMENT_DRIVER("a placement driver"),
    STORE("a store");

    private final String description;

    Role(String description) {
        this.description = description;
    }

    /** For messages: "a store". */
    public String description() {
        return description;
    }
}
