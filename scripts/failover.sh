#!/usr/bin/env bash
# Kills servers of a cluster of three under a write load, again and again, and compares what the
# cluster holds with what it had acknowledged; then lets a server miss many writes and another one
# lose all its data. The long form of LeaderKillIT and SnapshotCatchUpIT.
#
#   scripts/failover.sh [--rounds N] [--writes N] [--seed N]
#
#   --rounds N  servers to kill, the leader and a follower in turn (20)
#   --writes N  writes that the server which is down misses (200000); 0: leave that part out
#   --seed N    repeat the choices of an earlier run, which printed its seed
#
# Prints a line for each round, and how long writes stood still after a kill: median and worst.
# Exits 0 if nothing acknowledged was lost, versions are right and all replicas hold the same.
set -euo pipefail

rounds=20 writes=200000 seed=$(($(date +%s%N) / 1000))

usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help)
            usage
            exit 0
            ;;
        --rounds | --writes | --seed)
            if ! [[ ${2-} =~ ^[0-9]+$ ]]; then
                echo "failover: $1 needs a number" >&2
                exit 2
            fi
            case $1 in
                --rounds) rounds=$2 ;;
                --writes) writes=$2 ;;
                --seed) seed=$2 ;;
            esac
            shift 2
            ;;
        *)
            echo "failover: unknown option $1; see --help" >&2
            exit 2
            ;;
    esac
done

tests=LeaderKillIT
[ "$writes" -eq 0 ] || tests=$tests,SnapshotCatchUpIT

cd "$(dirname "$0")/.."
# Builds the jar under test without running the other modules' tests.
exec mvn -q -pl rdb-it -am verify \
    -Dtest=NoUnitTests -Dit.test="$tests" \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
    -Dflaredb.it.failovers="$rounds" -Dflaredb.it.missedWrites="$writes" -Dflaredb.it.seed="$seed"
