#!/bin/bash
# A task that failed for good: EnTK's stages go on without it, `after` cancels what waits for it, and whoever says otherwise is heard;
# the simulator and the executor agree.
. tests/cli/common.sh
echo '{"name": "n", "nodes": [{"count": 1, "cores": 100}]}' >p.json
sets() {                                 # SET-FIELDS WORKFLOW-FIELDS of two sets of 100 tasks of 10 s, some of the first fail
  echo "{\"name\": \"w\", \"task_sets\": [{\"name\": \"s1\", \"tasks\": 100, \"duration\": 10, \"failure_probability\": 0.02$1},
    {\"name\": \"s2\", \"tasks\": 100, \"duration\": 10$2}]$3}"
}
results() {                              # FILE MAKESPAN CANCELLED OPTIONS: in the three modes
  local file=$1 makespan=$2 cancelled=$3
  shift 3
  for mode in sequential pipelined asynchronous; do
    succeeds simulate "$file" -p ./p.json -r 200 --mode "$mode" --json "$@"
    json ".makespan.mean == $makespan and .cancelled == $cancelled and .failed > 1 and .failed < 3"
  done
}
sets '' '' ', "stages": [["s1"], ["s2"]]' >stages.json
results stages.json 20 0                 # all of s2 done
sets '' ', "after": ["s1"]' ', "on_failure": "continue"' >after-continues.json
results after-continues.json 20 0
sets ', "on_failure": "continue"' ', "after": [{"set": "s1", "kind": "each"}]' '' >each-continues.json
results each-continues.json 20 0
sets '' ', "after": ["s1"]' '' >after.json
succeeds simulate after.json -p ./p.json -r 200 --json
json '.cancelled > 50 and .makespan.mean < 19'
sets '' '' ', "stages": [["s1"], ["s2"]], "on_failure": "cancel"' >stages-cancel.json
succeeds simulate stages-cancel.json -p ./p.json -r 200 --json
json '.cancelled > 50'
# The profile of EnTK continues where the workflow does not say.
succeeds simulate after.json -p ./p.json -r 200 --middleware radical-entk --json
json '.cancelled == 0'
sets '' ', "after": ["s1"]' ', "on_failure": "cancel"' >after-cancels.json
succeeds simulate after-cancels.json -p ./p.json -r 200 --middleware radical-entk --json
json '.cancelled > 50'
refuses 'on_failure: must be one of cancel, continue' simulate <(sets '' '' ', "on_failure": "ignore"') -p ./p.json
# What is written is read again as the same.
succeeds convert stages.json again.json --to workflow
results again.json 20 0

# The executor: one of two tasks of the first stage fails, the second stage runs or not.
real() {                                 # WORKFLOW-FIELDS
  echo "{\"name\": \"w\", \"task_sets\": [{\"name\": \"bad\", \"tasks\": 2, \"duration\": 0.1, \"command\": [\"false\"]},
    {\"name\": \"next\", \"tasks\": 3, \"duration\": 0.1, \"command\": [\"true\"]}], \"stages\": [[\"bad\"], [\"next\"]]$1}"
}
real '' >real.json
run execute real.json --run-dir run1 --json
checks=$((checks + 1))
[ "$(grep -c '^next,.*done' run1/timeline.csv)" -eq 3 ] || fail "the executor did not go on: $(cat "$err" run1/timeline.csv)"
real ', "on_failure": "cancel"' >real-cancel.json
run execute real-cancel.json --run-dir run2 --json
checks=$((checks + 1))
[ "$(grep -c '^next,.*cancelled' run2/timeline.csv)" -eq 3 ] || fail "the executor did not cancel: $(cat "$err" run2/timeline.csv)"
finish
