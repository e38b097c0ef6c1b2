package io.flaredb.client;

/** Requests for timestamps that wait. */
final class TsoView implements Tso {
    private final AsyncTso direct;
    private final AsyncTso async;

    TsoView(AsyncTso direct, AsyncTso async) {
        this.direct = direct;
        this.async = async;
    }

    @Override
    public long next() {
        return Blocking.read(direct.next());
    }

    @Override
    public TimestampRange next(int count) {
        return Blocking.read(direct.next(count));
    }

    @Override
    public AsyncTso async() {
        return async;
    }
}
