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
# The run tells what each task did when; a timeline's CSV keeps it through an import.
succeeds import run --timeline t.csv
python3 - t.csv <<'PY' || fail "the phases of the run"
import csv, sys
for row in csv.DictReader(open(sys.argv[1])):
    if not row["set"]:
        continue
    phases = [p.split(":") for p in row["phases"].split(";")]
    kinds = [p[0] for p in phases]
    assert kinds == (["move", "compute", "move"] if row["set"] == "a" else ["compute", "move", "compute"]), kinds
    moved = sum(float(p[4]) for p in phases if p[0] == "move")
    assert moved == (15 if row["set"] == "a" else 20), moved
    times = [float(t) for p in phases for t in (p[2], p[3])]
    assert times == sorted(times) and times[0] == float(row["started_s"]) and times[-1] <= float(row["stopped_s"]), times
    for p in phases:                     # none is faster than alone
        assert p[0] != "move" or float(p[3]) - float(p[2]) >= 0.98 * float(p[4]) / float(p[5]), p
PY
succeeds import t.csv --timeline again.csv
cmp <(cut -d, -f1-4,17 t.csv) <(cut -d, -f1-4,17 again.csv) || fail "the phases are not those of the timeline imported"
grep -q '^phases move:disk:' run/journal || fail "the journal has no phases"
# Without sharing it would take less than two thirds.
jq 'del(.flows) | .flows = [{"name": "disk", "rate": 1e9}]' p.json >fast.json
succeeds simulate w.json -p fast.json --replicas 1 --json
awk -v p="$predicted" -v m="$(jq '.makespan.mean' "$out")" 'BEGIN { exit !(m < p * 0.67) }' || fail "sharing makes no difference"
finish
