package io.flaredb.client;

import org.jspecify.annotations.Nullable;

/**
 * Why an operation did not do what was asked. The kinds differ in what the caller may conclude:
 *
 * <table>
 *   <caption>What each kind says about the operation</caption>
 *   <tr><th>exception</th><th>had an effect?</th><th>worth repeating?</th></tr>
 *   <tr><td>{@link InvalidRequestException}</td><td>no</td><td>no</td></tr>
 *   <tr><td>{@link RefusedException}</td><td>no</td><td>after its reason is gone</td></tr>
 *   <tr><td>{@link UnavailableException}</td><td>no</td><td>yes</td></tr>
 *   <tr><td>{@link OutcomeUnknownException}</td><td>perhaps, perhaps later</td><td>after
 *       {@code resolve()} says so</td></tr>
 *   <tr><td>{@link CorruptionException}</td><td>perhaps</td><td>no: tell an operator</td></tr>
 * </table>
 *
 * <p>A compare-and-swap that met another version is not an error, see {@link CasResult.Conflict}.
 */
public abstract sealed class FlareDbException extends RuntimeException
        permits InvalidRequestException,
                RefusedException,
                UnavailableException,
                OutcomeUnknownException,
                CorruptionException {

    private static final long serialVersionUID = 1;

    private final String message;

    FlareDbException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    /** One line for a person; names what went wrong, where, and what is allowed. */
    @Override
    public String getMessage() {
        return message;
    }

    /** The same failure with the stack of the calling thread; this one is its cause. */
    abstract FlareDbException seenFromHere();
}
