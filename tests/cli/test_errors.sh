#!/bin/bash
# What a user can do wrong: exit status 2, one sentence, nothing written.
. tests/cli/common.sh
workflow w.json
platform p.json
given() { printf '%s\n' "$1" >bad.json; }
set_of() { given '{"name": "w", "task_sets": ['"$1"']}'; }

refuses 'missing\.json: .*No such file' compare missing.json -p p.json
refuses 'where should it run\? give --platform' compare w.json
refuses 'nosuch' compare w.json -p nosuch
refuses "did you mean 'summit'" compare w.json -p sumit
refuses 'nosuch' compare w.json -p p.json -m nosuch
refuses '^dagcast compare: --nodes: must be from 1 to' compare w.json -p p.json --nodes 0
refuses '^dagcast compare: --nodes: must be a whole number, is .many' compare w.json -p p.json --nodes many
refuses '^dagcast compare: --replicas: must be from 1' compare w.json -p p.json --replicas 0
refuses "^dagcast compare: --order: no order is named 'larges'; did you mean 'largest'\?" compare w.json -p p.json --order larges
refuses "^dagcast compare: --overtake: no overtake is named 'x'; 'dagcast list overtakes' shows them" compare w.json -p p.json --overtake x
refuses "^dagcast compare: --placement: no placement" compare w.json -p p.json --placement x
refuses "^dagcast compare: --scheduler: no scheduler" compare w.json -p p.json --scheduler x
refuses "^dagcast simulate: --mode: no mode is named 'parallel'" simulate w.json -p p.json --mode parallel
refuses 'orders and places by itself' compare w.json -p p.json --scheduler radical --order largest
refuses '^dagcast simulate: --walltime: must be a duration' simulate w.json -p p.json --walltime soon
refuses '/nowhere/t\.csv' simulate w.json -p p.json -r 1 --timeline /nowhere/t.csv
refuses '/dev/null' compare w.json -p p.json -r 1 --plot /dev/null/x

mkfifo named_pipe
refuses '^dagcast compare: named_pipe: nothing writes into this named pipe; start its writer first$' compare named_pipe -p p.json
refuses '^dagcast describe: named_pipe: nothing writes into this named pipe; start its writer first$' describe named_pipe
refuses '^dagcast describe: /dev/zero: expected a file, got a device$' describe /dev/zero
refuses '^dagcast compare: /dev/zero: expected a file, got a device$' compare w.json -p /dev/zero
succeeds describe <(cat w.json)
succeeds describe <(cat w.json) -p <(cat p.json)
# What a pipe holds is known by its content, packed or not; names in it count from this folder.
echo '{"workflow": "./w.json", "platform": "./p.json"}' >scenario.json
echo '{"name": "m", "stations": {"launch": {"service": 0.25}}}' >m.json
for kind in w.json p.json m.json scenario.json; do
  "$DAGCAST" describe "./$kind" >as_file || fail "describe $kind"
  cmp -s <("$DAGCAST" describe <(cat "$kind")) as_file || fail "describe <(cat $kind) differs"
  cmp -s <("$DAGCAST" describe - <"$kind") as_file || fail "describe - <$kind differs"
done
cmp -s <("$DAGCAST" describe <(gzip -c w.json)) <("$DAGCAST" describe w.json) || fail 'describe <(gzip -c w.json) differs'
refuses '^dagcast describe: /dev/fd/[0-9]+:1: taks: unknown field' describe <(echo '{"name": "w", "task_sets": [], "taks": 1}')
refuses '^dagcast import: /dev/fd/[0-9]+: ' import <(echo nothing)
given '{"task_sets": [{"name": "a", "duration": 1, "after": ["a"]}]}'
refuses "workflow without a name: task sets wait for each other in a circle: a -> a$" compare bad.json -p p.json
set_of '{"name": "a", "duration": {"distribution": "expnential", "mean": 3}}'
refuses "is .expnential.; did you mean 'exponential'\?$" compare bad.json -p p.json
printf 'JobID|JobName|Start|End|State\n7|a|2024-01-02T03:04:05|2024-01-02T03:05:05|COMPLETED\n' >jobs.txt
refuses "jobs.txt: expected Nextflow's trace, got a table of Slurm's sacct; leave out --from$" import jobs.txt --from nextflow
succeeds import jobs.txt

# Of settings that take several kinds of value all are named; a platform without a name is called so.
m() { echo '{"name": "m", "stations": {"launch": {"alone": '"$1"'}}}' >m.json; }
m 3
refuses 'alone: must be never, nodes, own_nodes, without_gpu or core; or an object of these, is the number 3$' describe ./m.json
set_of '{"name": "a", "tasks": 3, "duration": 1, "release": true}'
refuses 'release: must be seconds, a list of them, or [{]"gaps": distribution[}], is true$' simulate bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 100, "duration": 1}'
# Packed files are read as they would be plain, whatever they describe and wherever they are named.
mkdir packed
m '"nodes"'
echo '{"workflow": "../w.json", "platform": "p.json.gz", "middleware": "m.json.gz"}' >s.json
for f in p m s; do
  gzip -c $f.json >packed/$f.json.gz
done
for f in p m; do
  cmp -s <("$DAGCAST" describe packed/$f.json.gz | tail -n +2) <("$DAGCAST" describe ./$f.json | tail -n +2) || fail "describe packed/$f.json.gz differs"
done
succeeds describe packed/s.json.gz
plain=$("$DAGCAST" simulate w.json -p p.json -m ./m.json --csv)
for run in "packed/s.json.gz" "w.json -p packed/p.json.gz -m packed/m.json.gz"; do
  # shellcheck disable=SC2086
  [ "$("$DAGCAST" simulate $run --csv)" = "$plain" ] || fail "simulate $run: another result"
