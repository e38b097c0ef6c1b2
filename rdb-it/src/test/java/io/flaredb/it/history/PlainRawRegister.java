package io.flaredb.it.history;

import io.flaredb.it.history.RawRegister.Input;
import io.flaredb.it.history.RawRegister.Output;
import java.util.List;
import java.util.Optional;

/** A raw key. */
record PlainRawRegister() implements Register<Optional<String>, Input, Output> {
    @Override
    public Optional<String> initial() {
        return Optional.empty();
    }

    @Override
    public List<Way<Optional<String>, Output>> ways(Optional<String> value, Input input) {
        return List.of(
                switch (input) {
                    case Input.Get get -> new Way<>(value, new Output.Found(value));
                    case Input.Put put -> new Way<>(Optional.of(put.value()), new Output.Done());
                    case Input.Delete delete -> new Way<>(Optional.empty(), new Output.Done());
                });
    }
}
