#!/usr/bin/env bash
# Crashes PD and store under a write load, again and again, and compares what they hold with what they
# had acknowledged. The long form of CrashLoopIT.
#
#   scripts/crash-loop.sh [--kill N] [--power N] [--seed N]
#
#   --kill N    rounds that end PD, store or both by kill -9 (50)
#   --power N   rounds in which both also lose what they had not synced (20); needs a C compiler
#   --seed N    repeat the choices of an earlier run, which printed its seed
#
# Prints a line for each round and one for the whole. Exits 0 if nothing acknowledged was lost and no
# timestamp came twice.
set -euo pipefail

kills=50 power_losses=20 seed=$(($(date +%s%N) / 1000))

usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help)
            usage
            exit 0
            ;;
        --kill | --power | --seed)
            if ! [[ ${2-} =~ ^[0-9]+$ ]]; then
                echo "crash-loop: $1 needs a number" >&2
                exit 2
            fi
            case $1 in
                --kill) kills=$2 ;;
                --power) power_losses=$2 ;;
                --seed) seed=$2 ;;
            esac
            shift 2
            ;;
        *)
            echo "crash-loop: unknown option $1; see --help" >&2
            exit 2
            ;;
    esac
done

cd "$(dirname "$0")/.."
# Builds the jar under test without running the other modules' tests.
exec mvn -q -pl rdb-it -am verify \
    -Dtest=NoUnitTests -Dit.test=CrashLoopIT \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false \
    -Dflaredb.it.strict=true \
    -Dflaredb.it.kills="$kills" -Dflaredb.it.powerLosses="$power_losses" -Dflaredb.it.seed="$seed"
