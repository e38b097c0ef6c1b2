#!/usr/bin/env bash
# Runs YCSB 0.17.0's workloads against FlareDB: loads the records, then runs each workload, for the raw
# key space and for compare-and-swap. See docs/performance/benchmarks.md.
#
#   scripts/ycsb.sh [--pd HOST:PORT] [--binding raw,cas] [--workload a,b,..] [--records N]
#                   [--operations N] [--threads N] [--out FOLDER] [--no-build]
#
#   --pd H:P         the cluster; without it, `flaredb dev` is started on free ports with data in a
#                    temporary folder, and ended
#   --binding LIST   raw, cas (both)
#   --workload LIST  a to f (all): see WORKLOADS below
#   --records N      records of ten fields of 100 bytes (10000)
#   --operations N   of each workload (20000)
#   --threads N      clients, each with one operation under way (32)
#   --out FOLDER     where the whole output of each run goes (ycsb-DATE)
#   --no-build       takes what is built already
#
# WORKLOADS, the usual ones: a 50% reads, 50% updates; b 95% reads, 5% updates; c reads; d 95% reads of
# the latest, 5% inserts; e 95% scans of up to 100, 5% inserts; f 50% reads, 50% read-modify-writes.
#
# Prints a table: operations per second, p99 of reads and of writes (or scans) in microseconds, and how many
# operations failed or were never begun. Exits 0 if all operations succeeded; 1 if some did not, if the
# records could not be loaded or nobody answers at --pd, which end it at once; 2 if an option is wrong.
set -euo pipefail

pd='' bindings=raw,cas workloads=a,b,c,d,e,f records=10000 operations=20000 threads=32
out=ycsb-$(date +%Y%m%d-%H%M%S) build=yes

fail() {
    echo "ycsb: $*" >&2
    exit 1
}

wrong() {
    echo "ycsb: $*" >&2
    exit 2
}

# Checks that $1's value $2 is a list of names out of the others.
check_list() {
    local option=$1 list=$2 name
    shift 2
    [ -n "$list" ] || wrong "$option needs names with commas between them: $*"
    for name in ${list//,/ }; do
        [[ " $* " == *" $name "* ]] || wrong "$option: '$name' is not one of $*"
    done
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help)
            sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        --no-build)
            build=
            shift
            continue
            ;;
        --pd)
            [[ ${2-} =~ ^.+:[0-9]+$ ]] || wrong "--pd needs HOST:PORT"
            pd=$2
            ;;
        --binding)
            check_list --binding "${2-}" raw cas
            bindings=$2
            ;;
        --workload)
            check_list --workload "${2-}" a b c d e f
            workloads=$2
            ;;
        --records | --operations | --threads)
            [[ ${2-} =~ ^[1-9][0-9]*$ ]] || wrong "$1 needs a number, 1 or more"
            declare "${1#--}=$2"
            ;;
        --out)
            [ -n "${2-}" ] || wrong "--out needs a folder"
            out=$2
            ;;
        *) wrong "unknown option $1; see --help" ;;
    esac
    shift 2
done
out=$(realpath -m "$out")

cd "$(dirname "$0")/.."
for java_home in "${FLAREDB_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* /opt/java/*; do
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null) || continue
    [ "${version:-0}" -ge 25 ] && break
done
[ "${version:-0}" -ge 25 ] || wrong "needs Java 25 or newer: set FLAREDB_JAVA_HOME to its folder"
if [ -n "$build" ]; then
    # Maven runs on the Java that it is set up for and compiles with one that it finds.
    export JAVA_FLAREDB_HOME=$java_home
    mvn -q -B -pl rdb-bench,rdb-cli -am package -DskipTests
fi
[ -f rdb-bench/target/classpath ] || fail "rdb-bench is not built"
classpath=rdb-bench/target/classes:$(cat rdb-bench/target/classpath)
mkdir -p "$out"

dev='' load='' data=''
cleanup() {
    local process
    for process in $load $dev; do
        kill "$process" 2>/dev/null && wait "$process" || true
    done
    [ -z "$data" ] || rm -rf "$data"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -z "$pd" ]; then
    data=$(mktemp -d "${TMPDIR:-/tmp}/flaredb-ycsb-XXXXXX")
    bin/flaredb dev --data-dir "$data/dev" --pd-addr 127.0.0.1:0 --addr 127.0.0.1:0 \
        >"$data/dev.out" 2>"$out/dev.log" &
    dev=$!
    for ((i = 0; i < 600; i++)); do
        pd=$(sed -n 's/^flaredb dev ready: pd \([^ ]*\) .*/\1/p' "$data/dev.out")
        [ -z "$pd" ] && kill -0 "$dev" 2>/dev/null || break
        sleep 0.1
    done
    [ -n "$pd" ] || fail "flaredb dev did not start, see $out/dev.log"
