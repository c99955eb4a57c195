#!/bin/bash
# A node is set down, and then the slurmd of another is killed, in an allocation that outlives its nodes
# (--no-kill): what ran there runs again elsewhere without using up retries, of which there are none, and
# steps that Slurm would let wait for ever start on the nodes that are left.
ALLOCATION="--no-kill --nodes=4 --exclusive --gres=gpu:4"
. tests/slurm/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [{"name": "a", "tasks": 40, "cores": 8, "duration": 1,
                             "command": ["sleep", "1"]}]}
JSON
run_while() {                            # FOLDER COMMAND...: after two seconds
  local folder=$1
  shift
  timeout 120 "$DAGCAST" execute w.json --backend slurm --run-dir "$folder" --quiet >out 2>err &
  local executor=$!
  sleep 2
  "$@"
  wait $executor
  status=$?
  checks=$((checks + 4))
  [ $status -eq 0 ] || fail "$folder: $status: $(cat err)"
  [ "$(grep -c ',done,' "$folder/timeline.csv")" -eq 40 ] || fail "$folder: not all are done: $(cat err)"
  grep -q '^end .* node_lost ' "$folder/journal" || fail "$folder: no task was lost"
  grep '^end' "$folder/journal" | grep -qv ' ok \| node_lost ' &&
    fail "$folder: failures: $(grep '^end' "$folder/journal" | grep -v ' ok ')"
  no_steps
}
slurmd_of() {                            # NUMBER: its process
  grep ' slurmd$' "${SLURM_CONF%/etc/slurm.conf}/pids" | sed -n "$1s/ .*//p"
}

trap '' TERM HUP CONT                    # salloc tells its command that a node has failed
run_while killed kill -KILL "$(slurmd_of 3)"
grep -q 'node n3 is lost: nothing more is started there' err || fail "killed: $(cat err)"
run_while down scontrol update nodename=n2 state=down reason=test
grep -q 'node n2 is lost: nothing more is started there' err || fail "down: $(cat err)"
finish
