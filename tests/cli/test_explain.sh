#!/bin/bash
# Where the time goes: it sums to the makespan, the table and the JSON agree, mistakes are refused.
. tests/cli/common.sh
workflow w.json
platform p.json

succeeds explain w.json --platform p.json --replicas 12 --seed 5
says 'sequential +pipelined +asynchronous$'
says '^makespan: mean +[0-9.]+ s 100.0 %'
says '^execution +[0-9.]+ s'
says '^  execution a +[0-9.]+ s'
says 'Asynchronous execution|Sequential execution waits'

succeeds explain w.json -p p.json -r 12 --seed 5 --json
json '[.modes.sequential, .modes.pipelined, .modes.asynchronous] | every(. as $m | ([.classes[]] | add) - $m.makespan | fabs < 1e-6)'
json '. as $e | ["sequential", "pipelined", "asynchronous"] | every(. as $m | ([$e.parts[][$m]] | add) - $e.modes[$m].makespan | fabs < 1e-6)'
json '[.modes[].path] | every(length > 0)'
json '[.modes[].path | range(1; length) as $i | .[$i].from == .[$i - 1].to] | every(.)'
json '.modes.asynchronous.classes.barriers == 0 and .modes.asynchronous.replicas == 12'
cp .out explain.json
succeeds simulate w.json -p p.json -r 12 --seed 5 --mode pipelined --json
jq -e --slurpfile e explain.json '(.makespan.mean // .summary.makespan.mean // .modes.pipelined.makespan.mean) - $e[0].modes.pipelined.makespan | fabs < 1e-6' .out >/dev/null ||
  fail "explain and simulate give different makespans"

# What if.
succeeds explain w.json -p p.json -r 12 --seed 5 --mode sequential
says '^What would change it \(sequential\)'
says '^ +what if +makespan'
says '^ +unbounded GPUs +[0-9.]+ +[-+][0-9.]+'
says '^\(ideal middleware: the middleware is ideal already\)$'
succeeds explain w.json -p p.json -r 12 --seed 5 --json
json '.what_if | .mode == "asynchronous" and (.worlds | length) == 5 and .worlds.ideal_middleware.cannot != null'
json '.what_if.worlds | [.unbounded_gpus, .unbounded_cores, .mean_durations] | every(.ci95[0] <= .difference and .difference <= .ci95[1])'
json '. as $r | .modes.asynchronous.makespan - $r.what_if.makespan | fabs < 1e-6'
json '.what_if.orders | .tried == 2 and .all and .best <= .file and .file <= .worst and (.best_order | sort == [0, 1])'

# Orders that print the same makespan: none is named the best.
succeeds explain "$source_dir/examples/ddmd.json" -p summit -r 2 --mode pipelined
says '\(0\.0 %\)\.$'
absent 'Best: ' .out "of orders that take the same time one is the best"

# What did not finish is not compared.
succeeds explain w.json -p p.json -r 12 --seed 5 --walltime 40
says '^Not all tasks are done: 0.0 % of the sequential'
says '^.unbounded GPUs: not every replica ends as it is.$'
absent 'Asynchronous execution gains' .out "a gain of what did not finish"
succeeds explain w.json -p p.json -r 12 --seed 5 --walltime 40 --json
json '(.why | startswith("Not all tasks are done")) and .what_if.orders == null and ([.what_if.worlds[].difference // empty] == [])'

# DG1 on 16 nodes of Summit: a chain of dependencies, whatever the mode.
succeeds explain "$source_dir/examples/dg1.json" -p summit -n 16 -r 5
says 'next to nothing to gain'
succeeds explain "$source_dir/examples/dg1.json" -p summit -n 16 -r 5 --json
json '.why | test("T0 -> T[12] -> T[45] -> T7")'
json '[.modes[]] | every(.classes.execution / .makespan > 0.99)'

# The sentences are about the mode that was asked for.
succeeds explain w.json -p p.json -r 12 --seed 5 --mode pipelined --json
why=$(jq -r .why .out)
grep -qE 'Of the pipelined makespan [0-9.]+ % is execution' <<<"$why" || fail "not about pipelined execution: $why"
! grep -qi 'asynchronous' <<<"$why" || fail "--mode pipelined speaks of asynchronous execution: $why"
equal_s=$(jq -r '.modes.pipelined | .classes.execution / .makespan * 1000 | round / 10' .out)
grep -q "makespan $equal_s" <<<"$why" || fail "not $equal_s % of the pipelined makespan: $why"
succeeds explain w.json -p p.json -r 12 --seed 5 --mode sequential --json
json '.why | contains("Of the sequential makespan")'

# One ideal task: nothing but execution.
echo '{"task_sets": [{"name": "only", "duration": 12.375}]}' >one.json
succeeds explain one.json -p p.json -r 3 --json
json '(.modes | length) == 3 and ([.modes[]] | every(.makespan == 12.375 and .classes.execution == 12.375)) and (.parts | length) == 1'

if command -v gnuplot >/dev/null; then
  succeeds explain w.json -p p.json -r 2 --plot why.svg
  [ -s why.svg ] || fail "--plot wrote nothing"
  grep -q '>makespan \[s\]<' why.svg || fail "the axis of --plot has no unit"
  # Slivers (below half a per cent of the longest bar) share an entry: two of them, never a single one.
  parts() { jq -n --argjson s "$1" '{command: "explain", version: "0", parts: [{words: "much", sequential: 99}, {words: "some", sequential: 0.6},
    {words: "little", sequential: 0.3}, {words: "less", sequential: $s}]}' >parts.json; }
  parts 0.1
  succeeds plot explain parts.json -o parts.svg
  grep -q '>2 smaller parts<' parts.svg && grep -q '>some<' parts.svg || fail "slivers: $(grep -o '<text>[a-z0-9 ]*' parts.svg)"
  absent '>(little|less)<' parts.svg "slivers have names"
  jq 'del(.parts[3])' parts.json >one_sliver.json
  succeeds plot explain one_sliver.json -o parts.svg
  grep -q '>little<' parts.svg || fail "a single sliver has no name"
  absent smaller parts.svg "a single sliver"
fi
refuses '--plot: .*does not end in' explain w.json -p p.json --plot why.xyz
refuses 'no-such.json' explain no-such.json -p p.json
finish
