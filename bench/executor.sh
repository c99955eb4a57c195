#!/bin/bash
# executor.sh [TASKS]: how many tasks of 0 s a second (2,000 tasks by default) the executor carries out, beside xargs -P and GNU parallel
# running the same program, and with everything that it does for a task that they do not: output files, a record of the task's own
# times, a journal, decisions about slots. Prints a line each; nothing is asserted. Run at the root of the tree; the program to
# measure is $DAGCAST (default: build/dev/dagcast).
set -euo pipefail
tasks=${1:-2000}
dagcast=$(realpath "${DAGCAST:-build/dev/dagcast}")
task=$(dirname "$dagcast")/dagcast-task
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

rate() {                                           # NAME COMMAND...
  local begun ended name=$1
  shift
  begun=$(date +%s.%N)
  "$@" >/dev/null
  ended=$(date +%s.%N)
  awk -v name="$name" -v n="$tasks" -v s="$(echo "$ended $begun" | awk '{ print $1 - $2 }')" \
    'BEGIN { printf "%-44s %7.0f tasks/s  (%.2f s)\n", name, n / s, s }'
}

cat >w.json <<JSON
{"name": "w", "task_sets": [{"name": "a", "tasks": $tasks, "cores": 1, "duration": 0}]}
JSON
cores=$(nproc)
numbers() { seq "$tasks"; }
with_xargs() { numbers | xargs -P "$1" -I{} "$task" sleep 0; }
with_parallel() { numbers | parallel -j "$1" "$task" sleep 0 '#' {}; }

echo "$tasks tasks of 0 s on $cores cores"
rate "dagcast execute, $cores at once, bound" "$dagcast" execute w.json --run-dir real --quiet
rate "dagcast execute, 672 at once (16 Summit nodes)" "$dagcast" execute w.json --platform summit --nodes 16 --run-dir virtual --quiet
rate "xargs -P $cores" with_xargs "$cores"
rate "xargs -P 672" with_xargs 672
if command -v parallel >/dev/null; then
  rate "GNU parallel -j $cores" with_parallel "$cores"
else
  echo "GNU parallel is not installed"
fi
