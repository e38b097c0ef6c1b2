#!/usr/bin/env bash
# Proves the core end to end, with PD and a server as processes of their own: timestamps, raw put
# and get, compare-and-swap, a conflict, kill -9 of both, and everything still there afterwards.
#
#   scripts/verify-core.sh
#
# Exits 0, or 1 and names the step that failed. Leaves nothing behind.
set -eu -o pipefail

root=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
flaredb=$root/bin/flaredb
readonly READY_SECONDS=60

work=$(mktemp -d "${TMPDIR:-/tmp}/flaredb-verify.XXXXXX")
pd_pid=
server_pid=
step="start"

# As kill -9 does, and quietly: bash would tell of each process that it was killed.
kill_both() {
    local pids="$pd_pid $server_pid"
    pd_pid=
    server_pid=
    # shellcheck disable=SC2086
    { kill -9 $pids && wait $pids; } 2>/dev/null || true
}

# Ends both processes whatever happens, and shows their logs if a step has failed.
clean_up() {
    local status=$?
    trap - EXIT
    kill_both
    if [ "$status" -ne 0 ]; then
        {
            echo "FAILED  $step"
            for log in "$work"/*.err; do
                [ -s "$log" ] && sed "s|^|        $(basename "$log" .err): |" "$log"
            done
        } >&2
        status=1
    fi
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

begin() { step=$*; }

passed() { echo "ok      $step${1:+: $1}"; }

fail() {
    step="$step: $*"
    exit 1
}

# Runs a client command; its answer is then in $answer, its exit code in $code.
client() {
    code=0
    answer=$("$flaredb" --pd "$pd_addr" --timeout 20s "$@" 2>"$work/client.err") || code=$?
}

# The same, and the answer must be $1.
expect() {
    local wanted=$1
    shift
    client "$@"
    if [ "$code" -ne 0 ]; then
        fail "flaredb $* exits with $code: $(cat "$work/client.err")"
    fi
    [ "$answer" = "$wanted" ] || fail "flaredb $* answers '$answer' instead of '$wanted'"
}

# Waits until process $2, named $1, has printed its ready line; the line is then in $ready.
await_ready() {
    local name=$1 pid=$2 deadline=$((SECONDS + READY_SECONDS))
    while ! ready=$(grep -s -m 1 "^flaredb $name ready: " "$work/$name.out"); do
        kill -0 "$pid" 2>/dev/null || fail "the $name process ended before it was ready"
        [ "$SECONDS" -lt "$deadline" ] || fail "the $name is not ready after $READY_SECONDS s"
        sleep 0.1
    done
}

start_pd() {
    "$flaredb" pd --data-dir "$work/pd" --addr "$1" >"$work/pd.out" 2>"$work/pd.err" &
    pd_pid=$!
    await_ready pd "$pd_pid"
    pd_addr=$(address_in "$ready")
}

start_server() {
    "$flaredb" server --data-dir "$work/server" --addr "$1" --pd "$pd_addr" \
        >"$work/server.out" 2>"$work/server.err" &
    server_pid=$!
    await_ready server "$server_pid"
    server_addr=$(address_in "$ready")
}

# The first address of a ready line.
address_in() {
    local rest=${1#*ready: }
    echo "${rest%% *}"
}

in_base64() { base64 | tr -d '\n'; }

# Prints a port that nobody listens on. Below those that the system gives to outgoing connections,
# so that it is still free when a process that was killed comes back to it.
free_port() {
    local port
    while true; do
        port=$((10240 + RANDOM % 20000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

# Unsigned 64-bit numbers fit no shell arithmetic; of equal length, text compares as they do.
is_greater() {
    [ ${#1} -gt ${#2} ] || { [ ${#1} -eq ${#2} ] && [[ $1 > $2 ]]; }
}

# Gets timestamps: each must be greater than the one before, also than those of earlier calls.
check_timestamps() {
    local timestamp
    client tso --count 100
    [ "$code" -eq 0 ] || fail "flaredb tso exits with $code: $(cat "$work/client.err")"
    [ "$(wc -l <<<"$answer")" -eq 100 ] || fail "asked for 100 timestamps, got '$answer'"
    while read -r timestamp; do
        is_greater "$timestamp" "$last_timestamp" ||
            fail "timestamp $timestamp came after $last_timestamp"
        last_timestamp=$timestamp
    done <<<"$answer"
}

begin "PD and a server start with fresh data"
start_pd "127.0.0.1:$(free_port)"
start_server "127.0.0.1:$(free_port)"
passed "PD at $pd_addr, server at $server_addr"

begin "timestamps grow"
last_timestamp=0
check_timestamps
check_timestamps
check_timestamps
passed "300 in a row, up to $last_timestamp"

begin "raw put and get"
expect "" raw put greeting "hello, wörld"
expect "hello, wörld" raw get greeting
head -c 100000 /dev/urandom >"$work/random"
expect "" raw put random --value-file "$work/random"
expect "$(in_base64 <"$work/random")" raw get "$(printf random | in_base64)" --encoding base64
passed "values match"

begin "compare-and-swap succeeds"
for version in {1..10}; do
    expect "$version" cas put counter "value $version" --expect "$((version - 1))"
done
expect $'10\nvalue 10' cas get counter
passed "10 swaps, counter is at version 10"

begin "compare-and-swap conflicts"
client cas put counter "too late" --expect 5
[ "$code" -eq 3 ] || fail "exit code $code instead of 3: $(cat "$work/client.err")"
grep -q "is at version 10, expected 5" "$work/client.err" ||
    fail "the current version is not reported: $(cat "$work/client.err")"
client -o json cas put counter "too late" --expect 5
[ "$answer" = '{"swapped":false,"current_version":10,"current_value":"value 10"}' ] ||
    fail "the answer is '$answer'"
expect $'10\nvalue 10' cas get counter
passed "expected 5, told that it is at version 10"

begin "kill -9 of both"
kill_both
client raw get greeting --timeout 500ms
[ "$code" -eq 5 ] || fail "with nothing running, flaredb raw get exits with $code instead of 5"
passed

begin "both start again"
start_pd "$pd_addr"
start_server "$server_addr"
passed

begin "everything is still there"
expect "hello, wörld" raw get greeting
expect "$(in_base64 <"$work/random")" raw get "$(printf random | in_base64)" --encoding base64
expect $'10\nvalue 10' cas get counter
expect 11 cas put counter "value 11" --expect 10
check_timestamps
passed "values and versions match, timestamps still grow"

echo "all passed"
