#!/usr/bin/env bash
# Runs the JMH benchmarks of single parts: the storage engine's swaps, puts and gets against a plain
# RocksDB's, timestamps, and the encoding of commands. See docs/performance/benchmarks.md.
#
#   scripts/bench-micro.sh [JMH OPTIONS] [REGEXP...]
#
# All of them take about three minutes. For example:
#
#   scripts/bench-micro.sh 'StorageBench|RocksDbBench'        storage only
#   scripts/bench-micro.sh -prof gc EncodingBench             with allocation per operation
#   scripts/bench-micro.sh -wi 1 -i 1 -r 1 -w 1               quickly, to see that they work
#   scripts/bench-micro.sh -rf json -rff micro.json           results as JSON, too
#
# Data goes below the folder that TMPDIR names, /tmp otherwise: a tmpfs there measures no disk,
# which is what these want; it is deleted at the end, also at Ctrl-C. Takes JMH's exit code; exits 2 without
# a Java 25.
set -euo pipefail

case ${1-} in
    --help)
        sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
        exit 0
        ;;
esac

here=$PWD
cd "$(dirname "$0")/.."
# The first Java that is new enough, as bin/flaredb looks for it.
for java_home in "${FLAREDB_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* /opt/java/*; do
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null) || continue
    [ "${version:-0}" -ge 25 ] && break
done
if [ "${version:-0}" -lt 25 ]; then
    echo "bench-micro: needs Java 25 or newer: set FLAREDB_JAVA_HOME to its folder" >&2
    exit 2
fi
# Maven runs on the Java that it is set up for and compiles with one that it finds.
export JAVA_FLAREDB_HOME=$java_home
mvn -q -B -pl rdb-bench -am package -DskipTests
root=$PWD
cd "$here"

data=$(mktemp -d "${TMPDIR:-/tmp}/flaredb-micro-XXXXXX")
jmh=
# JMH's benchmarks are processes of their own, which only a signal to all of the group ends with it.
cleanup() {
    if [ -n "$jmh" ]; then
        kill -- "-$jmh" 2>/dev/null || true
        while kill -0 -- "-$jmh" 2>/dev/null; do
            sleep 0.1
        done
    fi
    rm -rf "$data"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
set -m # in a group of its own
"$java_home/bin/java" --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -Djava.io.tmpdir="$data" \
    -cp "$root/rdb-bench/target/test-classes:$root/rdb-bench/target/classes:$(cat "$root/rdb-bench/target/classpath")" \
    org.openjdk.jmh.Main "$@" &
jmh=$!
set +m
wait "$jmh"
