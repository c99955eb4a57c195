#!/bin/bash
# WfFormat: when and where tasks ran, to a timeline and back; files without a version or without runtimes; workflow files given to every
# command that reads one; families of names.
. tests/cli/common.sh
platform p.json

instance() {                             # EXECUTIONS MACHINES: align, then sort
  cat <<JSON
{"name": "planned", "schemaVersion": "1.6", "workflow": {"specification": {"tasks": [
  {"name": "align", "id": "align", "parents": [], "children": ["sort"]}, {"name": "sort", "id": "sort", "parents": ["align"], "children": []}]},
 "execution": {"makespanInSeconds": 130, "executedAt": "2024-05-01T00:00:00Z", "tasks": [$1], "machines": [$2]}}}
JSON
}
instance '{"id": "align", "runtimeInSeconds": 50, "executedAt": "2024-05-01T00:00:00Z", "machines": ["n1"]},
  {"id": "sort", "runtimeInSeconds": 30, "executedAt": "2024-05-01T00:01:40.5Z", "machines": ["n2"]}' \
  '{"nodeName": "n1", "cpu": {"coreCount": 4}}, {"nodeName": "n2", "cpu": {"coreCount": 4}}' >timed.json
lines() { checks=$((checks + 1)); diff "$1" - || fail "$1 differs from what is right"; }

succeeds import timed.json --timeline timed.csv --write-workflow w.json
says '^makespan +130.5 s'
awk -F, '$1 != ""' timed.csv | cut -d, -f1,4,9,10,13,14 >got
lines got <<'CSV'
set,status,started_s,stopped_s,nodes,cores
align,done,0,50,n1,0
sort,done,100.5,130.5,n2,0
CSV
succeeds plot gantt timed.json -o gantt.svg
checks=$((checks + 1))
grep -q n2 gantt.svg || fail "the Gantt chart does not show n2"
# There and back: the same timeline.
succeeds convert timed.json again.json --to wfformat
succeeds import again.json --timeline again.csv
checks=$((checks + 1))
cmp timed.csv again.csv || fail "the timeline differs after convert and import"
# So from a simulation, which has no date: starts to a microsecond.
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 9, "cores": 3, "duration": {"distribution": "uniform", "min": 3, "max": 40}},
  {"name": "b", "tasks": 2, "gpus": 1, "duration": 12.25, "after": ["a"]}]}' >sim.json
succeeds simulate sim.json -p ./p.json -r 1 --timeline sim.csv
succeeds convert sim.csv --workflow sim.json --platform ./p.json sim-wf.json --to wfformat
succeeds import sim-wf.json --timeline back.csv
for f in sim back; do awk -F, '$4 == "done" { printf "%s %.4f %.4f %s\n", $1, $9, $10, $13 }' $f.csv | sort >$f.rows; done
checks=$((checks + 1))
[ "$(wc -l <sim.rows)" -eq 11 ] && diff sim.rows back.rows || fail "a simulated timeline differs after WfFormat"

# Seconds since 1970, as a number and as text, are times too.
instance '{"id": "align", "runtimeInSeconds": 50, "executedAt": 1714521600}, {"id": "sort", "runtimeInSeconds": 30, "executedAt": "1714521700"}' '' >epoch.json
succeeds import epoch.json
says '^makespan +130.0 s'
# One date for all is a placeholder, not a time of start.
instance '{"id": "align", "runtimeInSeconds": 50, "executedAt": "2024-05-01T00:00:00Z"},
  {"id": "sort", "runtimeInSeconds": 30, "executedAt": "2024-05-01T00:00:00Z"}' '' >placeholder.json
succeeds import placeholder.json
says 'cannot be when each of them started'
refuses 'no times of tasks' import placeholder.json --timeline x.csv
# Clocks that contradict the dependencies are counted.
instance '{"id": "align", "runtimeInSeconds": 50, "executedAt": "2024-05-01T00:00:00Z"},
  {"id": "sort", "runtimeInSeconds": 30, "executedAt": "2024-05-01T00:00:20Z"}' '' >early.json
succeeds import early.json
says 'started before a task that they depend on had ended +1'

