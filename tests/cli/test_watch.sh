#!/bin/bash
# Runs that are under way: a folder that is executed, one whose executor was killed, a trace that grows with and without its workflow.
. tests/cli/common.sh

cat >w.json <<'W'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 30, "cores": 2, "duration": {"distribution": "normal", "mean": 2.4, "sd": 0.3}},
  {"name": "b", "tasks": 8, "cores": 4, "duration": 1.5, "after": ["a"]}]}
W
echo '{"name": "p", "nodes": [{"count": 1, "cores": 40}]}' >p.json
"$DAGCAST" execute w.json -p p.json --run-dir run1 --quiet >/dev/null 2>&1 &
executor=$!
for _ in $(seq 400); do [ -s run1/journal ] && grep -q '^start' run1/journal && break; sleep 0.05; done
succeeds watch run1 --once --json
json '.state == "running" and .knows_plan and .tasks.done + .tasks.running + .tasks.to_come == 38 and .tasks.running > 0'
json '.left.interval95[0] <= .left.mean and .left.mean <= .left.interval95[1] and .left.mean > 0.9 and .left.mean < 30'
json '.next_start.set == "b"'
succeeds watch run1 --once --walltime 1h
says '^0:00:[0-9]{2}  [0-9]+ of 38 tasks done, [0-9]+ running.* \| ends in 0:00:[0-9]{2} \(95 %: .* \| in time: 100 % \| next: b starts in'
succeeds watch run1 --json --interval 0.3                       # until it ends
wait "$executor" || fail "the executor failed"
[ "$(wc -l <"$out")" -ge 3 ] || fail "few lines: $(cat "$out")"
jq -es "$every"'(.[:-1] | every(.state == "running")) and .[-1].state == "ended" and .[-1].tasks.done == 38' "$out" >/dev/null || fail "$(cat "$out")"
# The forecasts on the way, against what happened: the middle one, since a processor that others use makes a single one late.
jq -es '(.[-1].makespan) as $m | map(.makespan) | sort | (.[length / 2 | floor] - $m) / $m | fabs < 0.4' "$out" >/dev/null || fail "far off: $(jq -c .makespan "$out")"
succeeds watch run1
says '^0:00:[0-9]{2}  38 of 38 tasks done \| ended after 0:00:[0-9]{2}$'
cp "$out" first
succeeds watch run1
cmp -s first "$out" || fail 'two looks at one end differ'

# Its executor is killed: the run has stopped, and what it did is known.
"$DAGCAST" execute w.json -p p.json --run-dir run2 --quiet >/dev/null 2>&1 &
executor=$!
for _ in $(seq 400); do [ -s run2/journal ] && grep -q '^end' run2/journal && break; sleep 0.05; done
kill -KILL "$executor"
wait "$executor" 2>/dev/null
succeeds watch run2
says 'tasks done.* \| stopped: [0-9]+ tasks are not over, and nothing writes to it$'

# A Nextflow trace holds what has ended. The workflow tells the rest.
trace() {                                # ROWS: the first so many
  printf 'task_id\thash\tnative_id\tname\tstatus\texit\tsubmit\tstart\tcomplete\tduration\trealtime\tcpus\n'
  for ((i = 0; i < $1; i++)); do
    printf '%d\ta/%d\t%d\talign (%d)\tCOMPLETED\t0\t%d\t%d\t%d\t%ds\t%ds\t4\n' "$((i + 1))" "$i" "$i" "$i" 1700000000000 \
      "$((1700000000000 + i / 4 * 60000))" "$((1700000000000 + i / 4 * 60000 + 60000))" 60 60
  done
}
echo '{"name": "n", "task_sets": [{"name": "align", "tasks": 16, "cores": 4, "duration": 50}, {"name": "call", "tasks": 1, "cores": 4, "duration": 100,
       "after": ["align"]}]}' >n.json
trace 8 >trace.txt
succeeds watch trace.txt --once
says 'of the tasks seen so far; --workflow tells of the others$|ended|stopped'
touch -d '1 hour ago' trace.txt
succeeds watch trace.txt --workflow n.json --json
json '.state == "stopped" and .tasks.done == 8 and .tasks.to_come == 9'
json '.left.mean > 150 and .left.mean < 400'                     # 2 waves of 60 s (learned: not 50) and 100 to 120 s
trace 16 >trace.txt
touch -d '1 hour ago' trace.txt
succeeds watch trace.txt --workflow n.json --json
json '.tasks.done == 16 and .tasks.to_come == 1 and .left.mean > 95 and .left.mean < 135'
echo '{"name": "n", "task_sets": [{"name": "other", "tasks": 3, "cores": 1, "duration": 50}]}' >wrong.json
refuses "^dagcast watch: .*its task set 'align' \(16 tasks\) is not in the workflow" watch trace.txt --workflow wrong.json

refuses 'No such file|no such' watch nowhere
refuses 'must be sequential, pipelined or asynchronous' watch run1 --mode seq
refuses 'none is named' watch run1 --middleware radical-etnk
echo 'no trace' >junk.txt
refuses '^dagcast watch: ' watch junk.txt
mkdir empty
refuses '^dagcast watch: ' watch empty
finish
