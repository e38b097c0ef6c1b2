#!/usr/bin/env bash
# Tells whether histories are linearizable: those that a torture kept (*.history), and logs of Jepsen's
# register (lines of "process :invoke|:ok|:fail|:info :read|:write|:cas value").
#
#   scripts/check-history.sh [--timeout SECONDS] FILE...
#
#   --timeout SECONDS  how long each file may take (60)
#
# Prints a line for each file, and what is wrong with it. Exits 0 if all are linearizable, 1 if one is
# not, 2 if an option is wrong, 3 if a file can't be read or is no history, 4 if one is undecided
# after its time; of several 2 comes before 3, 3 before 1 and 1 before 4.
set -euo pipefail

timeout=60
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help)
            sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"
            exit 0
            ;;
        --timeout)
            timeout=${2-}
            shift $(($# > 1 ? 2 : 1))
            ;;
        --)
            shift
            break
            ;;
        -*)
            echo "check-history: unknown option $1; see --help" >&2
            exit 2
            ;;
        *) break ;;
    esac
done
files=()
for file in "$@"; do
    files+=("$(realpath -m -- "$file")")
done

cd "$(dirname "$0")/.."
mkdir -p rdb-it/target
classpath=rdb-it/target/torture.classpath
# As scripts/torture.sh does: whoever is alone builds.
exec 9>rdb-it/target/.torture.lock
if flock -n 9; then
    mvn -q -B -pl rdb-it -am verify dependency:build-classpath \
        -Dmdep.outputFile=target/torture.classpath -DskipTests -DskipITs
fi
flock -s 9

# The first Java that is new enough, as bin/flaredb looks for it.
for java_home in "${FLAREDB_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* /opt/java/*; do
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null) || continue
    [ "${version:-0}" -ge 25 ] && break
done
if [ "${version:-0}" -lt 25 ]; then
    echo "check-history: needs Java 25 or newer: set FLAREDB_JAVA_HOME to its folder" >&2
    exit 2
fi
exec "$java_home/bin/java" -Xmx1g -cp "rdb-it/target/test-classes:$(cat $classpath)" \
    io.flaredb.it.history.CheckHistory "$timeout" ${files[@]+"${files[@]}"}
