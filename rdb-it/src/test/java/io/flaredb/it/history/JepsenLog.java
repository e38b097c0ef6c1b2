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
 * value; anything else that failed did not happen.
 */
final class JepsenLog {
    private static final Pattern LINE =
            Pattern.compile(".*\\s(\\d+)\\s+:(invoke|ok|fail|info)\\s+:(read|write|cas)\\s+(.*)");
    private static final Pattern SWAP = Pattern.compile("\\[(\\d+) (\\d+)\\]");

    private record Call(long line, Input input) {}

    private final Map<Integer, Call> open = new HashMap<>(); // by process
    private final List<Operation<Input, Output>> operations = new ArrayList<>();

    private JepsenLog() {}

    /**
     * Reads a whole log.
     *
     * @throws IllegalArgumentException if a line is not of such a log
     */
    static List<Operation<Input, Output>> parse(List<String> lines) {
        JepsenLog log = new JepsenLog();
        for (int i = 0; i < lines.size(); i++) {
            Matcher line = LINE.matcher(lines.get(i));
            if (!line.matches()) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + lines.get(i));
            }
            log.read(
                    i + 1,
                    Integer.parseInt(line.group(1)),
                    line.group(2),
                    line.group(3),
                    line.group(4).strip());
        }
        log.open.forEach(log::unknown); // the log ended first
        return log.operations;
    }

    private void read(long line, int process, String event, String function, String value) {
        if (event.equals("invoke")) {
            if (open.put(process, new Call(line, input(function, value))) != null) {
                throw new IllegalArgumentException("line " + line + ": " + process + " is busy");
            }
            return;
        }
        Call call = open.remove(process);
        if (call == null) {
            throw new IllegalArgumentException("line " + line + ": " + process + " called nothing");
        }
        switch (event) {
            case "ok" -> returned(process, call, line, output(function, value));
            case "info" -> unknown(process, call);
            default -> {
                boolean timedOut = value.contains("timed-out");
                if (call.input() instanceof Input.Swap && !timedOut) {
                    returned(process, call, line, new Output.Refused());
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
