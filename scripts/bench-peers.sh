#!/usr/bin/env bash
# Measures FlareDB and its peers (etcd, ZooKeeper, Redis, RheaKV) on this machine, one after the other
# and again and again: the same load, the same keys, every write synced before its answer. See
# docs/performance/peers.md.
#
#   scripts/bench-peers.sh [OPTION...]
#
#   --rounds N         turns of each system (5)
#   --seconds N        how long each load is measured (20)
#   --warm-up N        seconds of load before the first is measured (20)
#   --settle N         seconds that each load runs before it is measured (2)
#   --in-flight LIST   operations under way at any time (1,64,256)
#   --nodes N          servers of each system (1)
#   --workloads LIST   put, get, cas, in the order given (get,put,cas)
#   --peers LIST       which systems, in their order in odd rounds: flaredb, etcd, zookeeper, redis,
#                      redis-merged, rheakv, bare-raft (all)
#   --value-size N     bytes of each value (128)
#   --keys N           raw keys, and versioned ones (100000)
#   --report FOLDER    where the report and all logs go (a new one in the present folder)
#   --data FOLDER      on the disk to use (that for temporary files)
#   --quick            one round of a second each with few keys, to show that everything works
#   --no-build         takes what is built already
#
# etcd and Redis are taken from the PATH, or else fetched as Debian packages into
# rdb-peers/target/programs, where nothing is installed; the others come from Maven Central. A peer
# that cannot be had is skipped by name.
#
# Exits 0 if everything was measured that was not skipped; 1 if not, or if all was; 2 if an option is wrong.
set -euo pipefail

readonly NEEDED_JAVA=25

fail() {
    echo "bench-peers: $*" >&2
    exit 1
}

root=$(CDPATH='' cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs=$root/rdb-peers/target/programs
build=yes
peers=flaredb,etcd,zookeeper,redis,redis-merged,rheakv,bare-raft
options=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help)
            sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        --no-build) build= ;;
        --peers) peers=${2-} options+=("$1") ;;
        --peers=*) peers=${1#*=} options+=("$1") ;;
        *) options+=("$1") ;;
    esac
    shift
done

# Prints the folder of a JDK that is new enough, if there is one.
jdk_home() {
    local home version
    for home in "${FLAREDB_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* /opt/java/*; do
        version=
        if [ -x "$home/bin/javac" ] && [ -r "$home/release" ]; then
            version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
        fi
        if [ "${version:-0}" -ge "$NEEDED_JAVA" ]; then
            echo "$home"
            return
        fi
    done
}

# Unpacks Debian packages $2... into the folder of programs, under $1. Fails if it cannot.
unpack() {
    local folder=$programs/$1
    shift
    [ ! -e "$folder/complete" ] || return 0
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    echo "bench-peers: fetching $*" >&2
    rm -rf "$folder"
    mkdir -p "$folder/packages"
    # Its complaint that it works as root where its own user may not is none.
    (cd "$folder/packages" && apt-get download -q "$@") >"$folder/apt.log" 2>&1 || {
        tail -n 3 "$folder/apt.log" >&2
        return 1
    }
    local package
    for package in "$folder"/packages/*.deb; do
        dpkg -x "$package" "$folder" || return 1
    done
    touch "$folder/complete"
}

# Whether one of these peers is to be measured.
wanted() {
    local name
    for name in "$@"; do
        [[ ,$peers, != *,$name,* ]] || return 0
    done
    return 1
}

# Prints the path of a program, if it is there or can be fetched.
etcd_program() {
    command -v etcd && return
    unpack etcd etcd-server && echo "$programs/etcd/usr/bin/etcd"
}

redis_program() {
    command -v redis-server && return
    unpack redis redis-server redis-tools libjemalloc2 liblzf1 || return
    # Finds its libraries beside it, and becomes Redis, so that ending it ends Redis.
    local start=$programs/redis/start libraries
    libraries=$(dirname "$(find "$programs/redis/usr/lib" -name 'libjemalloc.so*' | head -n 1)")
    printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s "$@"\n' \
        "$libraries" "$programs/redis/usr/bin/redis-server" >"$start"
    chmod +x "$start"
    "$start" --version >/dev/null && echo "$start"
}

java_home=$(jdk_home)
[ -n "$java_home" ] || fail "needs a JDK $NEEDED_JAVA and finds none; set FLAREDB_JAVA_HOME"

if [ -n "$build" ]; then
    (
        cd "$root"
        # Maven runs on the Java that it is set up for and compiles with one that it finds.
        export JAVA_FLAREDB_HOME=$java_home
        command -v java >/dev/null || export JAVA_HOME=$java_home
        exec mvn -q -B -Dstyle.color=never -Dmaven.test.skip=true \
            -pl rdb-cli,rdb-peers,rdb-peers-rheakv -am package
    ) >&2 || fail "the build failed, see above"
fi
[ -f "$root/rdb-peers/target/rdb-peers.jar" ] || fail "rdb-peers is not built"

if wanted etcd && etcd=$(etcd_program); then
    options+=(--etcd "$etcd")
fi
if wanted redis redis-merged && redis=$(redis_program); then
    options+=(--redis "$redis")
fi

exec "$java_home/bin/java" -Xmx256m -cp "$root/rdb-peers/target/rdb-peers.jar:$root/rdb-peers/target/lib/*" \
    io.flaredb.peers.BenchPeers --root "$root" "${options[@]}"
