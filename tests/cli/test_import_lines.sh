#!/bin/bash
# Records of one JSON object a line (Flux, Colmena, RHAPSODY and AsyncFlow) and of one line a job (SWF), each beside a count of its own.
. tests/cli/common.sh
. "$source_dir/tests/cli/totals.sh"

# Flux: `flux jobs -a --json`.
cat >flux.json <<'JSON'
{"jobs": [
 {"id": 1000, "name": "sim", "ntasks": 4, "nnodes": 2, "ncores": 8, "t_submit": 1700000000.5, "t_depend": 1700000000.6,
  "t_run": 1700000001.5, "t_cleanup": 1700000011.75, "t_inactive": 1700000012.0, "result": "COMPLETED", "nodelist": "n[1-2]", "queue": "batch"},
 {"id": "f2Kn", "name": "sim", "ntasks": 4, "nnodes": 2, "ncores": 8, "t_submit": 1700000000.6, "t_run": 1700000002.5,
  "t_cleanup": 1700000010.0, "t_inactive": 1700000010.5, "result": "FAILED", "nodelist": "n[1-2]"},
 {"id": "f2Ko", "name": "train", "ntasks": 1, "nnodes": 1, "ncores": 3, "t_submit": 1700000020.0, "t_run": 1700000020.5,
  "t_cleanup": 1700000030.5, "t_inactive": 1700000031.0, "result": "TIMEOUT", "nodelist": "n1"},
 {"id": "f2Kp", "name": "never", "ntasks": 1, "nnodes": 1, "ncores": 3, "t_submit": 1700000020.0, "t_inactive": 1700000022.0, "result": "CANCELED"}]}
JSON
totals "$(jq -r '[.jobs[] | select(.t_run and .t_cleanup)] as $r | [(.jobs | length), ([$r[].t_cleanup] | max) - ([$r[].t_run] | min),
  ([$r[] | (.t_cleanup - .t_run) * .ncores] | add)] | join(" ")' flux.json)" flux.json
json '.importer == "flux" and .tasks.done == 1 and .tasks.failed == 1 and .tasks.killed == 1 and .tasks.cancelled == 1'
json '.platform.nodes == 2 and ([.sets[] | select(.set == "sim")][0] | .ranks == 2 and .cores == 4)'
json '[.missing[] | select(.why | test("no GPUs are in"))][0].count == 4'
goes_round flux.json

