#!/bin/bash
# Shared rates, services and failures as one meets them: columns, counters, hatches, explanations, what-ifs, axes of studies.
. tests/cli/common.sh
examples=$source_dir/examples

# The CSV: 80 tasks read 20 GB each at 10 GB/s together, 160 s; it comes back as it was.
succeeds simulate $examples/shared_fs.json --replicas 1 --timeline t.csv --chrome-trace t.json
[ "$(head -1 t.csv | tr , '\n' | tail -1)" = phases ] || fail "the last column is $(head -1 t.csv)"
[ "$(grep -c '^simulate,.*move:scratch:0:160:19073.486328125:1430.51.*;compute::160:' t.csv)" -eq 80 ] || fail "not 80 tasks read for 160 s: $(sed -n 3p t.csv)"
succeeds convert t.csv again.csv
cmp t.csv again.csv || fail "the CSV does not come back"
sed 's/move:scratch:0:160/move:scratch:0:x/' t.csv >broken.csv
succeeds import broken.csv
says 'phases that cannot be read: imported up to the first of them  *80$'

# Counters: what a flow serves, integrated, is what was moved; never more than its rate.
integral() {                             # NAME UNIT FILE: of a counter over its steps
  jq --arg name "$1" --arg unit "$2" '[.traceEvents[] | select(.ph == "C" and .name == $name)] | . as $e
    | reduce range(1; length) as $i (0; . + $e[$i - 1].args[$unit] * ($e[$i].ts - $e[$i - 1].ts) / 1e6)' "$3"
}
awk -v i="$(integral 'scratch [MiB/s]' MiB/s t.json)" 'BEGIN { exit !(i > 1907347 && i < 1907350) }' || fail "scratch moved $(integral 'scratch [MiB/s]' MiB/s t.json) MiB"
jq -e '[.traceEvents[] | select(.ph == "C" and .name == "scratch [MiB/s]") | .args[]] | max < 9536.744' t.json >"$out" || fail "above its rate"
jq -e '[.traceEvents[] | select(.ph == "C" and .name == "nvme [MiB/s]") | .pid] | unique | length == 16' t.json >"$out" || fail "not 16 nodes' disks"
succeeds simulate $examples/service.json --replicas 1 --chrome-trace s.json
awk -v i="$(integral 'llm [requests/s]' requests/s s.json)" 'BEGIN { exit !(i > 127.999 && i < 128.001) }' || fail "not 128 requests"

# Hatches.
if type gnuplot >/dev/null 2>&1; then
  for case in shared_fs:'moves data' service:'a service loads' failures:'lost: failed'; do
    succeeds plot gantt $examples/${case%%:*}.json --mode asynchronous --output g.svg
    grep -q "${case#*:}" g.svg || fail "${case%%:*}: no '${case#*:}' in the legend"
  done
fi
succeeds simulate $examples/failures.json --replicas 2 --report page.html
grep -q '"phases"\],' page.html || fail "no phases in the page"

# Explanations and what-ifs.
succeeds explain $examples/shared_fs.json --replicas 4
says 'waiting for a shared rate, to move data of simulate'
says 'moving data of analyse'
says 'unbounded file systems'
succeeds explain $examples/service.json --replicas 1 --json
json '.what_if.worlds.unbounded_services.makespan < 2'
succeeds explain $examples/service.json --replicas 1
says 'waiting for the service llm'
says 'services ready and idle'
succeeds explain $examples/failures.json --replicas 4
says 'saving checkpoints of solve'
says 'no failures of nodes'
jq '. + {walltime: "1h", jobs: 2, queue_wait: 600}' $examples/service.json >queued.json
succeeds explain queued.json --replicas 1
says 'no queue'

# Where a task's time goes: two share 10 MiB/s, each moves 100 MiB in and out; a request of 7 s; three checkpoints of 2 s in 100 s.
one() { echo '{"workflow": {"name": "w", "task_sets": ['"$1"']}, "platform": {"name": "p", "scheduler": "slurm",
  "nodes": [{"count": 1, "cores": 4}], "flows": [{"name": "fs", "rate": 10}]}}' >times.json; succeeds simulate times.json --replicas 1; }
