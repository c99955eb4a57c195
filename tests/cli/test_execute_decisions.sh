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

# A decision takes effect at once, while others run: five rounds of 0.05 s, each decided against what is drawn (one), beside a
# task of 0.9 s. Nothing is run twice.
cat >side.json <<'JSON'
{"name": "side", "task_sets": [
  {"name": "fit", "cores": 1, "duration": 0.05, "command": ["sh", "-c",
   "sleep 0.05; case $DAGCAST_SET in fit.5) c=false;; *) c=true;; esac; echo \"{\\\"continue\\\": $c}\" >$DAGCAST_DECISION"]},
  {"name": "long", "cores": 1, "duration": 0.9, "command": ["sleep", "0.9"]},
  {"name": "after", "tasks": 3, "cores": 1, "duration": 0.02, "after": ["fit"], "command": ["sleep", "0.02"]}],
 "loops": [{"name": "round", "sets": ["fit"], "stop": {"after": 1}, "at_most": 9}]}
JSON
succeeds execute side.json --run-dir side --json
json '.done == 9 and .failed == 0'
[ "$(awk '$1 == "set" { name[$2] = $3 } $1 == "start" { n[name[$2]]++ }
          END { print n["\"long\""], n["\"fit.1\""], n["\"fit.5\""], n["\"after\""] }' side/journal)" = "1 1 1 3" ] ||
  fail "side: $(grep -v '^set' side/journal | cut -c1-60)"
if [ "$(nproc)" -ge 2 ]; then            # of eight the last began before `long` had stopped
  [ "$(awk -F, '$1 == "long" { stop = $10 } $1 ~ /^(fit|after)/ { n++; last = $9 > last ? $9 : last }
                END { print n, last < stop }' side/timeline.csv)" = "8 1" ] ||
    fail "side: what was decided waited: $(cat side/timeline.csv)"
fi
succeeds import side --json

# Two tasks that say different numbers of what comes after each of them: the last one's holds, and what is too many is ended.
cat >two.json <<'JSON'
{"name": "two", "task_sets": [
  {"name": "propose", "tasks": 2, "cores": 1, "duration": 0.3, "command": ["sh", "-c",
   "sleep 0.$((1 + 3 * DAGCAST_TASK)); echo \"{\\\"tasks\\\": {\\\"evaluate\\\": $((6 - 4 * DAGCAST_TASK))}}\" >$DAGCAST_DECISION"]},
  {"name": "evaluate", "tasks": {"per": "propose", "distribution": "poisson", "mean": 2}, "duration": 0.3,
   "after": [{"set": "propose", "kind": "each"}], "command": ["sleep", "0.3"]},
  {"name": "end", "cores": 1, "duration": 0.02, "after": ["evaluate"], "command": ["true"]}]}
JSON
timeout -s KILL 20 "$DAGCAST" execute two.json --run-dir two --quiet >/dev/null 2>&1 || fail "two: exit status $?"
[ "$(grep -c '^decided' two/journal)" = 2 ] || fail "two that say different numbers: $(grep -c '^decided' two/journal) decisions"

# What cannot be understood stops the run, which says where; mended, it goes on.
jq '.task_sets[2].command = ["sh", "-c", "echo \"{\\\"continue\\\": maybe}\" >$DAGCAST_DECISION"]' w.json >bad.json
run execute bad.json --run-dir bad
[ "$status" -eq 2 ] && grep -q 'fit.1/0.0.decision' "$err" || fail "a bad decision: $status, $(cat "$err")"
echo '{"continue": false}' >bad/tasks/fit.1/0.0.decision
succeeds execute --resume bad --json
json '.done == 6'

# Cancellations: what runs is ended, what waits never starts, and what comes after them goes on; on slots that are too few.
cat >stop.json <<'JSON'
{"workflow": {"name": "stop", "task_sets": [
  {"name": "trial", "tasks": 3, "duration": 0.02},
  {"name": "best", "duration": 0.1, "after": ["trial"]},
  {"name": "rest", "tasks": 6, "cores": 2, "duration": 40, "after": ["trial"], "retries": 1},
  {"name": "good", "duration": 0.02, "after": ["best"], "cancels": ["rest"]},
  {"name": "report", "duration": 0.02, "after": ["good", "rest"]}],
 "loops": [{"name": "round", "sets": ["trial", "rest", "best", "good"], "decided_by": "good", "stop": {"after": 3}, "decision_time": 0.05}]},
 "platform": {"name": "p", "nodes": [{"name": "n", "cores": 5}]}}
JSON
ended() { awk -v s="$2" -v o="$3" '$1 == "set" { name[$2] = $3 } $1 == "end" { n += name[$2] ~ s && $5 == o } END { print n + 0 }' "$1"; }
succeeds execute stop.json --run-dir stop --json
json '.done == 16 and .failed == 0 and .stopped == 18 and .cancelled == 0'
[ "$(ended stop/journal rest cancelled)" -eq 6 ] || fail "not 3 x 2 tasks that ran were cancelled: $(cat stop/journal)"
measured=$(jq .makespan "$out")
succeeds simulate stop.json --replicas 1 --json
json ".makespan.mean | . > $measured * 0.1 and . < $measured"
succeeds validate stop -m ideal -r 4 --json
json '.sessions[0].predicted.mean / .sessions[0].measured | . > 0.1 and . < 1.1'   # starts on a loaded machine take long; 40 s uncancelled would be 20 x

succeeds watch stop --once
says '16 of 34 tasks done, 18 cancelled \| ended after'

# A task says at run time what is cancelled, in place of what the file says.
said() {                                 # TEXT SECONDS: what task `best` writes; how long `rest` takes
  jq -n --arg said "$1" --argjson rest "$2" '{name: "said", task_sets: [
    {name: "best", duration: 0.1, command: ["sh", "-c", "sleep 0.1; echo \"$0\" >$DAGCAST_DECISION", $said], cancels: ["other"]},
    {name: "rest", tasks: 4, duration: $rest, command: ["sleep", "\($rest)"]},
    {name: "other", tasks: 2, duration: 0.05, command: ["sleep", "0.05"], after: ["rest"]},
    {name: "report", duration: 0.02, after: ["best", "rest", "other"], command: ["true"]}]}'
}
said '{"cancel": ["rest"]}' 30 >said.json
succeeds execute said.json --run-dir said --json
json '.done == 4 and .stopped == 4 and .failed == 0 and .makespan < 25'
succeeds import said --json
succeeds validate said -m ideal -r 4 --json
json '.sessions[0].predicted.mean < 25'
said '{"cancel": []}' 0.1 >none.json
succeeds execute none.json --run-dir none --json
json '.done == 8 and .stopped == 0'
said '{}' 0.1 >file.json
succeeds execute file.json --run-dir file --json
json '.done == 6 and .stopped == 2'
said '{"cancel": ["rets"]}' 0.1 >wrong.json
run execute wrong.json --run-dir wrong
[ "$status" -eq 2 ] && grep -q "rets' is not a task set of the workflow" "$err" || fail "cancels an unknown set: $status, $(cat "$err")"

