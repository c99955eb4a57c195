#!/bin/bash
# bench/slurm.sh [TASKS [DAGCAST]]: 200 tasks of 0 s as steps of a Slurm on this machine (tests/slurm/up.sh) and, beside it, as local
# processes: tasks a second from the first launch to the last end.
set -euo pipefail
cd "$(dirname "$0")/.."
tasks=${1:-200} dagcast=$PWD/${2:-build/release/dagcast}
work=$(mktemp -d)
trap 'tests/slurm/down.sh "$work/cluster"; rm -rf "$work"' EXIT

echo "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": $tasks, \"cores\": 1, \"duration\": 0}]}" >"$work/w.json"
echo '{"name": "p", "nodes": [{"count": 4, "cores": 16}]}' >"$work/p.json"
rate() {                                 # FOLDER: from launched_s and stopped_s of its timeline
  awk -F, 'NR > 1 { n++; first = NR == 2 || $8 < first ? $8 : first; last = $10 > last ? $10 : last } END { printf "%.1f", n / (last - first) }' \
    "$1/timeline.csv"
}
run() { "$@" --quiet >/dev/null; }

tests/slurm/up.sh "$work/cluster"
. "$work/cluster/env.sh"
run salloc -Q --nodes=4 --exclusive --gres=gpu:4 "$dagcast" execute "$work/w.json" --backend slurm --run-dir "$work/slurm"
run salloc -Q --nodes=4 --exclusive --gres=gpu:4 "$dagcast" execute "$work/w.json" --backend slurm --run-dir "$work/slurm1" --max-live 1
run "$dagcast" execute "$work/w.json" --platform "$work/p.json" --run-dir "$work/local"
echo "$tasks tasks of 0 s, 64 slots: slurm $(rate "$work/slurm") a second ($(rate "$work/slurm1") one at a time), local $(rate "$work/local")"
