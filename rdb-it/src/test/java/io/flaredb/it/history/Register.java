package io.flaredb.it.history;

import java.util.List;

/**
 * A concrete register, written apart from the models so that each checks the other: the random
 * histories are recorded of it, and the brute-force checker plays with it.
 */
interface Register<S, I, O> {
    /** A way in which an operation may go. */
    record Way<S, O>(S after, O output) {}

    S initial();

    /** All ways in which an operation may go, at least one. */
    List<Way<S, O>> ways(S state, I input);
}
