#!/bin/bash
# A node is drained while tasks run: these end as they would, nothing more is started there, one sentence says so. Where no node is left the
# run stops. A node that goes down takes the whole allocation with it, as Slurm has it: nothing that this has ended counts as failed.
. tests/slurm/common.sh

cat >w.json <<'JSON'
{"name": "w", "task_sets": [{"name": "a", "tasks": 60, "cores": 8, "duration": 1, "retries": 2, "command": ["sleep", "1"]}]}
JSON
run_while() {                            # FOLDER STATE NODES: the state of the nodes changes after a second
  "$DAGCAST" execute w.json --backend slurm --run-dir "$1" --quiet >out 2>err &
  local executor=$!
  sleep 1.5
  scontrol update "nodename=$3" "state=$2" reason=test
  wait $executor
  status=$?
  checks=$((checks + 1))
}
starts_on() { awk -F, -v node="$2" 'NR > 1 && $4 == "done" && $13 == node { n++ } END { print n + 0 }' "$1/timeline.csv"; }

run_while drained drain n3
[ $status -eq 0 ] || fail "drained: $status: $(cat err)"
checks=$((checks + 3))
[ "$(cat err)" = 'dagcast execute: node n3 is lost: nothing more is started there' ] || fail "drained: $(cat err)"
[ "$(grep -c ',done,' drained/timeline.csv)" -eq 60 ] || fail "drained: not all are done"
[ "$(starts_on drained n3)" -lt "$(starts_on drained n1)" ] || fail "drained: $(starts_on drained n3) tasks on n3, $(starts_on drained n1) on n1"
scontrol update nodename=n3 state=resume

run_while none drain 'n[1-4]'
[ $status -ne 0 ] || fail "no node left: exit status 0"
checks=$((checks + 1))
grep -qE 'nothing that was done is lost .*: [0-9]+ tasks wait, and no node is left that can hold one of them' err || fail "none: $(cat err)"
no_steps
scontrol update 'nodename=n[1-4]' state=resume

trap '' TERM HUP CONT                    # salloc tells its command that the allocation is over
run_while down down n2
[ $status -ne 0 ] || fail "down: exit status 0"
checks=$((checks + 1))
grep -q 'the Slurm allocation [0-9]* has ended' err || fail "down: $(cat err)"
absent ' exit | signal | never' down/journal "down: failures"
finish
