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
says 'recorded makespan 20.5 s'
says 'speeds are not modelled'
succeeds import wf.json --json
json '.importer == "wfformat" and .recorded_makespan_s == 20.5 and .critical_path_s == 10.75 and (.sets | length == 2)'
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
echo 'neither,this' >other.csv
refuses "nor a CSV that is known" import other.csv

# A simulation's timeline, read back: the same bytes, the same makespan, a workflow without dependencies.
succeeds simulate w.json --platform p.json --replicas 1 --timeline t.csv --json
succeeds import t.csv --timeline again.csv --write-workflow tw.json --write-platform tp.json --json
cmp -s t.csv again.csv || fail "a timeline did not come back to the byte"
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
json '.schemaVersion == "1.5" and (.workflow.specification.tasks | length == 21)'
refuses "must be workflow, wfformat or timeline" convert w.json x.json --to yaml
refuses "is 'wfforma'; did you mean 'wfformat'\?" convert w.json x.json --to wfforma
refuses "is 'mesured'; did you mean 'measured'\?" import wf.json --level mesured
refuses "must be description, requested, measured or arrivals, is 'mesured'; did you mean 'measured'\?" validate wf.json --information mesured
refuses "is no record of a run" convert w.json x.csv
refuses "are for recorded runs" convert w.json x.json --level measured
sed 's/"parents": \[\], "children": \["b1"\]/"parents": ["b1"]/' wf.json >circle.json
refuses "in a circle" convert circle.json x.json
finish
