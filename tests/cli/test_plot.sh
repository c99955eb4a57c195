#!/bin/bash
# Pictures of one file each.
. tests/cli/common.sh
workflow w.json
platform p.json
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }

drawn() { [ -s "$1" ] && grep -q "$2" "$1" || fail "$1 does not show '$2'"; checks=$((checks + 1)); }

refuses_without_programs() {             # PATTERN ARGUMENTS: as refuses, with a PATH where no program is
  local pattern=$1
  shift
  (PATH=/nonexistent && exec "$DAGCAST" "$@") >without.out 2>&1 && fail "dagcast $*: succeeds without programs"
  grep -qE -- "$pattern" without.out || fail "dagcast $*: no '$pattern' in: $(head -c 600 without.out)"
  checks=$((checks + 1))
}

for kind in gantt utilisation concurrency stations comparison; do
  succeeds plot $kind w.json -p p.json -o $kind.svg
  says "^wrote $kind.svg$"
  drawn $kind.svg 'w on p (2 nodes)'
  drawn $kind.svg 'sequential: makespan'
  succeeds plot $kind w.json -p p.json --mode pipelined -o one.svg
  drawn one.svg 'pipelined: makespan'
  absent 'sequential: makespan' one.svg "$kind draws other modes than --mode"
done
succeeds plot gantt w.json -p p.json -o g.png
succeeds plot gantt w.json -p p.json -o g.pdf --title 'a title of <mine>'
[ "$(head -c 4 g.pdf)" = "%PDF" ] || fail "g.pdf is no PDF"

# A result that stores its pictures is drawn as its scenario, without a run: the files that it was made from are gone.
"$DAGCAST" compare w.json -p p.json -r 3 --seed 7 --json --picture-data >r.json
"$DAGCAST" compare w.json -p p.json -r 3 --seed 7 --json >bare.json
"$DAGCAST" simulate w.json -p p.json -r 3 --mode pipelined --json --picture-data >s.json
for kind in gantt stations; do
  succeeds plot $kind w.json -p p.json --seed 7 -o first.$kind.svg
done
succeeds plot makespan w.json -p p.json -r 3 --seed 7 -o first.makespan.svg
succeeds plot dag w.json -o first.dag.svg
cmp -s gantt.svg first.gantt.svg && fail "the seed changes nothing"
mkdir aside && mv w.json p.json aside
for kind in gantt stations makespan dag; do
  succeeds plot $kind r.json -o again.svg
  cmp -s again.svg first.$kind.svg || fail "a result gives another $kind than its scenario"
done
succeeds plot gantt s.json -o one.svg
drawn one.svg 'pipelined: makespan'
absent 'sequential: makespan' one.svg "a result of simulate draws other modes"
succeeds plot gantt r.json --mode pipelined -o again.svg
cmp -s again.svg one.svg && fail "seeds 7 and 42 give one picture"
drawn again.svg 'pipelined: makespan'
refuses '--mode: s.json stores no sequential run' plot gantt s.json --mode sequential
for kind in gantt makespan dag campaign; do
  refuses 'bare.json:[0-9]*: ?holds no runs to draw; add --picture-data' plot $kind bare.json -o none.svg
done
refuses 'the workflow has no campaign' plot campaign r.json -o none.svg
jq '.pictures.timelines[1].columns.task[3] = 1e6' r.json >broken.json
refuses 'broken.json: a column of its timeline is broken' plot gantt broken.json -o none.svg
jq '.pictures.timelines[1].columns.tusk = 5' r.json >broken.json
refuses "unknown field 'tusk'.*did you mean 'task'" plot gantt broken.json -o none.svg
mv aside/w.json aside/p.json .

