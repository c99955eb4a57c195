#!/bin/bash
# A sweep over two nodes, by mpirun and by srun: the rows are those of one process. Twenty times a rank is killed at any instant: each
# time only points that were in hand are missing, no row is lost or changed, and in the end the bytes are the same.
export NODES=2 CPUS=4 GPUS=1
ALLOCATION='--nodes=2 --ntasks=4 --exclusive'
. tests/slurm/common.sh
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
srun --mpi=list 2>&1 | grep -q pmix || { echo "skipped: this Slurm starts no MPI programs (pmix)"; exit 77; }
workflow w.json
platform p.json
points=3000 ranks=4 kills=20
cat >study.json <<JSON
{"workflow": "w.json", "platform": "p.json", "replicas": 200, "grid": {"nodes": [1, 2, 3], "seed": [$(seq -s, 1 $((points / 3)))]}}
JSON
sed 's/\[1, 2, 3\]/[2]/; s/\[1,.*\]/[1, 2, 3, 4, 5, 6, 7, 8]/' study.json >few.json
run sweep few.json --store probe.sqlite --backend mpi
grep -q 'built without MPI' "$err" && { echo "skipped: built without MPI"; exit 77; }
# Both nodes are this machine: ranks must not take each other for neighbours with shared memory.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_btl=self,tcp OMPI_MCA_btl_tcp_if_include=lo
export OMPI_MCA_oob_tcp_if_include=lo ASAN_OPTIONS=detect_leaks=0

launch() {                               # mpirun|srun ARGUMENTS of dagcast
  local how=$1
  shift
  if [ "$how" = mpirun ]; then
    mpirun -n $ranks --oversubscribe "$DAGCAST" "$@" --threads 1 </dev/null
  else
    srun -Q --kill-on-bad-exit=1 --ntasks=$ranks --mpi=pmix "$DAGCAST" "$@" --threads 1 </dev/null
  fi
}

succeeds sweep few.json --store one.sqlite --csv
cp "$out" one.csv
for how in mpirun srun; do
  checks=$((checks + 1))
  launch $how sweep few.json --store $how.sqlite --backend mpi --csv >$how.csv 2>"$err" || fail "$how: $(head -c 600 "$err")"
  cmp -s one.csv $how.csv || fail "$how over two nodes gives other rows: $(diff one.csv $how.csv | head -n 4)"
done

ranks_of() {                             # process ids of the ranks of the sweep that is under way
  local pid
  for pid in $(pgrep -x dagcast); do
    { tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -q -- "--store $work/rows.sqlite " && echo "$pid"
  done
}

: >before
met=0 cut=0
for ((kill = 0; kill < kills; kill++)); do
  how=$([ $((kill % 2)) = 0 ] && echo mpirun || echo srun)
  launch $how sweep study.json --store "$work/rows.sqlite" --backend mpi >/dev/null 2>"$work/.err" &
  launcher=$!
  for ((tenth = 0; tenth < 100; tenth++)); do
    [ "$(ranks_of | wc -l)" = $ranks ] && break
    kill -0 $launcher 2>/dev/null || break
    sleep 0.1
  done
  sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
  victim=$(ranks_of | shuf -n 1)
  [ -n "$victim" ] && kill -KILL "$victim" 2>/dev/null && met=$((met + 1))
  wait $launcher 2>/dev/null
  for ((tenth = 0; tenth < 100; tenth++)); do      # the launcher may be gone before the other ranks are
    [ -z "$(ranks_of)" ] && break
    sleep 0.1
  done
  [ -s rows.sqlite ] || continue         # killed before it had begun one
  "$DAGCAST" sweep --show rows.sqlite --csv 2>"$work/.err" | tail -n +2 | sort >after
  checks=$((checks + 2))
  [ -z "$(comm -23 before after)" ] || fail "rows were lost or changed: $(comm -23 before after | head -n 3)"
  holes=$(cut -d, -f1 after | sort -n | awk '{ last = $1 } END { print NR ? last + 1 - NR : 0 }')
  [ "$holes" -le $ranks ] || fail "kill $kill ($how): $holes points are missing below the last one, $ranks were in hand: $(cut -d, -f1 after | sort -n | awk '$1 != n { print n ".." $1 - 1; n = $1 } { n++ }' | head -n 30 | tr '\n' ' ')"
  mv after before
  if [ "$(wc -l <before)" -lt $points ]; then
    cut=$((cut + 1))
  else                                   # all was done before the kill: another sweep
    rm rows.sqlite
    : >before
  fi
done
kept=$(wc -l <before)
checks=$((checks + 2))
[ "$met" -ge 15 ] || fail "only $met of $kills kills met a rank"
[ "$cut" -ge 5 ] || fail "only $cut kills left a sweep that was begun and not over: nothing was put to the test"

launch srun sweep study.json --store rows.sqlite --backend mpi --csv >resumed.csv 2>"$err" || fail "resumed: $(head -c 600 "$err")"
succeeds sweep study.json --store undisturbed.sqlite --csv
cmp -s resumed.csv "$out" || fail "the rows differ from those of one process that nobody disturbed: $(diff resumed.csv "$out" | head -n 4)"
echo "$met ranks killed, $cut of them before all was done, $kept of $points rows before the last run"
no_steps
finish