# Without runtimes, or with zeros only, nothing can be predicted; without a version the layout decides.
instance '{"id": "align", "runtimeInSeconds": 0}, {"id": "sort", "runtimeInSeconds": 0}' '' >zero.json
succeeds import zero.json
says 'nothing can be predicted +2'
instance '' '' >none.json
succeeds import none.json
says 'nothing can be predicted +2'
instance '{"id": "align", "runtimeInSeconds": 50}' '' >half.json
succeeds import half.json
says 'no task of their set has a runtime: 0 s is taken +1'
echo '{"name":"pipe","workflow":{"tasks":[{"name":"strip","type":"compute","memory":4000000000,"runtime":137.2,"cores":1,"parents":[],
"childrens":["segment"]},{"name":"segment","type":"compute","runtime":614.3,"cores":1,"parents":["strip"],"childrens":["segment"]}]}}' >wrench.json
succeeds import wrench.json
says '^critical path +751.5 s'
says 'the file does not say: read by its layout'
says '`childrens`, not read.* +2'

# Every command that reads a workflow imports on the way, and says so on standard error only.
imports() {                              # ARGUMENTS
  run "$@"
  [ "$status" -eq 0 ] || fail "dagcast $*: exit status $status: $(cat "$err")"
  grep -q 'imported from WfFormat: 2 tasks in 2 sets' "$err" || fail "dagcast $*: does not say that it imported: $(cat "$err")"
}
imports simulate wrench.json -p ./p.json --json
json '.makespan.mean > 751.499 and .makespan.mean < 751.501'
imports compare wrench.json -p ./p.json --json
json '.modes.asynchronous.makespan.mean > 751.499'
imports model wrench.json -p ./p.json --json
json '.modes.sequential.closed_form > 751.499'
imports explain wrench.json -p ./p.json --json
imports advise wrench.json -p ./p.json --json
imports describe wrench.json --json
json '.workflow.task_sets | map(.name) == ["strip", "segment"]'
imports simulate timed.json --json
json '.makespan.mean == 80 and .scenario.platform.nodes == 2'
echo '{"workflow": "wrench.json", "platform": "p.json", "replicas": 2, "grid": {"nodes": [1, 2]}}' >study.json
imports sweep study.json --store rows.sqlite --csv
echo '{"workflow": "wrench.json", "platform": "p.json", "replicas": 2}' >scenario.json
imports simulate scenario.json --json
json '.makespan.mean > 751.499'
refuses 'where should it run' simulate wrench.json

# Kinds of tasks: said twice, named by the program, with numbers between.
family() {                               # NAME PROGRAM, on standard input, a line a task: into sets
  awk 'BEGIN { printf "{\"schemaVersion\": \"1.6\", \"workflow\": {\"specification\": {\"tasks\": [" }
    { s = s (NR > 1 ? ", " : "") sprintf("{\"name\": \"%s\", \"id\": \"%s\"}", $1, $1)
      e = e (NR > 1 ? ", " : "") sprintf("{\"id\": \"%s\", \"runtimeInSeconds\": %d, \"command\": {\"program\": \"%s\"}}", $1, NR, $2) }
    END { printf "%s]}, \"execution\": {\"tasks\": [%s]}}}\n", s, e }' >family.json
  succeeds import family.json --write-workflow family-w.json
  jq -r '.task_sets[] | "\(.name) \(.tasks)"' family-w.json >got
}
family <<'NAMES'
map_map_HEP2_s_1_sequence_1_ID0000023 map
map_map_HEP2_s_1_sequence_2_ID0000024 map
pileup_pileup_ID0000032 pileup
fastqSplit_chr21_00000001 /opt/bin/fastqSplit
fastqSplit_chr22_00000002 /opt/bin/fastqSplit
run_1_align python
run_2_align python
run_1_sort python
cat_blast_ID7 cat_blast
cat_ID8 cat
cpuhog_chain_00000001 cpuhog
cpuhog_chain_00000002 cpuhog
NAMES
lines got <<'SETS'
map 2
pileup 1
fastqSplit 2
run_align 2
run_sort 1
cat_blast 1
cat 1
cpuhog_chain 2
SETS