done
s() { echo '{"workflow": "bad.json", "platform": "p.json", "'"$1"'": '"$2"'}' >s.json; }
echo '{"workflow": 3, "platform": "p.json"}' >s.json
refuses 's.json:1: workflow: must be the path of a file, or the workflow itself, is the number 3$' simulate s.json
echo '{"workflow": {"task_sets": [{"name": "a", "duration": 1}]}, "platform": []}' >s.json
refuses 's.json:1: platform: must be a name, the path of a file, or the platform itself, is an array$' simulate s.json
set_of '{"name": "a", "duration": 1}'
s middleware true
refuses 's.json:1: middleware: must be a name, the path of a file, or the middleware itself, is true$' simulate s.json
s queue_wait '[3]'
refuses 's.json:1: queue_wait: must be seconds, or a distribution, is an array$' simulate s.json
set_of '{"name": "a", "tasks": 3, "cores": 100, "duration": 1}'
echo '{"nodes": [{"count": 1, "cores": 4}]}' >unnamed.json
refuses 'no node of platform without a name can hold' simulate bad.json -p ./unnamed.json
{ printf '{"name": "w", "'; head -c 5000000 /dev/zero | tr '\0' k; echo '": 1, "task_sets": []}'; } >bad.json
refuses '^dagcast compare: bad.json:1: k{29}…k{30}: unknown field .k{29}…k{30}.; known here: name, ' compare bad.json -p p.json
given '{"name": "w", "task_sets": ['
refuses 'bad\.json:[0-9]+:[0-9]+: not JSON: expected' compare bad.json -p p.json
given '# no workflow'
refuses "bad\.json:1:1: not JSON: expected a value, found '#'$" compare bad.json -p p.json
given '{"name": "w", "name": "v", "task_sets": []}'
refuses "bad\.json:1: .*name.*twice|duplicate" compare bad.json -p p.json
set_of '{"name": "a", "taks": 3, "cores": 1, "duration": 1}'
refuses "bad\.json:1: task_sets\[0\].*taks.*did you mean 'tasks'" compare bad.json -p p.json
set_of '{"name": "a", "memory": 3, "cores": 1, "duration": 1}'
refuses "task_sets\[0\]\.memory: unknown field 'memory'; did you mean 'memory_mib'\?$" compare bad.json -p p.json
set_of '{"name": "a", "tasks": "3", "cores": 1, "duration": 1}'
refuses 'task_sets\[0\]\.tasks: ' compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": -1, "duration": 1}'
refuses 'task_sets\[0\]\.cores: ' compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 1, "duration": -2.5}'
refuses 'task_sets\[0\]\.duration' compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 1, "duration": 1e999}'
refuses 'task_sets\[0\]\.duration|1e999' compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 1, "duration": 1}, {"name": "a", "tasks": 3, "cores": 1, "duration": 1}'
refuses "'a'" compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 1, "duration": 1, "after": ["b"]}'
refuses "'b'" compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 1, "duration": 1, "after": ["b"]}, {"name": "b", "tasks": 3, "cores": 1, "duration": 1, "after": ["a"]}'
refuses 'a.*b.*a|b.*a.*b' compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 1, "duration": 1}, {"name": "b", "tasks": 4, "cores": 1, "duration": 1, "after": [{"set": "a", "kind": "each"}]}'
refuses "3.*4|4.*3" compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 9, "duration": 1}'
refuses "task set 'a': .*8 cores.*lacks 1 core" compare bad.json -p p.json
set_of '{"name": "a", "tasks": 3, "cores": 500, "duration": 1}'
refuses "can hold one rank of 500 cores \\(2000 threads\\); 'node' comes closest with 41 cores \\(164 threads\\), .* usable, and lacks 459 cores \\(1836 threads\\)$" compare bad.json -p summit
set_of '{"name": "a", "tasks": 3, "threads": 131, "duration": 1}'
refuses 'can hold one rank of 132 threads \(66 cores\); .* 128 threads \(64 cores\), .* lacks 4 threads \(2 cores\)$' compare bad.json -p perlmutter
set_of '{"name": "a", "tasks": 3, "cores": 1, "memory_mib": 600000, "duration": 1}'
refuses 'can hold one rank of 1 core \(4 threads\) \+ 600000 MiB of memory; .* 524288 MiB of memory usable, and lacks 75712 MiB of memory$' compare bad.json -p summit
run simulate bad.json -p p.json -r 1
[ "$status" -eq 0 ] && [ "$(cat "$err")" = "dagcast: task set 'a' asks for memory, but of platform p the memory of a node is not known: it limits nothing there; memory_mib in the platform's nodes would tell" ] ||
  fail "memory that nobody knows: $status, $(cat "$err")"
set_of '{"name": "a", "tasks": 3, "cores": 1, "gpus": 3, "duration": 1}'
refuses "task set 'a': .*lacks 1 GPU" compare bad.json -p p.json
refuses "^dagcast import: w\.json:1: is a workflow of dagcast, not a record of a run; give it to 'dagcast simulate'" import w.json
printf 'JobID|State|Start|End\n' >headings.csv
refuses '^dagcast import: headings\.csv: holds no row of a task that can be read$' import headings.csv
given '{"name": "p", "nodes": []}'
refuses 'bad\.json.*nodes' compare w.json -p bad.json
given '{"workflow": "gone.json", "platform": "p.json"}'
refuses 'gone\.json' compare bad.json
finish
