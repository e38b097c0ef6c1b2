package io.flaredb.it.history;

import io.flaredb.it.history.EtcdRegister.Input;
import io.flaredb.it.history.EtcdRegister.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Jepsen logged of a register: lines of {@code process :invoke|:ok|:fail|:info
 * :read|:write|:cas value}. The number of a line is its time.
 *
 * <p>{@code :info} means that nobody knows whether it happened. A swap that failed met another
 * value; anything else that failed did not happen. Empty lines and those of the nemesis tell
 * nothing of the register.
 */
final class JepsenLog {
    private static final Pattern LINE =
            Pattern.compile(
                    "(?:.*\\s)?(\\d+)\\s+:(invoke|ok|fail|info)\\s+:(read|write|cas)\\s+(.*)");
    private static final Pattern NEMESIS =
            Pattern.compile("(?:.*\\s)?:nemesis\\s+:(invoke|ok|fail|info)\\s.*");
    private static final Pattern SWAP = Pattern.compile("\\[(\\d+) (\\d+)\\]");

    private record Call(long line, String function, String value, Input input) {}

    private final Map<Integer, Call> open = new HashMap<>(); // by process
    private final List<Operation<Input, Output>> operations = new ArrayList<>();

    private JepsenLog() {}

    /**
     * Reads a whole log.
     *
     * @throws IllegalArgumentException if a line is not of such a log, or answers no call; it names
     *     the line
     */
    static List<Operation<Input, Output>> parse(List<String> lines) {
        JepsenLog log = new JepsenLog();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank() || NEMESIS.matcher(lines.get(i)).matches()) {
                continue;
            }
            try {
                log.read(i + 1, lines.get(i));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "line %d, \"%s\": %s".formatted(i + 1, lines.get(i), e.getMessage()), e);
            }
        }
        log.open.forEach(log::unknown); // the log ended first
        return log.operations;
    }

    private void read(long number, String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalArgumentException("no line of a register's log");
        }
        int process = Integer.parseInt(line.group(1));
        String event = line.group(2);
        String function = line.group(3);
        String value = line.group(4).strip();
        if (event.equals("invoke")) {
            Call call = new Call(number, function, value, input(function, value));
            if (open.put(process, call) != null) {
                throw new IllegalArgumentException(process + " is busy");
            }
            return;
        }
        Call call = open.remove(process);
        if (call == null) {
            throw new IllegalArgumentException(process + " called nothing");
        }
        boolean isReason = value.startsWith(":"); // why it failed, instead of what was asked
        if (!function.equals(call.function())
                || !(isReason || function.equals("read") || value.equals(call.value()))) {
            throw new IllegalArgumentException(
                    "the call, in line %d, was %s %s"
                            .formatted(call.line(), call.function(), call.value()));
        }
        switch (event) {
            case "ok" -> {
                if (isReason) {
                    throw new IllegalArgumentException("an answer without a value");
                }
                returned(process, call, number, output(function, value));
            }
            case "info" -> unknown(process, call);
            default -> {
                if (call.input() instanceof Input.Swap && !value.contains("timed-out")) {
                    returned(process, call, number, new Output.Refused());
                }
            }
        }
    }

    private static Input input(String function, String value) {
        if (function.equals("read")) {
            return new Input.Read();
        }
        if (function.equals("write")) {
            return new Input.Write(Integer.parseInt(value));
        }
        Matcher swap = SWAP.matcher(value);
        if (!swap.matches()) {
            throw new IllegalArgumentException("no pair of numbers: " + value);
        }
        return new Input.Swap(Integer.parseInt(swap.group(1)), Integer.parseInt(swap.group(2)));
    }

    private static Output output(String function, String value) {
        if (!function.equals("read")) {
            return new Output.Done();
        }
        return new Output.Found(
                value.equals("nil") ? Optional.empty() : Optional.of(Integer.parseInt(value)));
    }

    private void returned(int process, Call call, long line, Output output) {
        operations.add(
                Operation.returned(process, "etcd", call.line(), line, call.input(), output));
    }

    private void unknown(int process, Call call) {
        operations.add(Operation.unknown(process, "etcd", call.line(), call.input()));
    }
}
