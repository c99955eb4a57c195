#!/bin/bash
# The comparison of the three modes: table, sentence, JSON, files.
. tests/cli/common.sh
workflow w.json
platform p.json

succeeds compare w.json --platform p.json --replicas 30 --seed 5
says '^Workflow +w: 3 task sets, 21 tasks$'
says '^Platform +p: 2 nodes, each with 8 cores, 2 GPUs$'
says '^Slots +16 cores, 4 GPUs$'
says '^Middleware +ideal'
says '^Scheduler +order arrival, overtake backfill, placement first_fit$'
says '^Runs +seed 5, 30 replicas$'
says 'DOA_dep 1, width 1, DOA_res [0-9]+ .*WLA [0-9]+'
says 'sequential +pipelined +asynchronous$'
for row in 'makespan: mean' '  sd' '  95 % interval of the mean' '  5 / 50 / 95 % quantiles' 'closed form' 'lower bound' \
  'utilisation of cores' 'utilisation of GPUs' 'node-hours' 'I over sequential: simulated' '  95 % interval, paired'; do
  says "^$row "
done
says 'Asynchronous execution takes .* than sequential|do not differ by more than chance|exactly as long'

succeeds compare w.json --platform p.json --replicas 30 --seed 5 --json
json '[.modes.sequential, .modes.pipelined, .modes.asynchronous] | every(.makespan | .mean > 0 and .sd >= 0 and
      (.ci95 | length == 2 and .[0] <= .[1]) and .quantiles["0.05"] <= .quantiles["0.5"] and .quantiles["0.5"] <= .quantiles["0.95"])'
json '[.modes[]] | length == 3 and every(.closed_form > 0 and .closed_form_expected_max >= .closed_form)'
json '[.modes[].utilisation] | every(.cores > 0 and .cores <= 1 and .gpus > 0 and .gpus <= 1)'
json '[.modes[]] | every(.lower_bound <= .makespan.mean)'
json '.modes | [.pipelined, .asynchronous] | every(.improvement | .mean < 1 and (.ci95_paired | length == 2) and (.ci95_independent | length == 2)
      and (.closed_form | type == "number"))'
json '.workflow | .doa_dep == 1 and .width == 1 and (.doa_res | type == "number") and .wla <= .doa_dep'
json '(1 - .modes.asynchronous.makespan.mean / .modes.sequential.makespan.mean - .modes.asynchronous.improvement.mean) | fabs < 1e-9'
json '.modes.sequential.improvement | [.mean, .ci95_paired, .closed_form] == [null, null, null]'
json '.scenario | .seed == 5 and .replicas == 30 and .order == "arrival" and .platform.slots == 16'

# Replicas that leave tasks undone: said first, no verdict, no I; a mode that is whole beside a whole sequential one keeps its I.
incomplete() {                           # PATTERN ARGUMENTS
  local pattern=$1
  shift
  succeeds compare "$@"
  tr '\n' ' ' <.out >words && mv words .out
  says 'Not all tasks are done: [0-9.]+ % of the sequential, [0-9.]+ % of the pipelined and [0-9.]+ % of the asynchronous replicas finished'
  says "are no basis for a comparison; $pattern"
  says 'simulated +- +- +- '
  absent 'interval, (paired|independent runs) .*[0-9]' .out "an interval of what did not finish: $*"
  absent 'than sequential|exactly as long|by more than chance|shorter than its lower bound' .out "a verdict on what did not finish: $*"
  succeeds compare "$@" --json
  json '.modes | [.pipelined, .asynchronous] | every(.improvement | .mean == null and .ci95_paired == null and .ci95_independent == null and .closed_form != null)'
}
jq '.task_sets[0].failure_probability = 0.2' w.json >failing.json
incomplete 'more retries of the sets that fail would let' failing.json -p p.json -r 30
json '[.modes[].share_complete] | every(. < 1) and every(. > 0)'
incomplete 'a longer walltime would let' w.json -p p.json -r 30 --walltime 40
json '[.modes[]] | every(.share_complete == 0 and .makespan.mean == 40)'
succeeds compare w.json -p p.json -r 30 --walltime 1000 --json
json '[.modes[].share_complete] == [1, 1, 1] and .modes.asynchronous.improvement.mean != null'
jq '.task_sets[0].failure_probability = 0.2 | .task_sets[0].retries = 30' w.json >again.json
succeeds compare again.json -p p.json -r 30
says 'Asynchronous execution'

# The same bytes from any number of threads, and again.
"$DAGCAST" compare w.json -p p.json -r 200 --threads 1 --json >one.json
"$DAGCAST" compare w.json -p p.json -r 200 --threads 3 --json >three.json
cmp -s one.json three.json || fail "threads change the results"
"$DAGCAST" compare w.json -p p.json -r 200 --seed 2 --threads 1 --json >other.json
cmp -s one.json other.json && fail "the seed changes nothing"

