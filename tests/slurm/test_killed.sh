#!/bin/bash
# The executor is killed at five instants and resumed each time: one completion record a task, none that is recorded runs again, and no step or
# process is left. Then the user interrupts, and then the allocation is taken away.
. tests/slurm/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 40, "cores": 4, "gpus": 1, "duration": 1, "command": ["sh", "-c", "echo 0 {task} >>ran; sleep 0.4"]},
  {"name": "b", "tasks": 40, "cores": 2, "duration": 1, "after": ["a"], "command": ["sh", "-c", "echo 1 {task} >>ran; sleep 0.4"]}]}
JSON
left_running() {                         # processes of the run besides the executor: those whose environment says so
  local id
  id=$(grep -aho '"run_id": *"[0-9a-f]*"' "$1"/*.json | grep -o '[0-9a-f]\{32\}')
  [ -n "$id" ] || fail "no run_id in $1"
  grep -lsa "DAGCAST_RUN=$id" /proc/[0-9]*/environ
}
wait_for_tasks() {
  for ((tenth = 0; tenth < 200; tenth++)); do
    [ -s ran ] && return
    sleep 0.1
  done
}
recorded() { sed -n 's/^end \([0-9]* [0-9]*\) [0-9]* ok .*/\1/p' "$1/journal" | sort; }

"$DAGCAST" execute w.json --backend slurm --run-dir r --quiet >/dev/null 2>first.err &
executor=$!
for instant in 0.3 0.7 0.5 0.6 0.9; do
  sleep $instant
  kill -KILL $executor 2>/dev/null || break
  wait $executor 2>/dev/null
  recorded r >before
  touch ran; mv ran ran.before                    # by what still runs, until it is ended
  "$DAGCAST" execute --resume r --quiet >/dev/null 2>resumed.err &
  executor=$!
  wait_for_tasks
  checks=$((checks + 1))
  touch ran
  [ -z "$(sort -u ran | comm -12 - before)" ] || fail "ran again although they were recorded: $(sort -u ran | comm -12 - before)"
  cp before recorded_once
done
wait $executor
status=$?
checks=$((checks + 5))
[ $status -eq 0 ] || fail "the resumed run ends with $status: $(cat resumed.err)"
[ "$(grep -c ',done,' r/timeline.csv)" -eq 80 ] || fail "$(grep -c ',done,' r/timeline.csv) tasks are done"
[ "$(recorded r | uniq -d | wc -l)" -eq 0 ] || fail "more than one completion record: $(recorded r | uniq -d)"
[ -z "$(sort -u ran | comm -12 - recorded_once)" ] || fail "ran again at last: $(sort -u ran | comm -12 - recorded_once)"
[ -z "$(left_running r)" ] || fail "left running: $(left_running r)"
no_steps

interrupted() {                          # FOLDER PATTERN: waits for the executor, which must say that it was interrupted
  wait $executor
  status=$?
  checks=$((checks + 3))
  [ $status -ne 0 ] || fail "$1: exit status 0"
  grep -qE "$2" err || fail "$1: no '$2' in $(cat err)"
  [ -z "$(left_running "$1")" ] || fail "$1: left running: $(left_running "$1")"
}
rm ran
"$DAGCAST" execute w.json --backend slurm --run-dir i --quiet >/dev/null 2>err &
executor=$!
wait_for_tasks
kill -INT $executor
interrupted i 'interrupted: [0-9]+ of 80 tasks are done, 0 have failed; go on with: dagcast execute --resume'
no_steps

rm ran
"$DAGCAST" execute w.json --backend slurm --run-dir gone --quiet >/dev/null 2>err &
executor=$!
wait_for_tasks
trap '' TERM HUP CONT                    # salloc tells its command that the allocation is over
scancel "$SLURM_JOB_ID"
interrupted gone 'the Slurm allocation [0-9]+ has ended|interrupted'
checks=$((checks + 1))
grep -q ' exit \| signal \| never' gone/journal && fail "ended with the allocation, yet recorded as failed: $(grep -v ' ok ' gone/journal | grep ^end)"
finish
