#!/bin/bash
# convert --to slurm on a real cluster: arrays, counterparts, single jobs; each task runs after those that it waits for, once.
if [ "${IN_TEST_CLUSTER-}" != yes ]; then
  slurm_folder=$(mktemp -d)
  trap 'tests/slurm/down.sh "$slurm_folder/cluster"; rm -rf "$slurm_folder"' EXIT
  tests/slurm/up.sh "$slurm_folder/cluster" || exit
  . "$slurm_folder/cluster/env.sh"
  IN_TEST_CLUSTER=yes bash "$0"
  exit
fi
. tests/cli/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [
 {"name": "a", "tasks": 3, "cores": 2, "duration": 0.1, "command": ["sh", "-c", "date +%s.%N >a.$0.start; sleep 0.3; date +%s.%N >a.$0.stop", "{task}"]},
 {"name": "b", "tasks": 3, "cores": 1, "duration": 0.1, "after": [{"set": "a", "kind": "each"}], "command": ["sh", "-c", "date +%s.%N >b.$0.start; date +%s.%N >b.$0.stop", "{task}"]},
 {"name": "c", "tasks": 2, "ranks": 2, "duration": 0.1, "after": [{"set": "b", "kind": "edges", "edges": [[0, 0], [2, 1]]}, "a"],
  "command": ["sh", "-c", "date +%s.%N >c.$0.start; echo x >>c.$0.ranks; date +%s.%N >c.$0.stop", "{task}"]}]}
JSON
succeeds convert w.json w.sh --to slurm
checks=$((checks + 1))
bash w.sh --output=/dev/null >submitted 2>&1 || fail "not submitted: $(cat submitted)"
for ((i = 0; i < 300; i++)); do
  [ -z "$(squeue --noheader)" ] && break
  sleep 0.1
done
before() {                               # FIRST SECOND: one stopped before the other started
  checks=$((checks + 1))
  [ -s "$1.stop" ] && [ -s "$2.start" ] && awk -v a="$(cat "$1.stop")" -v b="$(cat "$2.start")" 'BEGIN { exit !(a <= b) }' ||
    fail "$2 did not wait for $1: $(head -50 *.start *.stop 2>&1; squeue)"
}
for t in 0 1 2; do before a.$t b.$t; before a.$t c.0; done
before b.0 c.0
before b.2 c.1
checks=$((checks + 1))
[ "$(cat c.0.ranks c.1.ranks | wc -l)" -eq 4 ] || fail "not two ranks a task: $(cat c.*.ranks)"
finish
