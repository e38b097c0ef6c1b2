package io.flaredb.cli;

import java.io.IOException;
import java.io.OutputStream;

/** A full disk, or a pipe that nobody reads. Counts what it has refused. */
final class Refusing extends OutputStream {
    private final String message;
    private long refusedBytes;

    Refusing(String message) {
        this.message = message;
    }

    long refusedBytes() {
        return refusedBytes;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[1], 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        refusedBytes += length;
        throw new IOException(message);
    }
}