# A task table of one mode; a row a task.
succeeds compare w.json -p p.json -r 2 --seed 2 --timeline t.csv
[ "$(grep -c '^[abc],[0-9]*,0,done,' t.csv)" -eq 21 ] || fail "t.csv holds not 21 tasks: $(wc -l <t.csv) lines"
succeeds compare w.json -p p.json -r 2 --seed 2 --timeline s.csv --mode sequential
cmp -s t.csv s.csv && fail "--mode does not choose the timeline"
succeeds simulate w.json -p p.json -r 1 --seed 2 --timeline t.csv --mode sequential
cmp -s t.csv s.csv || fail "compare and simulate write different timelines"

if command -v gnuplot >/dev/null; then
  succeeds compare w.json -p p.json -r 2 --plot pictures/of/it
  [ "$(find pictures/of/it -name '*.svg' -size +1k | wc -l)" -ge 3 ] || fail "--plot: $(ls pictures/of/it)"
  [ "$(find pictures/of/it -name '*.png' -size +1k | wc -l)" -ge 3 ] || fail "--plot: $(ls pictures/of/it)"
fi

# A scenario file says it all; options go before it.
cat >s.json <<'JSON'
{"workflow": "w.json", "platform": "p.json", "seed": 5, "replicas": 30, "order": "largest"}
JSON
succeeds compare s.json --json
json '.scenario | .seed == 5 and .replicas == 30 and .order == "largest"'
succeeds compare s.json --seed 6 --order smallest --nodes 3 --json
json '.scenario | .seed == 6 and .order == "smallest" and .platform.nodes == 3'
succeeds compare s.json --scheduler fifo --json
json '.scenario | .order == "arrival" and .overtake == "none"'
succeeds compare w.json -p p.json -r 5000 --precision 0.03 --json
json '[.modes[].replicas] | every(. % 64 == 0 and . < 5000)'

# WLA is 0 as the branches join again, and yet asynchronous execution gains: 13 instead of 22 s, 40.9 %.
cat >fork.json <<'JSON'
{"name": "fork", "task_sets": [{"name": "a", "duration": 1}, {"name": "b1", "duration": 10, "after": ["a"]},
  {"name": "b2", "duration": 1, "after": ["a"]}, {"name": "c", "duration": 1, "after": ["b1"]},
  {"name": "d", "duration": 10, "after": ["b2"]}, {"name": "e", "duration": 1, "after": ["c", "d"]}]}
JSON
meaning() {                              # the last output in one line
  tr '\n' ' ' <"$out" >one_line
  out=one_line
}
succeeds compare fork.json -p ./p.json --json
json '.workflow.wla == 0 and .workflow.width == 1 and (.modes.asynchronous.improvement.mean - 9 / 22 | fabs) < 1e-9'
cp "$out" fork-result.json
succeeds compare fork.json -p ./p.json
meaning
says 'DOA_dep is 0 because it counts only branches.* all branches join again'
says 'Simulated, asynchronous execution gains 40.9 % over sequential'
succeeds model fork.json -p ./p.json
meaning
says 'all branches join again.*By the closed form, asynchronous execution gains 40.9 % over sequential'
succeeds describe fork.json -p ./p.json
meaning
says '2 sets are independent of each other \(width 1\)'
run report fork-result.json -o fork.html
tr '\n' ' ' <fork.html >one_line
out=one_line
says 'Simulated, asynchronous execution gains 40.9 % over sequential'
# A chain of two sets, task after task: nothing is independent, and asynchronous execution gains all the same.
echo '{"name": "chain", "task_sets": [{"name": "a", "tasks": 3, "duration": {"distribution": "uniform", "min": 1, "max": 9}},
  {"name": "b", "tasks": 3, "duration": {"distribution": "uniform", "min": 1, "max": 9}, "after": [{"set": "a", "kind": "each"}]}]}' >chain.json
succeeds compare chain.json -p ./p.json
meaning
says 'no two sets are independent of each other \(width 0\).*Simulated, asynchronous execution gains [1-9]'
# Several middlewares: which launcher. srun's cap on live steps decides where 300 tasks could run at once.
echo '{"name": "bag", "task_sets": [{"name": "a", "tasks": 300, "duration": 1000}]}' >bag.json
echo '{"name": "wide", "nodes": [{"count": 8, "cores": 64}]}' >wide.json
succeeds compare bag.json -p ./wide.json -m rp-srun,rp-flux --replicas 20 --json
json '[.middleware[].middleware] == ["rp-flux", "rp-srun"] and .middleware[0].asynchronous < 1100 and .middleware[1].asynchronous > 3000'
says 'rp-flux is fastest: 10[0-9.]* s, .*rp-srun takes [12][0-9.]* % longer'
# Through a pilot its span has a gain of its own, with an interval.
succeeds compare w.json -p p.json -m radical-entk --replicas 20 --json
json '[.modes.pipelined, .modes.asynchronous] | every(.span_improvement |
    .ci95_independent[0] < .mean and .mean < .ci95_independent[1])'
refuses 'expected names with one comma between them' compare bag.json -p ./wide.json -m rp-srun,,rp-flux
refuses "none is named 'nowhere'" compare bag.json -p ./wide.json -m rp-srun,nowhere
refuses '--plot is of one middleware' compare bag.json -p ./wide.json -m rp-srun,rp-flux --plot out
finish