fi
# Else each of YCSB's threads would find out by itself, which takes as long as its timeout.
bin/flaredb --pd "$pd" status >"$out/status" || fail "no cluster answers at $pd"

# Prints the properties of workload $1.
properties() {
    echo workload=site.ycsb.workloads.CoreWorkload
    echo readallfields=true
    echo scanproportion=0
    case $1 in
        a) printf '%s\n' readproportion=0.5 updateproportion=0.5 insertproportion=0 requestdistribution=zipfian ;;
        b) printf '%s\n' readproportion=0.95 updateproportion=0.05 insertproportion=0 requestdistribution=zipfian ;;
        c) printf '%s\n' readproportion=1 updateproportion=0 insertproportion=0 requestdistribution=zipfian ;;
        d) printf '%s\n' readproportion=0.95 updateproportion=0 insertproportion=0.05 requestdistribution=latest ;;
        e) printf '%s\n' readproportion=0 updateproportion=0 scanproportion=0.95 insertproportion=0.05 \
            requestdistribution=zipfian maxscanlength=100 scanlengthdistribution=uniform ;;
        f) printf '%s\n' readproportion=0.5 updateproportion=0 readmodifywriteproportion=0.5 \
            insertproportion=0 requestdistribution=zipfian ;;
    esac
}

# Runs YCSB: phase $1 (-load or -t), binding $2, workload $3; the output goes to file $4. Beside the
# script, which else could not end it.
ycsb() {
    properties "$3" >"$out/workload$3"
    "$java_home/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -cp "$classpath" site.ycsb.Client "$1" -s \
        -db "io.flaredb.bench.ycsb.${2^}Binding" -P "$out/workload$3" \
        -p flaredb.pd="$pd" -p table="$2$round" -p recordcount="$records" \
        -p operationcount="$operations" -p threadcount="$threads" \
        -p measurementtype=hdrhistogram -p hdrhistogram.percentiles=50,99 \
        >"$4" 2>"$4.err" &
    load=$!
    wait "$load" || {
        tail -n 3 "$4.err" >&2
        fail "$2 $3 failed, see $4.err"
    }
    load=
}

# Prints the value of metric $2 of operation $1 in file $3, empty if there is none.
metric() {
    sed -n "s/^\[$1\], $2, //p" "$3" | head -n 1
}

# Prints how many operations succeeded by file $1. YCSB itself is content if there were none. What it calls
# a read-modify-write is a read and an update as well.
succeeded() {
    sed -n -e 's/^\[[A-Z-]*\], Return=OK, //p' -e 's/^\[READ-MODIFY-WRITE\], Operations, /-/p' "$1" |
        awk '{ n += $1 } END { print n + 0 }'
}

status=0
round=0
printf '%-8s %-8s %12s %14s %14s %8s\n' BINDING WORKLOAD 'PER SECOND' 'READ P99 US' 'WRITE P99 US' FAILED
for binding in ${bindings//,/ }; do
    for workload in ${workloads//,/ }; do
        # D and E insert: each workload gets its own table.
        round=$((round + 1))
        file=$out/$binding-$workload.load
        ycsb -load "$binding" "$workload" "$file"
        loaded=$(succeeded "$file")
        [ "$loaded" = "$records" ] ||
            fail "$binding $workload: loaded $loaded of $records records, see $file.err"
        file=$out/$binding-$workload.run
        ycsb -t "$binding" "$workload" "$file"
        failed=$((operations - $(succeeded "$file")))
        [ "$failed" = 0 ] || {
            echo "ycsb: $binding $workload: $failed of $operations operations failed, see $file.err" >&2
            status=1
        }
        read_us=$(metric READ '99thPercentileLatency(us)' "$file")
        for kind in UPDATE INSERT READ-MODIFY-WRITE; do
            write_us=$(metric "$kind" '99thPercentileLatency(us)' "$file")
            [ -z "$write_us" ] || break
        done
        [ "$workload" != e ] || read_us=$(metric SCAN '99thPercentileLatency(us)' "$file")
        [ "$workload" != f ] || write_us=$(metric READ-MODIFY-WRITE '99thPercentileLatency(us)' "$file")
        printf '%-8s %-8s %12.0f %14s %14s %8s\n' "$binding" "$workload" \
            "$(metric OVERALL 'Throughput(ops\/sec)' "$file")" \
            "${read_us:--}" "${write_us:--}" "$failed"
    done
done
exit $status