# Sessions that the walltime cut last as long as it, and are not in time; jobs draw what they take together.
"$DAGCAST" compare w.json -p p.json -r 3 --walltime 40 --json --picture-data >cut.json
succeeds plot makespan cut.json -o cut.svg
drawn cut.svg 'sequential: 0.0 % in time'
succeeds plot makespan w.json -p p.json -r 3 --walltime 400 --jobs 20 --queue-wait 5000 -o first.svg
drawn first.svg 'sequential: 100.0 % in time'
drawn first.svg 'Time to the solution: '
"$DAGCAST" compare w.json -p p.json -r 3 --walltime 400 --jobs 20 --queue-wait 5000 --json --picture-data >cut.json
succeeds plot makespan cut.json -o cut.svg
cmp -s cut.svg first.svg || fail "jobs: a result gives other times than its scenario"
least=$(jq '[.pictures.makespans.lines[].times[]] | min' cut.json)
jq -e '[.pictures.makespans.lines[].times[]] | min > 5000' cut.json >least.txt || fail "the wait does not count: $least"
# Replicas that left tasks undone after their last job have no time: the curve ends at the share of the others.
"$DAGCAST" compare w.json -p p.json -r 20 --walltime 160 --queue-wait 5 --json --picture-data >cut.json
succeeds plot makespan cut.json -o cut.svg
undone=$(jq '.pictures.makespans.lines[0] | if (.times | length) + .not_ended == 20 then .not_ended else "not 20" end' cut.json)
{ [ "$undone" -gt 0 ] && [ "$undone" -lt 20 ]; } || fail "not some but all or none of 20 replicas ended: $undone"
drawn cut.svg "$undone of 20 did not end"
"$DAGCAST" compare w.json -p p.json -r 3 --walltime 50 --queue-wait 5 --json --picture-data >cut.json
refuses 'no replica of any mode did all tasks within its jobs' plot makespan cut.json -o none.svg
refuses '--picture-data: is stored in what --json prints; add --json' compare w.json -p p.json --picture-data
jq '.task_sets[0].tasks = 100000' w.json >many.json
refuses 'stores at most 120000 tasks' compare many.json -p p.json -r 1 --json --picture-data

succeeds plot makespan w.json -p p.json -r 40 -o m.svg
drawn m.svg 'makespan \[s\]'
succeeds plot makespan w.json -p p.json -r 40 --walltime 30 -o m.svg
drawn m.svg 'asynchronous: 0.0 % in time'
succeeds plot makespan w.json -p p.json -r 40 --walltime 1h -o m.svg
drawn m.svg 'asynchronous: 100.0 % in time'

succeeds plot gantt w.json -p p.json --mode sequential -o g.svg --chrome-trace t.json
jq -e '[.traceEvents[] | select(.ph == "X")] | length > 20' t.json >/dev/null || fail "t.json holds no tasks"
refuses 'choose one with --mode' plot gantt w.json -p p.json -o g.svg --chrome-trace u.json

# Tables: settings before results, as sweep prints them.
cat >sweep.csv <<'CSV'
point,nodes,mode,error,replicas,makespan_s,makespan_ci95_low_s,makespan_ci95_high_s,node_hours
0,2,sequential,,9,100,98,103,0.0556
1,4,sequential,,9,70,69,72,0.0778
2,2,asynchronous,,9,90,88,91,0.05
3,4,asynchronous,,9,40,39,41,0.0444
CSV
succeeds plot sweep sweep.csv -o s.svg
drawn s.svg 'makespan \[s\]'
drawn s.svg '>nodes<'
drawn s.svg '>asynchronous<'
succeeds plot sweep sweep.csv -o s.svg --y node_hours --by mode
drawn s.svg 'node hours'
succeeds plot pareto sweep.csv -o f.svg
drawn f.svg '4 nodes, asynchronous'
absent 'nodes, sequential' f.svg "what is beaten is on the front"
succeeds plot ecdf sweep.csv -o e.svg
drawn e.svg 'share of rows \[0 to 1\]'
jq -n '{command: "sweep", version: "0", rows: [{nodes: 2, replicas: 1, makespan_s: 5}, {nodes: 4, replicas: 1, makespan_s: 3}]}' >sweep.json
succeeds plot sweep sweep.json -o s.svg
drawn s.svg '>nodes<'
# A line goes from left to right whatever the order of the rows.
{ head -1 sweep.csv; tail -n +2 sweep.csv | sort -t, -k3,3r -k2,2nr; } >turned.csv
succeeds plot sweep sweep.csv --by mode --title T -o s.svg
succeeds plot sweep turned.csv --by mode --title T -o t.svg
cmp -s s.svg t.svg || fail "the order of rows changes the lines"