one '{"name": "a", "tasks": 2, "duration": 100, "input": {"flow": "fs", "amount": 100}, "output": {"flow": "fs", "amount": 100, "staging": "outside"}}'
says '^transfers +40\.00$'
absent '^(requests|checkpoints) ' "$out" "rows for what the workflow does not have"
one '{"name": "s", "service": {"rate": 1}}, {"name": "a", "phases": [{"compute": 3}, {"flow": "s", "amount": 7}]}'
says '^requests +3\.50$'                 # the mean of both tasks
one '{"name": "a", "duration": 100, "checkpoint": {"interval": 30, "cost": 2}}'
says '^checkpoints +6\.00$'
one '{"name": "a", "duration": 100}'
absent '^(transfers|requests|checkpoints) ' "$out" "rows for what the workflow does not have"

# Axes.
for part in workflow platform; do jq ".$part" $examples/shared_fs.json >fs_$part.json; jq ".$part" $examples/failures.json >f_$part.json; jq ".$part" $examples/service.json >s_$part.json; done
study() { jq -n --argjson grid "$2" '{name: "s", workflow: "'$1'_workflow.json", platform: "'$1'_platform.json", replicas: 2, walltime: "10h", grid: $grid}' >study.json; rm -f st.sqlite; succeeds sweep study.json --store st.sqlite --json; }
study fs '{"flow_rate.scratch": [5000, 10000], "flow_rate": [1000]}'       # the one overrides the other
json '[.rows[].makespan_s] | length == 2 and .[0] > .[1]'
study s '{"service_rate.llm": [1, 2], "service_ready": [0, "30s"], "queue_wait": [0, "10m"]}'
json '[.rows[] | select(.["service_rate.llm"] == 1 and .queue_wait == 0) | .makespan_s] | length == 2 and (.[1] - .[0] - 29.4 | fabs < 0.01)'
study f '{"mtbf": ["50h", "5000h"], "repair": ["1h"], "checkpoint_interval.solve": ["10m", 3600], "checkpoint_cost": [10]}'
json '[.rows[].makespan_s] | length == 4 and every(. > 0)'
jq '.grid = {"flow_rate.none": [1]}' study.json >wrong.json
succeeds sweep wrong.json --store w.sqlite
says 'flow_rate.none: platform sixty-four has no such flow'
# A service whose clients turn out to be none is over at once; where clients keep it out, that is said in one paragraph.
echo '{"name": "s", "task_sets": [{"name": "llm", "service": {"rate": 2, "ready": 5}},
  {"name": "ask", "tasks": {"distribution": "constant", "value": 0}, "phases": [{"flow": "llm", "amount": 4}]}]}' >nobody.json
succeeds simulate nobody.json -p summit -n 1 -r 3 --json
json '.share_complete == 1 and .killed == 0 and .makespan.mean == 0'
echo '{"name": "s", "task_sets": [{"name": "ask", "cores": 1, "tasks": 400, "phases": [{"flow": "llm", "amount": 4}]},
  {"name": "first", "duration": 1}, {"name": "llm", "cores": 2, "service": {"rate": 2}, "after": ["first"]}]}' >kept_out.json
echo '{"name": "t", "nodes": [{"count": 1, "cores": 2}]}' >tiny.json
run simulate kept_out.json -p tiny.json -r 2
says 'whole workflow\. A run ends when clients hold all the slots'
absent '\\n' "$out" "a line feed is written out"
# So where clients wait behind a task that needs the service's slots, however long the scheduler looks for what overtakes it.
echo '{"name": "s", "task_sets": [{"name": "llm", "service": {"rate": 2, "ready": 3}}, {"name": "wide", "cores": 2, "duration": 1},
  {"name": "ask", "duration": 5, "phases": [{"compute": "duration"}, {"flow": "llm", "amount": 4}]}]}' >behind.json
for overtake in none 'conservative --overtake-every 30'; do
    succeeds simulate behind.json -p tiny.json --overtake $overtake --json
    json '.share_complete == 0 and .cancelled == 2 and .session.mean == 3'
done
run simulate behind.json -p tiny.json --overtake none
says "service needs, or wait behind a task that needs the service's: use more nodes"

finish
