#!/bin/bash
# One shared rate for real: tasks of this machine read and write through a token bucket (dagcast-task phases), as a flow of the platform says.
# The simulated session predicts the real one within 10 %.
. tests/cli/common.sh

cat >p.json <<'JSON'
{"name": "p", "nodes": [{"cores": 6}], "flows": [{"name": "disk", "rate": 100}]}
JSON
cat >w.json <<'JSON'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 12, "duration": 0.4, "input": {"flow": "disk", "amount": 10}, "output": {"flow": "disk", "amount": 5, "rate": 20}},
  {"name": "b", "tasks": 3, "after": ["a"], "phases": [{"compute": 0.2}, {"flow": "disk", "amount": 20}, {"compute": 0.3}]}]}
JSON
succeeds simulate w.json -p p.json --replicas 1 --json
predicted=$(jq '.makespan.mean' "$out")
succeeds execute w.json -p p.json --backend local --run-dir run --quiet --json
measured=$(jq '.makespan' "$out")
echo "predicted $predicted s, measured $measured s"
awk -v p="$predicted" -v m="$measured" 'BEGIN { exit !(p >= 0.9 * m && p <= 1.1 * m) }' || fail "predicted $predicted s, measured $measured s"
# Without sharing it would take less than two thirds.
jq 'del(.flows) | .flows = [{"name": "disk", "rate": 1e9}]' p.json >fast.json
succeeds simulate w.json -p fast.json --replicas 1 --json
awk -v p="$predicted" -v m="$(jq '.makespan.mean' "$out")" 'BEGIN { exit !(m < p * 0.67) }' || fail "sharing makes no difference"
finish