# Flux: eventlogs one after the other, with the jobspec and R of each.
cat >flux.jsonl <<'JSON'
{"timestamp":1700000000.5,"name":"submit","context":{"userid":1,"urgency":16,"flags":0,"version":1}}
{"timestamp":1700000000.6,"name":"depend"}
{"timestamp":1700000001.0,"name":"alloc"}
{"timestamp":1700000001.5,"name":"start"}
{"timestamp":1700000011.5,"name":"finish","context":{"status":0}}
{"timestamp":1700000011.6,"name":"release","context":{"ranks":"all","final":true}}
{"timestamp":1700000011.7,"name":"free"}
{"timestamp":1700000011.8,"name":"clean"}
{"resources":[],"tasks":[{"command":["/opt/bin/sim","-n"],"slot":"task","count":{"per_slot":1}}],"attributes":{"system":{"duration":0}},"version":1}
{"version":1,"execution":{"R_lite":[{"rank":"0-1","children":{"core":"0-3,5","gpu":"0-1"}}],"nodelist":["n[1-2]"],"starttime":1,"expiration":2}}
{"timestamp":1700000002.0,"name":"submit","context":{}}
{"timestamp":1700000003.0,"name":"start"}
{"timestamp":1700000005.25,"name":"exception","context":{"type":"cancel","severity":0,"note":""}}
{"timestamp":1700000005.5,"name":"finish","context":{"status":15}}
{"version":1,"execution":{"R_lite":[{"rank":"1","children":{"core":"6"}}],"nodelist":["n2"]}}
{"timestamp":17000000
JSON
totals "$(grep -v '17000000$' flux.jsonl | jq -rs '
  reduce .[] as $e ([]; if $e.name == "submit" then . + [{}] elif $e.name == "start" then .[-1].s = $e.timestamp
    elif $e.name == "finish" then .[-1].e = $e.timestamp elif $e.execution then .[-1].c = ([$e.execution.R_lite[] |
    (if .rank == "0-1" then 2 else 1 end) * (if .children.core == "6" then 1 else 5 end)] | add) else . end) |
  [length, ([.[].e] | max) - ([.[].s] | min), ([.[] | (.e - .s) * .c] | add)] | join(" ")')" flux.jsonl
json '.importer == "flux" and .tasks.killed == 1 and .busy_gpu_s == 40 and ([.sets[] | select(.set == "sim")] | length == 1)'
json '[.missing[] | select(.why | test("torn"))][0].count == 1'
echo '{"timestamp":1,"name":"start"}' >none.jsonl
refuses 'expected what .flux jobs --json. prints' import none.jsonl --from flux

# Colmena: times in "timestamp", and as before 2023 beside everything else; Python writes NaN.
cat >colmena.jsonl <<'JSON'
{"task_id": "a", "method": "simulate", "success": true, "value": NaN, "task_info": {}, "resources": {"node_count": 1, "cpu_processes": 2, "cpu_threads": 3}, "worker_info": {"hostname": "n1"}, "timestamp": {"created": 1700000000.0, "input_received": 1700000000.25, "compute_started": 1700000001.0, "compute_ended": 1700000004.5, "result_sent": 1700000004.75, "result_received": 1700000005.0, "task_received": NaN}, "time": {"running": 3.4}}
{"task_id": "b", "method": "simulate", "success": false, "task_info": {}, "resources": {"node_count": 1, "cpu_processes": 2, "cpu_threads": 3}, "worker_info": {"hostname": "n1"}, "timestamp": {"created": 1700000000.0, "compute_started": 1700000001.0, "compute_ended": 1700000003.0}}
{"method": "train", "success": true, "task_info": {}, "time_created": 1700000005.5, "time_input_received": 1700000005.6, "time_compute_started": 1700000006.0, "time_result_sent": 1700000009.0, "time_running": 2.5, "worker_info": null}
not JSON
JSON
totals "$(grep -v '^not' colmena.jsonl | sed 's/NaN/null/g' | jq -rs '[.[] | {s: (.timestamp.compute_started // .time_compute_started),
  d: (if .timestamp then .timestamp.compute_ended - .timestamp.compute_started else .time_running end),
  c: ((.resources.cpu_processes // 1) * (.resources.cpu_threads // 1))}] |
  [length, ([.[] | .s + .d] | max) - ([.[].s] | min), ([.[] | .d * .c] | add)] | join(" ")')" colmena.jsonl
json '.importer == "colmena" and .tasks.done == 2 and .tasks.failed == 1 and ([.sets[].set] == ["simulate", "train"])'
json '[.missing[] | select(.why | test("no GPUs"))] | length == 1'
goes_round colmena.jsonl
cp colmena.jsonl results.json            # called so by Colmena itself: no JSON document, but an object a line
succeeds plot gantt results.json -o results.svg

# RHAPSODY and AsyncFlow: metrics and other sessions are passed over, a duration stands for a lost start.
cat >tel.jsonl <<'JSON'
{"section": "event", "event_type": "SessionStarted", "event_time": 1700000000.0, "session_id": "s1", "backend": "x", "task_id": null}
{"event_type": "TaskCreated", "event_time": 1700000001.0, "session_id": "s1", "task_id": "task.1", "attributes": {"executable": "/bin/sim", "task_type": "executable"}}
{"event_type": "asyncflow.TaskResolved", "event_time": 1700000001.1, "session_id": "s1", "task_id": "task.1"}
{"event_type": "TaskSubmitted", "event_time": 1700000001.2, "session_id": "s1", "task_id": "task.1", "backend": "dask"}
{"event_type": "TaskStarted", "event_time": 1700000002.0, "session_id": "s1", "task_id": "task.1", "node_id": "n1"}
{"event_type": "TaskCompleted", "event_time": 1700000012.5, "session_id": "s1", "task_id": "task.1", "duration_seconds": 10.5}
{"event_type": "TaskCreated", "event_time": 1700000001.0, "session_id": "s1", "task_id": "task.2", "attributes": {"executable": "/bin/sim"}}
{"event_type": "TaskFailed", "event_time": 1700000009.0, "session_id": "s1", "task_id": "task.2", "duration_seconds": 3.0}
{"event_type": "TaskCreated", "event_time": 1700000012.6, "session_id": "s1", "task_id": "task.3", "attributes": {"executable": "/bin/train", "dependencies": ["task.1"]}}
{"event_type": "TaskCanceled", "event_time": 1700000013.0, "session_id": "s1", "task_id": "task.3"}
{"section": "metric", "name": "cpu", "value": 1}
{"event_type": "TaskCreated", "event_time": 1700000001.0, "session_id": "s2", "task_id": "task.1"}
{"event_type": "SessionEnded", "event_time": 1700000014.0, "session_id": "s1"}
JSON
totals "$(jq -rs '[.[] | select(.session_id == "s1" and .task_id)] | group_by(.task_id) | [.[] | {e: ([.[] | select(.duration_seconds)][0])}] |
  [length, ([.[].e | select(.) | .event_time] | max) - ([.[].e | select(.) | .event_time - .duration_seconds] | min),
   ([.[].e | select(.) | .duration_seconds] | add)] | join(" ")' tel.jsonl)" tel.jsonl
json '.importer == "rhapsody" and .tasks.done == 1 and .tasks.failed == 1 and .tasks.cancelled == 1 and .session_end_s == 14 and .first_start_s == 2'
json '[.sets[] | select(.set == "train")][0].after == "sim"'
json '[.missing[] | select(.why | test("another session"))][0].count == 1'
json '[.missing[] | select(.why | test("no cores are recorded"))][0].count == 3'
totals "3 10.5 13.5" tel.jsonl --from asyncflow
goes_round tel.jsonl

# SWF: 18 numbers a job.
cat >log.swf <<'SWF'
; Version: 2.2
; MaxNodes: 4
; MaxProcs: 16
; UnixStartTime: 847807206
1 0 5 100.5 4 -1 -1 4 200 -1 1 3 1 7 1 1 -1 -1
2 10 0 50 2 -1 -1 2 -1 1024 1 3 1 7 1 1 -1 -1
3 160 10 30 8 -1 -1 8 -1 -1 0 3 1 8 1 1 1 20
4 170 -1 -1 8 -1 -1 8 -1 -1 5 3 1 8 1 1 -1 -1
5 170 3 20 8 -1 -1 8 -1 -1 5 3 1 8 1 1 -1 -1
5 170 3 11 8 -1 -1 8 -1 -1 2 3 1 8 1 1 -1 -1
6 1 2 x
SWF
totals "$(awk '!/^;/ && NF == 18 && ($11 < 2 || $11 > 4) { n++; if ($4 < 0) next
  s = $2 + $3; e = s + $4; if (!first || s < first) first = s; if (e > last) last = e; busy += $4 * $5 } END { print n, last - first, busy }' log.swf)" log.swf
json '.importer == "swf" and .platform.nodes == 4 and .platform.slots_per_node == 4'
json '.tasks.done == 2 and .tasks.failed == 1 and .tasks.killed == 1 and .tasks.cancelled == 1'
json '[.sets[] | select(.after == "app7.level0")] | length == 1 and .[0].set == "app8.level1"'
json '[.missing[].why | select(test("swapped out|torn|think time"))] | length == 3'
goes_round log.swf without
refuses 'expected jobs of 18 numbers' import flux.json --from swf

# As editors and shells of other systems save it: a byte order mark and CRLF, or UTF-16.
for file in flux.json flux.jsonl colmena.jsonl tel.jsonl log.swf; do
  succeeds import $file --json
  jq -c '[.tasks, .makespan_s, .busy_core_s]' "$out" >plain.json
  { printf '\xef\xbb\xbf'; sed 's/$/\r/' $file; } >marked.${file##*.}
  succeeds import marked.${file##*.} --json
  jq -c '[.tasks, .makespan_s, .busy_core_s]' "$out" | cmp - plain.json || fail "$file with a mark and CRLF is read otherwise"
  iconv -f utf-8 -t utf-16 $file >wide.${file##*.}
  succeeds import wide.${file##*.} --json
  jq -c '[.tasks, .makespan_s, .busy_core_s]' "$out" | cmp - plain.json || fail "$file in UTF-16 is read otherwise"
done

# Packed: the queue's history too. Of a log that was cut off, what precedes the cut, which is said.
gzip -kf log.swf
succeeds queue log.swf --cores 4 --walltime 10 --json
plain=$(jq -c 'del(.options)' "$out")
succeeds queue log.swf.gz --cores 4 --walltime 10 --json
[ "$(jq -c 'del(.options)' "$out" | sed 's/log.swf.gz/log.swf/g')" = "$plain" ] || fail "log.swf.gz is another history: $(head -c 500 "$out")"
{ head -3 log.swf; for i in {1..4000}; do echo "$i $i 1 $((i * 7919 % 1000)) 1 -1 -1 1 20 -1 1 1 1 1 1 1 -1 -1"; done; } | gzip | head -c 12000 >cut.swf.gz
succeeds import cut.swf.gz --json
json '(.damaged.reason | test("ends early")) and .tasks.count > 500 and .tasks.count < 4000'
succeeds import cut.swf.gz
says 'damaged: ends early'

# Nextflow by its name.
printf 'task_id\tname\tstatus\tsubmit\tstart\tcomplete\tduration\trealtime\tcpus\n1\tA (1)\tCOMPLETED\t1700000000000\t1700000001000\t1700000004000\t4000\t2500\t2\n' >trace.txt
totals "$(awk -F'\t' 'NR > 1 { n++; busy += $8 / 1000 * $9; m = $8 / 1000 } END { print n, m, busy }' trace.txt)" trace.txt
json '.importer == "nextflow"'
totals "1 2.5 5" trace.txt --from nextflow
finish