# The tables that docs/formats.md shows are what it says that they are.
for name in sweep waits; do
  sed -n "/^\`\`\`csv $name.csv$/,/^\`\`\`$/p" "$source_dir/docs/formats.md" | grep -v '^```' >documented.$name.csv
done
succeeds plot sweep documented.sweep.csv -o s.svg
drawn s.svg '>sequential<'
[ "$(grep -c 'fill-opacity *[=:] *.\?0.2' s.svg)" -ge 2 ] || fail "the documented intervals are not drawn"
succeeds plot pareto documented.sweep.csv -o f.svg
drawn f.svg '4 nodes, asynchronous'
succeeds plot ecdf documented.waits.csv --x wait_s --by queue -o e.svg
drawn e.svg 'Distribution of wait \[s\] (documented.waits.csv)'
drawn e.svg '>batch<'
refuses "there are: wait_s, queue" plot ecdf documented.waits.csv --x zebra -o x.svg
refuses "did you mean 'node_hours'" plot sweep sweep.csv --y node_hour -o x.svg
refuses "there are: point, nodes, mode" plot sweep sweep.csv --by zebra -o x.svg
cut -d, -f1-3 sweep.csv >no.csv
refuses 'which column. give --x NAME' plot ecdf no.csv -o none.svg
refuses 'holds no table' plot pareto bare.json -o x.svg
"$DAGCAST" explain w.json -p p.json -r 2 --json >x.json
succeeds plot explain x.json -o x.svg
drawn x.svg 'What the makespan consists of: w on p (2 nodes)'
drawn x.svg 'execution a'
succeeds explain w.json -p p.json -r 2 --plot same.svg
cmp -s x.svg same.svg || fail "explain --plot and plot explain draw different pictures of one explanation"
"$DAGCAST" advise w.json -p p.json -n 1..3 -r 400 --json >a.json
succeeds plot pareto a.json -o a.svg
drawn a.svg 'cost \[node-hours, mean\]'
drawn a.svg 'walltime to ask for \[min\]'
nodes=$(jq '.rows[.choices.cheapest] | "\(.nodes) node\(if .nodes == 1 then "" else "s" end), \(.mode)"' a.json)
drawn a.svg "$(tr -d '"' <<<"$nodes")"
jq '.rows[].accepted = false' a.json >none.json
refuses 'none.json: no queue accepts any of its rows' plot pareto none.json -o none.svg
for kind in sweep ecdf; do succeeds plot $kind a.json -o a.svg; done
jq -n '{command: "validate", version: "0", sessions: [{session: "s<1>", measured: 90, predicted: {mean: 95, pi95: [80, 99]}}]}' >v.json
succeeds plot parity v.json -o v.svg
drawn v.svg 's&lt;1'
refuses 'holds no sessions' plot parity x.json -o none.svg
refuses 'holds no parts of makespans' plot explain sweep.csv -o none.svg

if command -v dot >/dev/null; then
  succeeds plot dag w.json -o dag.svg
  drawn dag.svg '11 tasks of 2 cores + 1 GPU'
  refuses_without_programs 'dot is not installed' plot dag w.json -o absent.svg
fi
refuses_without_programs 'gnuplot is not installed' plot gantt w.json -p p.json -o absent.svg

refuses "did you mean 'gantt'" plot gant w.json
refuses 'there are: gantt, ' plot zebra w.json
refuses 'does not end in .svg, .png or .pdf' plot gantt w.json -o g.gif
refuses 'where should it run' plot gantt w.json
finish
