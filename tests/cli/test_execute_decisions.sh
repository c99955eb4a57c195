#!/bin/bash
# execute of a workflow whose tasks decide: numbers of tasks, and whether a loop goes on; then SIGKILL of the executor at 20 random
# instants and --resume: no decision and no done task is repeated.
. tests/cli/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [
  {"name": "propose", "duration": 0.02, "command": ["sh", "-c", "sleep 0.02; echo '{\"tasks\": {\"evaluate\": 3}}' >$DAGCAST_DECISION"]},
  {"name": "evaluate", "tasks": {"distribution": "poisson", "mean": 2}, "duration": 0.04, "after": ["propose"],
   "command": ["sleep", "0.04"]},
  {"name": "fit", "duration": 0.02, "after": ["evaluate"], "command": ["sh", "-c",
   "sleep 0.02; case $DAGCAST_SET in fit.3) c=false;; *) c=true;; esac; echo \"{\\\"continue\\\": $c}\" >$DAGCAST_DECISION"]},
  {"name": "end", "duration": 0, "after": ["fit"], "command": ["true"]}],
 "loops": [{"name": "round", "sets": ["propose", "evaluate", "fit"], "stop": {"probability": 0.4}, "at_most": 9}]}
JSON

again() {                                # JOURNAL: tasks that were started once more after their end
  awk '$1 == "set" { name[$2] = $3 } $1 == "end" { done[name[$2], $3] = 1 } $1 == "start" && done[name[$2], $3] { n++ }
       END { print n + 0 }' "$1"
}

for mode in sequential pipelined asynchronous; do
  succeeds execute w.json --mode $mode --run-dir $mode --json
  json '.done == 16 and .failed == 0'
  [ "$(cut -d, -f1 $mode/timeline.csv | grep -c 'evaluate')" -eq 9 ] || fail "$mode: not 9 evaluations: $(cat $mode/timeline.csv)"
  succeeds validate $mode -m ideal -r 4
done
# Without decisions of the tasks those hold that are drawn: as many tasks as `simulate` draws in its first replica.
jq '.task_sets |= map(.command = ["true"])' w.json >drawn.json
succeeds execute drawn.json --run-dir drawn --json
done=$(jq .done "$out")
succeeds simulate drawn.json -p this-machine --replicas 1 --json
json ".decided[] | select(.figure == \"tasks\") | .mean == $done"

# What cannot be understood stops the run, which says where; mended, it goes on.
jq '.task_sets[2].command = ["sh", "-c", "echo \"{\\\"continue\\\": maybe}\" >$DAGCAST_DECISION"]' w.json >bad.json
run execute bad.json --run-dir bad
[ "$status" -eq 2 ] && grep -q 'fit.1/0.0.decision' "$err" || fail "a bad decision: $status, $(cat "$err")"
echo '{"continue": false}' >bad/tasks/fit.1/0.0.decision
succeeds execute --resume bad --json
json '.done == 6'
echo '{"task_sets": [{"name": "a", "duration": 1, "cancels": ["b"]}, {"name": "b", "duration": 1}]}' >cancels.json
refuses "cancels. cannot be executed yet" execute cancels.json

killed=0
seeded
for round in $(seq 20); do
  dir=run$round
  "$DAGCAST" execute w.json --run-dir "$dir" >/dev/null 2>&1 &
  draw_instant 20 450
  sleep "$instant"
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
  [ $? -eq 137 ] && killed=$((killed + 1))
  [ -e "$dir/journal" ] || continue
  run execute --resume "$dir" --json
  [ "$status" -eq 0 ] || fail "round $round: $(cat "$err")"
  json '.done == 16'
  [ "$(again "$dir/journal")" -eq 0 ] || fail "round $round: tasks with a record were run again"
  [ "$(grep '^decided' "$dir/journal" | sort | uniq -d | wc -l)" -eq 0 ] || fail "round $round: a decision is there twice"
done
[ "$killed" -ge 10 ] || fail "only $killed executors killed: this test tests nothing"
finish
