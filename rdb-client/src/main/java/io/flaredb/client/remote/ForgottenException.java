package io.flaredb.client.remote;

/** A region does not remember the number of a write. Never leaves this package. */
final class ForgottenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final long rememberedFromMs;

    /**
     * @param rememberedFromMs a session that begins then or later is not taken for a forgotten one
     */
    ForgottenException(String message, long rememberedFromMs) {
        super(message, null, false, false);
        this.rememberedFromMs = rememberedFromMs;
    }

    long rememberedFromMs() {
        return rememberedFromMs;
    }
}