# A workflow that decides nothing at run time says that it does not listen; once.
echo '{"task_sets": [{"name": "a", "tasks": 3, "duration": 0.01, "command": ["sh", "-c", "echo {} >$DAGCAST_DECISION"]}]}' >plain.json
run execute plain.json --run-dir plain --json
[ "$status" -eq 0 ] && [ "$(grep -c 'has written a decision, but nothing of this workflow is decided' "$err")" -eq 1 ] ||
  fail "a decision that nobody hears: $status, $(cat "$err")"

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
# The same with cancellations: whatever instant it is, the rest is cancelled once, and nothing that is done is run again.
for round in $(seq 20); do
  dir=cut$round
  "$DAGCAST" execute stop.json --run-dir "$dir" >/dev/null 2>&1 &
  draw_instant 20 700
  sleep "$instant"
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
  [ $? -eq 137 ] && killed=$((killed + 1))
  [ -e "$dir/journal" ] || continue
  run execute --resume "$dir" --json
  [ "$status" -eq 0 ] || fail "cut $round: $(cat "$err")"
  json '.done == 16 and .failed == 0 and .stopped == 18 and .makespan < 38'
  [ "$(again "$dir/journal")" -eq 0 ] || fail "cut $round: tasks with a record were run again"
done
# And while a decision hands what runs on to the next segment.
for round in $(seq 8); do
  dir=hand$round
  "$DAGCAST" execute side.json --run-dir "$dir" >/dev/null 2>&1 &
  draw_instant 20 500
  sleep "$instant"
  kill -KILL $! 2>/dev/null
  wait $! 2>/dev/null
  [ $? -eq 137 ] && killed=$((killed + 1))
  [ -e "$dir/journal" ] || continue
  run execute --resume "$dir" --json
  [ "$status" -eq 0 ] || fail "hand $round: $(cat "$err")"
  json '.done == 9 and .failed == 0'
  [ "$(again "$dir/journal")" -eq 0 ] || fail "hand $round: tasks with a record were run again"
  [ "$(grep '^decided' "$dir/journal" | sort | uniq -d | wc -l)" -eq 0 ] || fail "hand $round: a decision is there twice"
done
[ "$killed" -ge 20 ] || fail "only $killed executors killed: this test tests nothing"
finish
