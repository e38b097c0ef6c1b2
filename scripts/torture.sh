#!/usr/bin/env bash
# Tortures a cluster of processes: load from several clients, faults one after another and two at a
# time, and verdicts from all that the clients were told. The long form of TortureIT; see
# docs/torture.md.
#
#   scripts/torture.sh [--seed N] [--minutes M] [--faults all|NAME,NAME,..] [--servers N]
#                      [--regions N] [--clients N] [--rate N] [--report FOLDER]
#
#   --seed N         repeat the faults and operations of an earlier run, which printed its seed
#   --minutes M      how long load and faults go on (6)
#   --faults LIST    which faults (all): FAULTS
#   --servers N      servers, and replicas of each region (3)
#   --regions N      regions (4)
#   --clients N      clients, each with connections and four threads of its own (4)
#   --rate N         operations per second of all clients, at most (400)
#   --report FOLDER  where report.md, availability.png and logs go (torture-SEED)
#
# Prints each fault, and one summary line at the end. Exits 0 if all verdicts hold, 1 if not, 2 if an
# option is wrong. Several may run at once.
set -euo pipefail

faults_there_are="kill pause power partition clock disk-full io-error flip transfer membership snapshot pd"
seed=$(($(date +%s%N) / 1000)) minutes=6 faults=all servers=3 regions=4 clients=4 rate=400 report=

usage() {
    sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" | sed "s/FAULTS$/$faults_there_are/"
}

wrong() {
    echo "torture: $*" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
        -h | --help)
            usage
            exit 0
            ;;
        --seed | --minutes | --servers | --regions | --clients | --rate)
            [[ ${2-} =~ ^[0-9]+$ ]] || wrong "$1 needs a number"
            declare "${1#--}=$2"
            shift 2
            ;;
        --faults)
            [ -n "${2-}" ] || wrong "--faults needs all, or names with commas between them"
            faults=$2
            [ "$faults" = all ] || for name in ${faults//,/ }; do
                [[ " $faults_there_are " == *" $name "* ]] ||
                    wrong "no faults are named '$name'; there are: $faults_there_are"
            done
            shift 2
            ;;
        --report)
            [ -n "${2-}" ] || wrong "--report needs a folder"
            report=$(realpath -m "$2")
            shift 2
            ;;
        *) wrong "unknown option $1; see --help" ;;
    esac
done
report=${report:-$PWD/torture-$seed}

cd "$(dirname "$0")/.."
mkdir -p rdb-it/target
classpath=rdb-it/target/torture.classpath
# Whoever is alone builds; nobody builds under the feet of a run.
exec 9>rdb-it/target/.torture.lock
if flock -n 9; then
    mvn -q -B -pl rdb-it -am verify dependency:build-classpath \
        -Dmdep.outputFile=target/torture.classpath -DskipTests -DskipITs
else
    echo "torture: another run is under way: not building" >&2
fi
flock -s 9

# The first Java that is new enough, as bin/flaredb looks for it.
for java_home in "${FLAREDB_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/* /opt/java/*; do
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null) || continue
    [ "${version:-0}" -ge 25 ] && break
done
[ "${version:-0}" -ge 25 ] || wrong "needs Java 25 or newer: set FLAREDB_JAVA_HOME to its folder"
# Networks are only cut in a namespace that is the run's own, and disks are mounted in one, so that
# nothing is left of a run that is killed.
apart=()
[[ ,$faults, != *,all,* && ,$faults, != *,partition,* ]] || apart+=(--net)
[[ ,$faults, != *,all,* && ,$faults, != *,disk-full,* ]] || apart+=(--mount)
if [ ${#apart[@]} -gt 0 ] && unshare "${apart[@]}" true 2>/dev/null; then
    apart=(unshare "${apart[@]}" --)
else
    apart=()
fi
exec "${apart[@]}" "$java_home/bin/java" \
    -Xmx1g -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow \
    -cp "rdb-it/target/test-classes:$(cat $classpath)" io.flaredb.it.torture.Torture \
    --seed "$seed" --minutes "$minutes" --faults "$faults" --servers "$servers" \
    --regions "$regions" --clients "$clients" --rate "$rate" --report "$report"
