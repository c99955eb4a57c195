#!/bin/bash
# One mode in detail; walltime, failures, files; the closed forms.
. tests/cli/common.sh
workflow w.json
platform p.json

succeeds simulate w.json -p p.json -r 20 --mode pipelined
says '^Mode +pipelined'
says '^makespan: mean '
says '^queue \(waiting for slots\) '
succeeds simulate w.json -p p.json -r 20 --mode sequential --json
json '.mode == "sequential" and .makespan.mean > 0 and .replicas == 20 and .share_complete == 1'
sequential=$(jq .makespan.mean "$out")
succeeds compare w.json -p p.json -r 20 --json
json ".modes.sequential.makespan.mean == $sequential"

succeeds simulate w.json -p p.json -r 50 --walltime 30 --json
json '.share_in_time == 0 and .killed > 0 and .share_complete == 0'
succeeds simulate w.json -p p.json -r 50 --walltime 1h --json
json '.share_in_time == 1 and .killed == 0'

cat >f.json <<'JSON'
{"name": "f", "task_sets": [{"name": "a", "tasks": 40, "cores": 1, "duration": 10, "failure_probability": 0.5, "retries": 1},
                            {"name": "b", "tasks": 1, "cores": 1, "duration": 5, "after": ["a"]}]}
JSON
succeeds simulate f.json -p p.json -r 50 --json
json '.failed > 5 and .failed < 15 and .retries > 15 and .retries < 25 and .cancelled > 0.9 and .share_complete < 0.1'

succeeds simulate w.json -p p.json -r 1 --timeline t.csv --chrome-trace t.json
[ -s t.csv ] || fail "no t.csv"
jq -e . t.json >/dev/null || fail "t.json is not JSON"
jq -e '[.traceEvents[] | select(.ph == "X" and .cat == "task")] | length == '$(($(wc -l <t.csv) - 2)) t.json >/dev/null || fail "t.json has not a task for each row of t.csv"
refuses 'nowhere/t.json' simulate w.json -p p.json -r 1 --timeline late.csv --chrome-trace nowhere/t.json
[ ! -e late.csv ] || fail "a table stayed where the trace could not be written"

# Written while it runs: in two megabytes more than without, where a recorded timeline would take twenty.
peak() {                                 # TASKS ARGUMENTS: KiB
  jq -n --argjson n "$1" '{name: "many", task_sets: [{name: "a", tasks: $n, cores: 1, duration: {distribution: "exponential", mean: 9}}]}' >many.json
  /usr/bin/time -f %M "$DAGCAST" simulate many.json -p p.json -r 1 -q "${@:2}" 2>&1 >/dev/null
}
if [ -x /usr/bin/time ] && ! grep -q __asan_init "$DAGCAST"; then          # a sanitizer holds what was freed
  more=$(($(peak 200000 --timeline m.csv --chrome-trace m.json) - $(peak 200000)))
  [ "$more" -le 2048 ] || fail "two files of 200000 tasks take $more KiB"
  checks=$((checks + 1))
fi

succeeds model w.json -p p.json
says '^task set .* waves'
says 'makespan, closed form'
succeeds model w.json -p p.json --json
json '.sets.a | .tasks == 11 and .capacity == 4 and .waves == 3'
json '.modes.sequential.closed_form >= .modes.sequential.lower_bound'
json '.workflow.doa_dep == 1'

# Nothing may follow a full disk but a sentence.
"$DAGCAST" model w.json -p p.json >/dev/full 2>full.err
[ $? -eq 2 ] && grep -q 'standard output: No space left' full.err || fail "a full disk: $(cat full.err)"
# A reader who leaves is no mistake.
"$DAGCAST" list 2>pipe.err | head -n 1 >/dev/null
[ "${PIPESTATUS[0]}" -eq 0 ] && [ ! -s pipe.err ] || fail "a closed pipe: $(cat pipe.err)"

# Interrupted: says so, writes nothing.
"$DAGCAST" simulate w.json -p p.json -r 10000000 --timeline late.csv >int.out 2>int.err &
sleep 0.5
kill -INT $!
wait $!
[ $? -eq 130 ] && [ ! -s int.out ] && [ ! -e late.csv ] && grep -q interrupted int.err || fail "SIGINT: $(cat int.out int.err)"
checks=$((checks + 3))
# Under conservative backfilling a start on shares of devices may leave a reservation without nodes, and come back to it.
cat >shares.json <<'JSON'
{"workflow": {"name": "w", "task_sets": [
  {"name": "s34", "duration": 300},
  {"name": "s41", "tasks": 6, "ranks": 64, "cores": 4, "duration": 60, "priority": 1},
  {"name": "s50", "tasks": 5, "ranks": 99, "gpus": 0.5,
   "duration": {"distribution": "empirical", "values": [34.08, 66.55999999999999, 50.04, 114.24]}}]},
 "platform": {"name": "p", "slots": "cores", "nodes": [
  {"name": "k0", "count": 4, "cores": 5, "memory_mib": 1000}, {"name": "k1", "count": 64, "cores": 2},
  {"name": "k2", "count": 130, "cores": 4, "gpus": 2}], "failures": {"mtbf": 1000, "repair": 100}},
 "scheduler": "slurm"}
JSON
succeeds simulate shares.json -q --json
json '.makespan.min > 300'
finish