shared=$source_dir/../shared/wfinstances
if [ -d "$shared" ]; then
  for f in "$shared"/*.json; do
    run simulate "$f" -p summit -n 4 -r 1 --json
    [ "$status" -eq 0 ] || fail "simulate $f: $(cat "$err")"
    simulated=$(jq .makespan.mean "$out")
    succeeds import "$f" --write-workflow w.json
    succeeds simulate w.json -p summit -n 4 -r 1 --json
    json ".makespan.mean == $simulated"
    succeeds convert w.json there.json --to wfformat
    run simulate there.json -p summit -n 4 -r 1 --json
    json "(.makespan.mean - $simulated | fabs) < 1e-6"
  done
else
  echo "skipped: no $shared"
fi
# Files: sizes are added up, in both layouts, and come back as they were.
cat >files.json <<'JSON'
{"name": "f", "schemaVersion": "1.6", "workflow": {"specification": {"tasks": [
  {"name": "a", "id": "a1", "parents": [], "children": ["b1"], "inputFiles": ["in.dat"], "outputFiles": ["x.dat", "y.dat"]},
  {"name": "b", "id": "b1", "parents": ["a1"], "children": [], "inputFiles": ["x.dat", "y.dat"], "outputFiles": ["lost"]}],
  "files": [{"id": "in.dat", "sizeInBytes": 1000000}, {"id": "x.dat", "sizeInBytes": 2500}, {"id": "y.dat", "sizeInBytes": 500}]},
 "execution": {"makespanInSeconds": 9, "executedAt": "2024-05-01T00:00:00Z", "tasks": [
  {"id": "a1", "runtimeInSeconds": 5, "executedAt": "2024-05-01T00:00:00Z"}, {"id": "b1", "runtimeInSeconds": 3, "executedAt": "2024-05-01T00:00:06Z"}]}}}
JSON
succeeds import files.json --json
json '.files == {count: 4, read_bytes: 1003000, written_bytes: 3000}'
succeeds convert files.json files2.json --to wfformat
checks=$((checks + 1))
jq -e '.schemaVersion == "1.6" and .createdAt == "2024-05-01T00:00:00Z" and (.workflow.specification.files | length == 4) and
  .workflow.specification.tasks[1].inputFiles == ["x.dat", "y.dat"] and .workflow.execution.tasks[1].readBytes == 3000' files2.json >/dev/null ||
  fail "files are lost: $(cat files2.json)"
succeeds import files2.json --json
json '.files == {count: 4, read_bytes: 1003000, written_bytes: 3000}'
echo '{"name": "o", "schemaVersion": "1.3", "workflow": {"makespan": 0, "executedAt": "x", "tasks": [{"name": "a", "runtime": 2, "parents": [],
  "files": [{"link": "input", "name": "f", "sizeInBytes": 12}, {"link": "output", "name": "g", "size": 3000}]}]}}' >old.json
succeeds import old.json --json
json '.files == {count: 2, read_bytes: 12, written_bytes: 3000}'
succeeds import old.json
says 'name it had before 1.4.* +1$'
# Files of one name in two folders; objects where ids should be; no size; neither id nor name; capital letters.
echo '{"name": "o", "schemaVersion": "1.4", "workflow": {"makespanInSeconds": 0, "executedAt": "x", "tasks": [{"name": "a", "runtimeInSeconds": 2,
  "parents": [], "inputFiles": [{"id": "i", "sizeInBytes": 5}], "files": [{"link": "Input", "path": "/a/", "name": "f", "sizeInBytes": 12},
  {"link": "input", "path": "/b/", "name": "f", "sizeInBytes": 20}, {"link": "out", "name": "g", "sizeInBytes": "3000"}, {"link": "output"}]}]}}' >old.json
succeeds import old.json --json
json '.files == {count: 4, read_bytes: 37, written_bytes: 0}'
succeeds import old.json
says 'a size that is not a number.* +1$'
says 'without an id or a name.* +1$'
# A set that reads 3 MiB a task has a file for each.
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 2, "duration": 3, "input": {"flow": "fs", "amount": "3 MiB"}}]}' >io.json
succeeds convert io.json - --to wfformat
json '.workflow.specification.files | length == 2 and .[0].sizeInBytes == 3145728'
finish
