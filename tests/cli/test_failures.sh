#!/bin/bash
# Failures of nodes and checkpoints: a billion checkpoints cost no time, and advice takes one session, not jobs of none.
. tests/cli/common.sh

echo '{"workflow": {"name": "w", "task_sets": [{"name": "a", "tasks": 4, "duration": 1e6, "checkpoint": {"interval": 0.001}}]},
  "platform": {"name": "p", "nodes": [{"count": 2, "cores": 8}], "failures": {"mtbf": 50000, "repair": 5}}}' >s.json
began_s=$SECONDS
succeeds simulate s.json -r 40 --json
json '.makespan.mean > 1e6 and .makespan.mean < 1e6 + 1000'      # some 40 repairs of 5 s, and what was computed since a millisecond
[ $((SECONDS - began_s)) -lt 20 ] || fail "a short interval takes $((SECONDS - began_s)) s"

jq '.workflow.task_sets[0] += {duration: 20, tasks: 40, checkpoint: {interval: 2, cost: 0.5}} | . += {walltime: 70, jobs: 40, queue_wait: 7}
  | .platform.failures.mtbf = 30' s.json >jobs.json
succeeds advise jobs.json -n 1,2 -r 80 --verbose
says 'Failures of nodes cost'
says 'Tasks of a save every 2 s; best is every'
succeeds advise jobs.json -n 1,2 -r 80
says '^Failures +cost [0-9.]+ s \([0-9.]+ %\) of a mean session of [0-9.]+ s$'
says '^Checkpoints +of a: every 2 s, best every [0-9]+ s$'
finish
