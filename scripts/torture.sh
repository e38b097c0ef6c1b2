#!/usr/bin/env bash
# Tortures a cluster of processes: load from several clients, faults one after another and two at a
# time, and verdicts from all that the clients were told. The long form of TortureIT; see
# docs/torture.md.
#
#   scripts/torture.sh [--seed N] [--minutes M] [--faults all|NAME,NAME,..] [--servers N]
#                      [--regions N] [--clients N] [--rate N] [--reads HOW] [--report FOLDER]
#
#   --seed N         repeat the faults and operations of an earlier run, which printed its seed
#   --minutes M      how long load and faults go on (6)
#   --faults LIST    which faults (all): FAULTS
#   --servers N      servers, and replicas of each region (3)
#   --regions N      regions (4)
#   --clients N      clients, each with connections and four threads of its own (4)
#   --rate N         operations per second of all clients, at most (400)
#   --reads HOW      what servers do before they answer a read: read-index or lease (drawn from the seed)
#   --report FOLDER  where report.md, availability.png and logs go (torture-SEED)
#
# Prints each fault, and one summary line at the end. Exits 0 if all verdicts hold, 1 if not, 2 if an
# option is wrong, 3 if there is no verdict because the run could not be set up, 4 if nothing
# wrong was found but keys are undecided. Several may run at once.
set -euo pipefail

faults_there_are="kill pause power partition clock disk-full io-error flip transfer membership snapshot pd"
seed=$(($(date +%s%N) / 1000)) minutes=6 faults=all servers=3 regions=4 clients=4 rate=400 reads= report=

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
            [[ ${2-} =~ ^[0-9]{1,18}$ ]] || wrong "$1 needs a number"
            declare "${1#--}=$2"
            shift 2
            ;;
        --faults)
            [ -n "${2-}" ] || wrong "--faults needs all, or names with commas between them"
            faults=$2
            IFS=, read -ra names <<<"$faults"
            [ "$faults" = all ] || for name in "${names[@]}"; do
                [[ " $faults_there_are " == *" $name "* ]] ||
                    wrong "no faults are named '$name'; there are: $faults_there_are"
            done
            shift 2
            ;;
        --reads)
            [[ ${2-} =~ ^(read-index|lease)$ ]] || wrong "--reads needs read-index or lease"
            reads=$2
            shift 2
            ;;
        --report)
            [[ -n ${2-} && $2 != -* ]] || wrong "--report needs a folder"
            [[ -d $2 || ! -e $2 ]] || wrong "--report needs a folder, and $2 is a file"
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
run=("$java_home/bin/java"
    -Xmx1g -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow
    -cp "rdb-it/target/test-classes:$(cat $classpath)" io.flaredb.it.torture.Torture
    --seed "$seed" --minutes "$minutes" --faults "$faults" --servers "$servers"
    --regions "$regions" --clients "$clients" --rate "$rate" --report "$report"
    ${reads:+--reads "$reads"})
# Processes, mounts and networks are the run's own, so that none is left of a run that is killed.
apart=(unshare --mount --pid --fork --kill-child --mount-proc)
[[ ,$faults, != *,all,* && ,$faults, != *,partition,* ]] || apart+=(--net)
if ! "${apart[@]}" -- true 2>/dev/null; then
    exec "${run[@]}"
fi
# unshare takes no notice of SIGTERM and Ctrl-C; if this script is killed it is killed too.
setpriv --pdeathsig KILL "${apart[@]}" -- \
    env "FLAREDB_OUTER_NETWORK=$(readlink /proc/self/ns/net)" "${run[@]}" &
trap 'kill -KILL $!' INT TERM HUP
wait $!
