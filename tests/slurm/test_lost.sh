#!/bin/bash
# A node is drained, and then the tasks that still run on it are killed: they are started again on the others without using up retries, of
# which there are none.
. tests/slurm/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [{"name": "a", "tasks": 24, "cores": 8, "duration": 3, "command": ["sleep", "3"]}]}
JSON
on_node() {                              # NODE: processes of this run's tasks there
  local process
  for process in $(grep -lsa "DAGCAST_RUN=" /proc/[0-9]*/environ); do
    process=${process#/proc/} process=${process%/environ}
    tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -qx "SLURMD_NODENAME=$1" &&
      [ "$(cat "/proc/$process/comm" 2>/dev/null)" = sleep ] && echo "$process"
  done
}

"$DAGCAST" execute w.json --backend slurm --run-dir lost --quiet >out 2>err &
executor=$!
sleep 1
scontrol update nodename=n3 state=drain reason=test
for ((tenth = 0; tenth < 100; tenth++)); do
  grep -q 'node n3 is lost' err && break
  sleep 0.1
done
victims=$(on_node n3)
[ -z "$victims" ] || kill -KILL $victims
wait $executor
status=$?
checks=$((checks + 4))
[ -n "$victims" ] || fail "nothing ran on n3"
[ $status -eq 0 ] || fail "$status: $(cat err)"
grep -q '^end .* node_lost ' lost/journal || fail "no task was lost: $(grep '^end' lost/journal | head -3)"
[ "$(grep -c ',done,' lost/timeline.csv)" -eq 24 ] || fail "$(grep -c ',done,' lost/timeline.csv) tasks are done: $(cat err)"
no_steps
scontrol update nodename=n3 state=resume
finish
