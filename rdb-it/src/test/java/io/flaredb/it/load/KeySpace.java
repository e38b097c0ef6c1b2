package io.flaredb.it.load;

import io.flaredb.bytes.Bytes;
import io.flaredb.bytes.KeyRange;

/** The keys of one writer: all that begin with its name and a slash. */
record KeySpace(String name) {
    Bytes key(String suffix) {
        return Bytes.utf8(name + "/" + suffix);
    }

    KeyRange range() {
        return new KeyRange(Bytes.utf8(name + "/"), Bytes.utf8(name + "0")); // '0' follows '/'
    }
}
