#!/bin/bash
# executor.sh [TASKS [ROUNDS]]: how many tasks of 0 s a second (2,000 tasks, 3 rounds by default) the executor carries out, beside xargs -P
# and GNU parallel. All start the same program (dagcast-task sleep 0), as many at once, and all but the line "no files" give each task a
# file for its output and one for its errors; the executor besides decides about slots, binds, and keeps a journal and each task's own
# record of its times. Prints the median of the rounds, which take turns, and its ratio to the executor's; nothing is asserted. Run at
# the root of the tree; the program to measure is $DAGCAST (default: build/dev/dagcast).
set -euo pipefail
tasks=${1:-2000} rounds=${2:-3} digits=0
. bench/rates.sh
dagcast=$(realpath "${DAGCAST:-build/dev/dagcast}")
export task=$(dirname "$dagcast")/dagcast-task
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT               # at the end only: ext4 searches long for free inodes while some were freed just before
cd "$work"

cat >w.json <<JSON
{"name": "w", "task_sets": [{"name": "a", "tasks": $tasks, "cores": 1, "duration": 0}]}
JSON
with_files='exec "$task" sleep 0 >"$1.out" 2>"$1.err"'

# Each: AT_ONCE FOLDER, a folder that is not there yet.
real() { "$dagcast" execute w.json --max-live "$1" --run-dir "$2" --quiet; }
virtual() { "$dagcast" execute w.json --max-live "$1" --platform summit --nodes 16 --run-dir "$2" --quiet; }
with_xargs() { mkdir "$2" && cd "$2" && seq "$tasks" | xargs -P "$1" -I{} sh -c "$with_files" sh {}; }
with_parallel() { seq "$tasks" | parallel -j "$1" --results "$2" "$task" sleep 0 '#' {}; }
no_files() { seq "$tasks" | xargs -P "$1" -I{} "$task" sleep 0; }

cores=$(nproc) many=672                  # cores of 16 Summit nodes
for ((round = 1; round <= rounds; round++)); do
  measure real real "$cores"
  measure xargs with_xargs "$cores"
  measure bare no_files "$cores"
  measure virtual virtual $many
  measure xargs_many with_xargs $many
  measure bare_many no_files $many
  ! command -v parallel >/dev/null || measure parallel with_parallel "$cores"
done
echo "$tasks tasks of 0 s on $cores cores, median of $rounds rounds, ratio to dagcast"
line real "dagcast execute, $cores at once, bound" real
line xargs "xargs -P $cores sh -c 'exec ... >out 2>err'" real
line parallel "parallel -j $cores --results" real
line bare "xargs -P $cores, no files" real
line virtual "dagcast execute, $many at once, virtual nodes" virtual
line xargs_many "xargs -P $many sh -c 'exec ... >out 2>err'" virtual
line bare_many "xargs -P $many, no files" virtual
command -v parallel >/dev/null || echo "GNU parallel is not installed"
