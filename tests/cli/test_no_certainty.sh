#!/bin/bash
# What is not known is not printed as a number: the spread of one replica, shares of no time, makespans of runs that were cut, barriers
# whose removal gains nothing.
. tests/cli/common.sh
workflow w.json
platform p.json

# One replica has no spread, in text and in JSON.
for command in simulate compare explain; do
  succeeds $command w.json -p p.json -r 1
  absent '(^|[^a-z])sd( |$)|quantiles +[0-9]|interval +[-+0-9]|[0-9.]+ \.\. '
  says 'One replica is one possible makespan'
  succeeds $command w.json -p p.json -r 2
  absent 'One replica is one possible makespan'
done
succeeds simulate w.json -p p.json -r 1 --json
json '.makespan | .mean > 0 and .sd == null and .ci95 == null and ([.quantiles[]] == [null, null, null]) and .min == .mean'
json '.notes | length == 1 and (.[0] | startswith("One replica"))'
succeeds simulate w.json -p p.json -r 2 --json
json '.makespan.sd > 0 and .makespan.ci95[0] < .makespan.mean and (has("notes") | not)'
succeeds compare w.json -p p.json -r 1 --json
json '[.modes[]] | every(.makespan.sd == null and .session.sd == null and .makespan.quantiles["0.95"] == null)'
json '.modes.asynchronous.improvement | .mean > 0 and .ci95_paired == null and .ci95_independent == null'
succeeds explain w.json -p p.json -r 1 --json
json '.what_if.worlds.mean_durations | .difference != null and .ci95 == null'
json '.what_if.orders | .worst_difference_ci95 == null'
echo '{"name": "s", "workflow": "w.json", "platform": "p.json", "replicas": 1, "grid": {"nodes": [1, 2]}}' >study.json
succeeds sweep study.json --store s.sqlite --json
json '[.. | objects | select(has("makespan_s"))] | length >= 2 and every(.makespan_sd_s == null and .makespan_q95_s == null)'
succeeds sweep study.json --store s.sqlite
absent '(^|[^a-z])sd, s|quantile'

# Tasks of 0 s: no share, no gain, no nan, in any command.
cat >zero.json <<'JSON'
{"name": "z", "task_sets": [{"name": "a", "tasks": 3, "duration": 0}, {"name": "b", "tasks": 3, "duration": 0, "after": ["a"]}]}
JSON
for command in simulate compare explain advise model; do
  for replicas in 1 3; do
    case $command in advise) more=(-n 1..2) ;; model) more=() ;; *) more=(-r $replicas) ;; esac
    succeeds $command zero.json -p p.json "${more[@]}"
    absent '[^a-z](nan|inf)[^a-z]'
    succeeds $command zero.json -p p.json "${more[@]}" --json
    absent '[^a-z](nan|inf)[^a-z]'
  done
done
succeeds compare zero.json -p p.json -r 3
says 'Sequential execution takes no time'
succeeds explain zero.json -p p.json -r 3
says 'The makespan is 0 s'
succeeds compare zero.json -p p.json -r 3 --json
json '.modes.asynchronous.improvement.mean == null and .modes.sequential.makespan.mean == 0'

# A makespan of a cut run says so first.
for command in simulate compare explain; do
  succeeds $command w.json -p p.json -r 5 -w 20
  head -4 "$out" | tr '\n' ' ' | grep -q '^CUT RUNS: 0.0 % of the .* replicas did every task (walltime 20 s)' || fail "$command begins with: $(head -4 "$out")"
  succeeds $command w.json -p p.json -r 5 -w 20 --json
  json '.notes[0] | startswith("CUT RUNS: 0.0 %")'
  succeeds $command w.json -p p.json -r 5
  absent 'CUT RUNS'
done

# One core is always busy: sequential execution waits 100 s at the barrier after c, and so does asynchronous execution for the core.
echo '{"nodes": [{"cores": 1}]}' >one.json
cat >chained.json <<'JSON'
{"task_sets": [{"name": "a", "duration": 10}, {"name": "c", "duration": 100}, {"name": "b", "duration": 10, "after": ["a"]}]}
JSON
succeeds explain chained.json -p one.json -r 3 --json
json '.modes.sequential.classes.barriers == 100 and .modes.sequential.makespan == 120 and .modes.asynchronous.makespan == 120'
json '.why | startswith("Barriers are not the reason: asynchronous execution gains nothing") and contains("waiting for cores, held by c")'
finish
