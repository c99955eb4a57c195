#!/bin/bash
# import and convert.
. tests/cli/common.sh
workflow w.json
platform p.json

cat >wf.json <<'JSON'
{"name": "wf", "schemaVersion": "1.5", "workflow": {"specification": {"tasks": [
  {"name": "a", "id": "a1", "parents": [], "children": ["b1"]}, {"name": "a", "id": "a2", "parents": [], "children": ["b1"]},
  {"name": "b", "id": "b1", "parents": ["a1", "a2"], "children": []}]},
 "execution": {"makespanInSeconds": 20.5, "executedAt": "x", "machines": [{"nodeName": "m", "cpu": {"coreCount": 4, "speedInMHz": 2000}}],
  "tasks": [{"id": "a1", "runtimeInSeconds": 2.5}, {"id": "a2", "runtimeInSeconds": 3.5}, {"id": "b1", "runtimeInSeconds": 7.25, "coreCount": 2}]}}}
JSON

succeeds import wf.json
says '^tasks +3 in 2 sets'
says '^recorded makespan +20.5 s'
says 'speeds are not modelled'
succeeds import wf.json --json
json '.importer == "wfformat" and .recorded_makespan_s == 20.5 and .critical_path_s == 10.75 and (.sets | length == 2)'
json '.command == "import" and .session == "wf" and .damaged == null and .tasks.count == 3 and .cautions == []'
cp "$out" wf.result.json
succeeds import wf.json wf.json --json
json '.sessions | length == 2 and .[1].recorded_makespan_s == 20.5 and .[1].importer == "wfformat"'
succeeds import wf.json --report wf.html
grep -q 'Recorded run: wf</h1>' wf.html || fail "no title on the page: $(head -c 300 wf.html)"
[ "$(grep -c 'class="gantt"' wf.html)" -eq 1 ] || fail "not one Gantt chart on the page"
grep -q 'speeds are not modelled' wf.html || fail "the page does not say what is missing"
succeeds report wf.result.json -o stored.html           # of the stored result: the same tables
grep -q 'speeds are not modelled' stored.html || fail "the page of the stored result does not say what is missing"
succeeds import wf.json --write-workflow i.json --write-platform ip.json
says 'workflow written to i.json'
succeeds simulate i.json --platform ip.json --json
json '.makespan.mean - 10.75 | fabs < 1e-9'
succeeds import wf.json --write-workflow d.json --level description
refuses "no times of tasks" import wf.json --timeline t.csv
refuses "no duration that is recognised" import wf.json --level requested --write-workflow x.json
refuses "must be description, requested or measured" import wf.json --level arrivals
refuses "for one session; 2 are given" import wf.json wf.json --write-workflow x.json
refuses "No such file" import nowhere.csv

# Spreadsheets of half of the world: semicolons between columns, commas within numbers.
printf 'id;name;start;end;cores\n1;a;0,5;1.010,25;1\n2;b 1,5;5,0;15,5;1\n' >semicolons.csv
succeeds import semicolons.csv --json
json '.makespan_s == 1009.75 and .busy_core_s == 1020.25 and ([.sets[].set] | index("b 1,5") != null)'
json '[.missing[] | select(.why | test("decimal comma"))][0].count == 4'
echo 'neither,this' >other.csv
refuses "nor a CSV that is known" import other.csv

# Tables of tasks: a workflow, a platform of two kinds and a timeline with nodes, which every command reads.
cat >jobs.csv <<'CSV'
JobID|JobName|Submit|Start|End|Elapsed|AllocCPUS|AllocTRES|Partition|NodeList|NNodes|State|User
1|sim_001|2024-03-01T00:00:00|2024-03-01T00:00:10|2024-03-01T00:10:10|00:10:00|16|cpu=16,mem=8G|cpu|c[01-02]|2|COMPLETED|u
2|sim_002|2024-03-01T00:00:00|2024-03-01T00:00:10|2024-03-01T00:08:10|00:08:00|16|cpu=16,mem=8G|cpu|c[03-04]|2|TIMEOUT|u
3|train|2024-03-01T00:10:12|2024-03-01T00:10:20|2024-03-01T00:20:20|00:10:00|4|cpu=4,mem=8G,gres/gpu=2|gpu|g1|1|COMPLETED|u
4|bro|ken|2024-03-01T00:10:12|2024-03-01T00:10:20|2024-03-01T00:20:20|00:10:00|4|cpu=4|gpu|g1|1|COMPLETED|u
CSV
succeeds import jobs.csv --write-workflow jw.json --write-platform jp.json --timeline jt.csv
says '4 x 8 cores, 0 GPUs, 4 GiB \(cpu\)'
says '1 x 4 cores, 2 GPUs, 8 GiB \(gpu\)'
says 'train +sim +1 '
says 'not used: User'
says 'another number of columns than the header +1'
grep -q '^sim,0,.*,c01;c02,0-7;0-7,;,0;0$' jt.csv || fail "no nodes in the timeline: $(cat jt.csv)"
succeeds simulate jw.json --platform jp.json --replicas 1 --json
json '.makespan.mean - 1200 | fabs < 1e-9'
succeeds import jt.csv --json
json '.makespan_s == 1210 and .platform.nodes == 5'
succeeds plot gantt jt.csv -o jg.svg
succeeds import jobs.csv --json
json '.platform.kinds | map([.name, .nodes, .slots_per_node, .gpus_per_node]) == [["cpu", 4, 8, 0], ["gpu", 1, 4, 2]]'
printf 'id,begin,cores\n1,2,3\n' >ends.csv
refuses "beside the starts a column of ends \(end, ended" import ends.csv
echo '{"jobs": [{"job_id": 1, "start_time": 5}]}' >squeue.json
refuses 'expected jobs with a "job_id" and "time"' import squeue.json

