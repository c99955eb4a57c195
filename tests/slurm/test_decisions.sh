#!/bin/bash
# A workflow that decides, as Slurm steps: tasks say how many follow and when the loop ends, and cancel those that run; then SIGKILL of the
# executor and --resume: no decision and no task that is done is repeated, and what a decision has cancelled is gone.
. tests/slurm/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [
  {"name": "propose", "cores": 1, "duration": 0.1, "command": ["sh", "-c", "echo '{\"tasks\": {\"evaluate\": 5}}' >$DAGCAST_DECISION"]},
  {"name": "evaluate", "tasks": {"distribution": "poisson", "mean": 2}, "cores": 2, "gpus": 1, "duration": 0.2, "after": ["propose"],
   "command": ["sleep", "0.2"]},
  {"name": "long", "tasks": 3, "cores": 4, "duration": 60, "after": ["propose"], "command": ["sleep", "60"]},
  {"name": "fit", "cores": 1, "duration": 0.1, "after": ["evaluate"], "cancels": ["long"], "command": ["sh", "-c",
   "case $DAGCAST_SET in fit.2) c=false;; *) c=true;; esac; echo \"{\\\"continue\\\": $c}\" >$DAGCAST_DECISION"]},
  {"name": "end", "cores": 1, "duration": 0, "after": ["fit", "long"], "command": ["true"]}],
 "loops": [{"name": "round", "sets": ["propose", "evaluate", "long", "fit"], "decided_by": "fit", "stop": {"probability": 0.4}, "at_most": 5}]}
JSON
again() {                                # JOURNAL: tasks that were started once more after their end
  awk '$1 == "set" { name[$2] = $3 } $1 == "end" { done[name[$2], $3] = 1 } $1 == "start" && done[name[$2], $3] { n++ }
       END { print n + 0 }' "$1"
}

succeeds execute w.json --backend slurm --run-dir one --json
json '.done == 15 and .failed == 0 and .stopped == 6 and .makespan < 30'
no_steps
succeeds import one --json
seeded
for round in 1 2 3 4; do
  "$DAGCAST" execute w.json --backend slurm --run-dir run$round >/dev/null 2>&1 &
  draw_instant 300 2500
  sleep "$instant"
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
  [ -e "run$round/journal" ] || continue
  run execute --resume "run$round" --json
  [ "$status" -eq 0 ] || fail "round $round: $(cat "$err")"
  json '.done == 15 and .stopped == 6'
  [ "$(again "run$round/journal")" -eq 0 ] || fail "round $round: tasks with a record were run again"
  no_steps
done
finish
