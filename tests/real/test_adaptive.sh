#!/bin/bash
# Sessions that decided at run time: what repeats is read as a loop, and they are predicted with outcomes known and with outcomes drawn.
. tests/cli/common.sh
shared=$source_dir/../shared/traces
[ -d "$shared/adaptive" ] || { echo "skipped: no ../shared/traces/adaptive"; exit 77; }

for of in adap-16:1:16 adap-bot-16:1:16 predef-16:1:16 msm-trial2:2:10; do
  IFS=: read -r name stages times <<<"$of"
  succeeds import "$shared/adaptive/$name.tar.gz" --loops --write-workflow "$name.json" --write-platform "p-$name.json" --json
  json "(.loops | length) == 1 and .loops[0].stages == $stages and .loops[0].times == $times and .loops[0].alike > 0.9"
  jq -e ".loops[0].stop.probability == 1 / $times and (.loops[0].sets | length) == $stages" "$name.json" >/dev/null ||
    fail "$name: the loop that was written: $(jq -c .loops "$name.json")"
  succeeds calibrate "$shared/adaptive/$name.tar.gz" --output "m-$name.json"
  succeeds validate "$shared/adaptive/$name.tar.gz" -m "m-$name.json" --json     # outcomes known, in sample
  json '.sessions[0] | .predicted.mean / .measured | . > 0.98 and . < 1.02'
  succeeds simulate "$name.json" -p "./p-$name.json" --mode pipelined --replicas 2000 --json
  json ".decided[] | select(.figure == \"iterations\") | .mean > 0.93 * $times and .mean < 1.07 * $times"
done
succeeds import "$shared/adaptive/msm-trial2.tar.gz"        # a task at a time, and output that the client moves
says '110 bulks'
# ... which the written workflow has: it gives the same, without middleware and with its own.
succeeds import "$shared/adaptive/msm-trial2.tar.gz" --write-workflow w.json --write-platform p.json --json
alone=$(jq .simulated.makespan_s "$out")
succeeds simulate w.json -p ./p.json -m ideal --mode pipelined --replicas 1 --json
json "(.makespan.mean - $alone) | fabs < 1e-6"
succeeds validate "$shared/adaptive/msm-trial2.tar.gz" -m m-msm-trial2.json --information measured --json
known=$(jq -c '.sessions[0].predicted | [.mean, .sd]' "$out")
succeeds simulate w.json -p ./p.json -m ./m-msm-trial2.json --mode pipelined --replicas 400 --json
json "[.makespan.mean, .makespan.sd] as \$a | $known as \$b | [(\$a[0] - \$b[0]), (\$a[1] - \$b[1])] | map(fabs) | max < 1e-6"
jq -e '[.task_sets[].phases[]? | select(.staging == "outside")] | length == 10' w.json >/dev/null || fail "staging of 10 analyses: $(jq -c '[.task_sets[].phases]' w.json)"
# IMPRESS: who comes first after an end decides hours. That known, the makespan is; drawn, it is of two modes.
succeeds calibrate "$shared/adaptive/impress-gpu005.tar.gz" --output m-impress.json
jq -e '.stations.launch | .alone == "without_gpu" and .retry.mean > 0.02 and .retry.mean < 0.5' m-impress.json >/dev/null ||
  fail "launch.retry: $(jq -c .stations.launch m-impress.json)"
succeeds validate "$shared/adaptive/impress-gpu005.tar.gz" -m "m-impress.json" --json
echo "IMPRESS: $(jq -c '.sessions[0] | [.measured, .predicted.mean, .launch_order]' "$out")"
json '.sessions[0] | .predicted.mean / .measured | . > 0.997 and . < 1.003'
json '.sessions[0].launch_order.known and .sessions[0].launch_order.drawn.in_interval'
# Another launcher's profile, since its own was fitted on it.
succeeds validate "$shared/adaptive/impress-gpu005.tar.gz" --json
json '.sessions[0] | (.in_sample | not) and (.predicted.mean / .measured | . > 0.997 and . < 1.003)'
# Its pipelines follow their own stages, and all of them: no other that ended about then.
succeeds import "$shared/adaptive/impress-gpu005.tar.gz" --write-workflow impress.json
jq -e '[.task_sets[] | .name as $n | .after[]? | if type == "object" then .set else . end | select((. | split(".")[0]) != ($n | split(".")[0]))] | length == 7' \
  impress.json >/dev/null || fail "edges between pipelines: $(jq -c '[.task_sets[] | [.name, .after]]' impress.json)"
succeeds import "$shared/adaptive/impress-gpu005.tar.gz" --json
json '[.loops[] | [.of, .stages, .times]] == [["p1", 4, 3], ["p2", 4, 3]]'

# Outcomes drawn, all of them left out one at a time, in one command: they hold, and are no wider than loops of a kind differ.
mkdir -p all
ln -sf "$shared"/adaptive/*.tar.gz "$shared/libensemble" all/
succeeds validate --leave-out session --keep-going --json all/*.tar.gz all/libensemble/*
# Outcomes known, EnTK's are within 0.5 %.
echo "left out: $(jq -c '[.sessions[] | .predicted.mean / .measured - 1]' "$out")"
json '[.sessions[:4][] | .predicted.mean / .measured - 1 | fabs < 0.005] | length == 4 and every(.)'
json '[.outcomes_drawn[] | select(.predicted.mean != null)] | length >= 17 and ([.[] | select(.in_interval)] | length) / length >= 0.95'
json '[.outcomes_drawn[] | select(.iterations.measured > 9) | (.predicted.pi95[1] - .predicted.pi95[0]) / .predicted.mean] | length == 4 and max < 2.2'

# Learnt from the others of its kind, and of a session alone from its own.
succeeds validate "$shared"/adaptive/*.tar.gz --json
json '(.outcomes_drawn | length) == 5 and ([.outcomes_drawn[] | select(.in_interval)] | length) == 5'
json '[.outcomes_drawn[].iterations.measured] == [16, 16, 6, 10, 16]'
json '.outcomes_drawn[0].learnt_from == "3 loops of other sessions of its kind"'
succeeds validate "$shared/adaptive/msm-trial2.tar.gz" -m radical-entk
says "this session's own loops"

# A generator that decides each next simulation is a campaign.
succeeds import "$shared/libensemble/Polaris_04n_0256a" --loops --write-workflow c.json
says '4 at once, 100 in all: read as a campaign'
jq -e '.campaigns == [{"name": "ensemble", "candidates": "sim", "in_flight": 4, "budget": 100}]' c.json >/dev/null || fail "$(jq -c .campaigns c.json)"
refuses 'needs --write-workflow' import "$shared/adaptive/adap-16.tar.gz" --loops
finish
