#!/bin/bash
# The executor is killed at 20 random instants and resumed each time: one completion record a task, none that is recorded runs again, and no
# step or process is left. Then the user interrupts, and then the allocation is taken away.
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
begin() {                                # OPTIONS: an executor, in the background
  touch ran
  mv ran ran.earlier                     # what still runs of an executor that was killed may yet write a line there, of a task without a record
  "$DAGCAST" execute "$@" --quiet >/dev/null 2>err &
  executor=$!
}
begins() { cat $run/journal 2>/dev/null | grep -c '^begin '; }
wait_until_begun() {                     # BEGINS so far: by the executor that was started last: what an earlier one had left is gone, tasks are started
  local before=$1
  for ((tenth = 0; tenth < 200 && $(begins) + 0 <= before; tenth++)); do
    kill -0 $executor 2>/dev/null || return
    sleep 0.1
  done
}
none_again() {                           # what the executor has started, none of which was recorded when it began
  touch ran
  checks=$((checks + 1))
  [ -z "$(sort -u ran | comm -12 - recorded_before)" ] || fail "$run: ran again although they were recorded: $(sort -u ran | comm -12 - recorded_before)"
}
completed() {                            # STATUS: the run has come to its end, after all that was done to it
  local status=$1
  checks=$((checks + 5))
  [ $status -eq 0 ] || fail "$run: ends with $status: $(cat err)"
  [ "$(grep -c ',done,' $run/timeline.csv)" -eq 80 ] || fail "$run: $(grep -c ',done,' $run/timeline.csv) tasks are done"
  [ "$(recorded $run | sort -u | wc -l)" -eq 80 ] || fail "$run: a task has no completion record"
  [ -z "$(recorded $run | uniq -d)" ] || fail "$run: more than one completion record: $(recorded $run | uniq -d)"
  [ -z "$(left_running $run)" ] || fail "$run: left running: $(left_running $run)"
  none_again
  no_steps
}

seeded
runs=1 run=r1 begun=0 midway=0                   # midway: kills when something was recorded and something ran
touch recorded_before
begin w.json --backend slurm --run-dir r1
for ((killed = 0; killed < 20;)); do
  [ $((killed % 2)) -eq 0 ] || wait_until_begun $begun
  draw_instant 50 1500
  sleep "$instant"
  kill -KILL $executor 2>/dev/null
  wait $executor 2>/dev/null
  ended_with=$?
  if [ $ended_with -eq 137 ]; then
    killed=$((killed + 1))
    [ -e $run/journal ] && [ -n "$(recorded $run)" ] && [ -n "$(left_running $run)" ] && midway=$((midway + 1))
    none_again
  else                                   # it had done all; the next one begins
    completed $ended_with
    runs=$((runs + 1)) run=r$runs
  fi
  begun=$(begins)
  if [ -e $run/journal ]; then
    recorded $run >recorded_before
    begin --resume $run
  else                                   # killed before there was a run
    rm -rf $run
    : >recorded_before
    begin w.json --backend slurm --run-dir $run
  fi
done
wait $executor
completed $?
echo "$killed executors killed, $midway midway, in $runs runs"
[ $midway -ge 5 ] || fail "only $midway kills came midway: this test tests nothing"

interrupted() {                          # FOLDER PATTERN: waits for the executor, which must say that it was interrupted
  wait $executor
  status=$?
  checks=$((checks + 3))
  [ $status -ne 0 ] || fail "$1: exit status 0"
  grep -qE "$2" err || fail "$1: no '$2' in $(cat err)"
  [ -z "$(left_running "$1")" ] || fail "$1: left running: $(left_running "$1")"
}
begin w.json --backend slurm --run-dir i
wait_for_tasks
kill -INT $executor
interrupted i 'interrupted: [0-9]+ of 80 tasks are done, 0 have failed; go on with: dagcast execute --resume'
no_steps

begin w.json --backend slurm --run-dir gone
wait_for_tasks
trap '' TERM HUP CONT                    # salloc tells its command that the allocation is over
scancel "$SLURM_JOB_ID"
interrupted gone 'the Slurm allocation [0-9]+ has ended|interrupted'
absent ' exit | signal | never' gone/journal "ended with the allocation, yet recorded as failed"
finish
