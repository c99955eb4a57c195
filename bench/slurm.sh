#!/bin/bash
# bench/slurm.sh [TASKS [ROUNDS]]: how many tasks of 0 s a second (200 tasks, 3 rounds by default) become steps of a Slurm on this machine
# (tests/slurm/up.sh) through the executor, and beside it through a plain loop of srun and through xargs -P 16 srun: the same program,
# one core each, a file for its output and one for its errors. Prints the median of the rounds, which take turns, and its ratio to the
# executor's. Run at the root of the tree; the program to measure is $DAGCAST (default: build/dev/dagcast).
set -euo pipefail
if [ "${IN_BENCH_ALLOCATION-}" != yes ]; then
  work=$(mktemp -d)
  trap 'tests/slurm/down.sh "$work/cluster"; rm -rf "$work"' EXIT
  tests/slurm/up.sh "$work/cluster"
  . "$work/cluster/env.sh"
  IN_BENCH_ALLOCATION=yes work=$work salloc -Q --nodes=4 --exclusive --gres=gpu:4 bash "$0" "$@"
  exit
fi
tasks=${1:-200} rounds=${2:-3} digits=1
. bench/rates.sh
dagcast=$(realpath "${DAGCAST:-build/dev/dagcast}")
export task=$(dirname "$dagcast")/dagcast-task
cd "$work"
echo "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": $tasks, \"cores\": 1, \"duration\": 0}]}" >w.json
echo '{"name": "p", "nodes": [{"count": 4, "cores": 16}]}' >p.json
step=(srun --quiet --exact --nodes=1 --ntasks=1 --cpus-per-task=1 --gres=none --mem=0)

# Each: AT_ONCE FOLDER, a folder that is not there yet.
through_slurm() { "$dagcast" execute w.json --backend slurm --max-live "$1" --run-dir "$2" --quiet; }
locally() { "$dagcast" execute w.json --platform p.json --max-live "$1" --run-dir "$2" --quiet; }
loop() { mkdir "$2" && for ((i = 0; i < tasks; i++)); do "${step[@]}" "$task" sleep 0 >"$2/$i.out" 2>"$2/$i.err"; done; }
with_xargs() { mkdir "$2" && cd "$2" && seq "$tasks" | xargs -P "$1" -I{} "${step[@]}" --output={}.out --error={}.err "$task" sleep 0; }

for ((round = 1; round <= rounds; round++)); do
  measure one through_slurm 1
  measure loop loop 1
  measure slurm through_slurm 16
  measure xargs with_xargs 16
  measure all through_slurm 64
  measure local locally 64
done
echo "$tasks tasks of 0 s through Slurm, median of $rounds rounds, ratio to dagcast"
line one 'dagcast execute --backend slurm, one at a time' one
line loop 'a loop of srun' one
line slurm 'dagcast execute --backend slurm, 16 at once' slurm
line xargs 'xargs -P 16 srun' slurm
line all 'dagcast execute --backend slurm, 64 at once' slurm
line local 'dagcast execute, 64 at once, no Slurm' slurm