# A simulation's timeline, read back: the same bytes, the same makespan, a workflow without dependencies.
succeeds simulate w.json --platform p.json --replicas 1 --timeline t.csv --json
succeeds import t.csv --timeline again.csv --write-workflow tw.json --write-platform tp.json --json
cmp -s t.csv again.csv || fail "a timeline did not come back to the byte"
# Without one of the columns that it needs it is refused as what it is, by that column's name.
for column in 1:set 2:task 3:attempt 4:status; do
  cut -d, --complement -f"${column%:*}" t.csv >less.csv
  refuses "less.csv: expected a timeline of dagcast, but it has no column '${column#*:}'" import less.csv
done
succeeds plot gantt t.csv -o g.svg

# Round trips.
succeeds convert wf.json c.json
says '^workflow written to c.json$'
succeeds convert c.json c.wfformat.json --platform ip.json
says '^wfformat written'
succeeds convert c.wfformat.json c2.json
cmp -s c.json c2.json || { diff c.json c2.json | grep -v source | grep -q '^[<>]' && fail "WfFormat and back: $(diff c.json c2.json | head -5)"; }
succeeds convert t.csv run.json --workflow w.json --platform p.json --json
json '.from == "timeline" and .to == "wfformat" and (.losses | length > 0)'
succeeds import run.json --json
json '.recorded_makespan_s > 0 and ([.sets[] | select(.after != null and .after != "")] | length >= 1)'
succeeds convert w.json - --to wfformat
json '.schemaVersion == "1.6" and (.workflow.specification.tasks | length == 21)'
refuses "must be workflow, wfformat, timeline, slurm, flux or nextflow" convert w.json x.json --to yaml
refuses "is 'wfforma'; did you mean 'wfformat'\?" convert w.json x.json --to wfforma
refuses "is 'mesured'; did you mean 'measured'\?" import wf.json --level mesured
refuses "must be description, requested, measured or arrivals, is 'mesured'; did you mean 'measured'\?" validate wf.json --information mesured
refuses "expected a record of a run" convert w.json x.csv
refuses "are for recorded runs" convert w.json x.json --level measured
sed 's/"parents": \[\], "children": \["b1"\]/"parents": ["b1"]/' wf.json >circle.json
refuses "in a circle" convert circle.json x.json

# Simulated beside recorded, whenever there is a makespan, with a sentence; `validate` takes all of these.
succeeds import wf.json --json
json '.simulated == {makespan_s: 10.75, recorded_s: 20.5, ratio: (10.75 / 20.5)} and (.simulated_note | test("0.5244 of the recorded one: the rest is time"))'
succeeds validate wf.json --json
json '.sessions[0].measured == 20.5'
sed 's/"makespanInSeconds": 20.5/"makespanInSeconds": 10.75/' wf.json >exact.json
succeeds import exact.json
says 'waits for room and'
sed 's/"makespanInSeconds": 20.5/"makespanInSeconds": 5/' wf.json >fast.json
succeeds import fast.json
says 'longest path are longer'
sed 's/"makespanInSeconds": 20.5/"makespanInSeconds": 0/' wf.json >none.json
succeeds import none.json --json
json 'has("simulated") | not'
refuses 'records neither a makespan nor a task' validate none.json
succeeds import t.csv --json
json '.simulated.recorded_s == .makespan_s'
finish
