#!/bin/bash
# Runs of any tool, known by starts, ends and submissions: calibrated on, validated against, explained, without a word of RADICAL.
. tests/cli/common.sh

no_radical() { # the last output
  absent '[Rr][Aa][Dd][Ii][Cc][Aa][Ll]|[Ee][Nn][Tt][Kk]|[Pp][Ii][Ll][Oo][Tt]|[Aa][Gg][Ee][Nn][Tt]|run\(\)' "$out" "$1 speaks of RADICAL"
}

cat >w.json <<'J'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 40, "duration": {"distribution": "uniform", "min": 20, "max": 90}},
  {"name": "b", "tasks": 40, "duration": {"distribution": "uniform", "min": 20, "max": 90}, "after": [{"set": "a", "kind": "each"}]},
  {"name": "c", "tasks": 4, "duration": 30, "after": ["b"]}]}
J
echo '{"name": "box", "nodes": [{"count": 2, "cores": 16}]}' >box.json
cat >truth.json <<'J'
{"name": "truth", "stations": {"client": {"next_task": 3}, "startup": {"warm": {"distribution": "gamma", "mean": 0.4, "sd": 0.1}},
 "free": {"base": 1.2}}, "between_sd": {"client.next_task": 0.1, "startup.warm": 0.1, "free.base": 0.1}}
J
for k in 1 2 3 4 5; do
  succeeds simulate w.json --platform box.json --middleware truth.json --mode asynchronous --seed $k --timeline t$k.csv
done

succeeds calibrate t?.csv --output fitted.json
no_radical calibrate
says '^startup.warm +fitted +5 '
says '^free.base +fitted +5 '
succeeds calibrate t?.csv --json
json '.stations["startup.warm"].mean - 0.4 | fabs < 0.05'
json '.stations["free.base"].mean - 1.2 | fabs < 0.2'
json '.stations | has("client.next_stage") | not'
succeeds describe fitted.json
no_radical describe

succeeds validate --leave-one-out t?.csv
no_radical validate
says 'when tasks without dependencies were submitted'
succeeds validate --leave-one-out t?.csv --json
json '[.sessions[].error_percent | fabs] | max < 1'
json '[.sessions[].in_interval] | map(select(.)) | length >= 4'
succeeds validate t1.csv --middleware fitted.json
no_radical "validate --middleware"
says "^IN SAMPLE: t1: the profile 'calibrated' was fitted on it"
says '^Predicted from level [a-z]+. 1 of 1 in sample\.'
succeeds validate t1.csv --middleware fitted.json --json
json '.sessions[0].in_sample and (.notes | length == 1)'

for command in simulate compare explain; do
  succeeds $command w.json --platform box.json --middleware fitted.json --replicas 20
  no_radical $command
done

# Which scheduler: tasks of unlike sizes that wait, under a known one.
durations() { seq "$1" | awk -v from="$2" -v most="$3" '{ printf("%s%.2f", NR > 1 ? ", " : "", from + ($1 * 17.31) % most) }'; }
cat >mixed.json <<J
{"name": "mixed", "task_sets": [
  {"name": "a", "tasks": 12, "cores": 5, "durations": [$(durations 12 20 40)]},
  {"name": "b", "tasks": 6, "cores": 16, "release": 0.01, "durations": [$(durations 6 20 40)]},
  {"name": "c", "tasks": 20, "cores": 3, "release": 0.02, "durations": [$(durations 20 5 45)]}]}
J
for scheduler in flux_fcfs nextflow flux_conservative; do
  succeeds simulate mixed.json --platform box.json --scheduler $scheduler --mode asynchronous --timeline r.csv
  awk -F, 'BEGIN { OFS = "," } NR > 2 { $6 = $7 = $8 = $11 = $12 = "" } 1' r.csv >only_starts.csv
  succeeds replay only_starts.csv
  no_radical replay
  succeeds replay only_starts.csv --json
  json "[.replay.named[] | select(.scheduler == \"$scheduler\")][0].explained == 38"
  json '[.replay.named[] | select(.explained == 38)] | length < 4'
  json '.replay.placements == 38'
done

# A generator: one server between ends and submissions, W at once.
echo '{"name": "bag", "task_sets": [{"name": "sim", "tasks": 80, "duration": {"distribution": "uniform", "min": 2, "max": 9}}]}' >bag.json
echo '{"name": "four", "nodes": [{"count": 4, "cores": 1}]}' >four.json
seconds() { date -u -d "@$1" +'%Y-%m-%d %H:%M:%S.%3N'; }
for k in 1 2 3 4; do
  echo "{\"stations\": {\"client\": {\"base\": 0.$((78 + k)), \"per_task\": 0.7, \"window\": 4}}}" >g.json
  succeeds simulate bag.json --platform four.json --middleware g.json --mode asynchronous --seed $k --timeline g.csv
  mkdir run$k
  { echo "Manager     : Starting ensemble at: $(seconds 1700000000)"
    awk -F, 'function date(s,  to) { s = sprintf("date -u -d @%.3f +\"%%Y-%%m-%%d %%H:%%M:%%S.%%3N\"", 1700000000 + s); s | getline to; close(s); return to }
      NR > 2 { printf "Worker %5d: sim_id %5d: sim Time: %.3f Start: %s End: %s Status: Not set\n", substr($13, 5) + 2, $2, $10 - $9, date($9), date($10) }' g.csv
    echo "Worker     1: Gen no     1: gen Time: 500.000 Start: $(seconds 1700000000) End: $(seconds 1700000500) Status: Persis gen finished"
  } >run$k/libE_stats.txt
done
succeeds calibrate run? --json
json '.stations["client.per_task"].mean - 0.7 | fabs < 0.1'
json '.profile.stations.client | .window == 4 and .window_slots'
succeeds validate --leave-one-out run?
no_radical "validate of libEnsemble"
says 'window \(4 tasks at once\)'
succeeds validate --leave-one-out run? --json
json '[.sessions[].error_percent | fabs] | max < 3'

# A makespan without starts: one figure a task level.
for k in 1 2 3; do
  cat >wf$k.json <<J
{"name": "wf$k", "schemaVersion": "1.5", "workflow": {"specification": {"tasks": [{"name": "a", "id": "a1", "children": ["b1"]},
  {"name": "b", "id": "b1", "parents": ["a1"], "children": ["c1"]}, {"name": "c", "id": "c1", "parents": ["b1"]}]},
 "execution": {"makespanInSeconds": $((60 + 2 * (9 + k))), "executedAt": "2024-01-0${k}T00:00:00Z", "tasks": [
  {"id": "a1", "runtimeInSeconds": 10}, {"id": "b1", "runtimeInSeconds": 20}, {"id": "c1", "runtimeInSeconds": 30}]}}}
J
done
succeeds calibrate wf?.json --output levels.json
says 'one figure for each of its 3 task levels'
no_radical "calibrate of makespans"
succeeds calibrate wf?.json --json
json '.stations["client.next_task"].mean - 11 | fabs < 1e-6'
succeeds validate --leave-one-out wf?.json --json
json '[.sessions[].error_percent | fabs] | max < 5'

# What if: the run again with its own latencies.
succeeds replay t1.csv --change nothing --json
json '.counterfactual.placebo.error | fabs < 1'
succeeds replay t1.csv --change nodes=1
no_radical "replay --change"
says 'With nodes=1: .*against the placebo'
succeeds replay run1 --change station.client.base=0 --json
json '.counterfactual.difference < -20'
succeeds replay run1 --change nodes=2 --json
json '.counterfactual.difference > 40'
succeeds replay run1 --change nodes=4 --json
json '.counterfactual.difference | fabs < 1e-6'
succeeds replay run1 --change station.client.base=0 --json
json '.counterfactual.measured as $m | .counterfactual.placebo.error / $m | fabs < 0.02'

# Attempts of one task that overlap, or of which one never started.
cat >jobs.csv <<'J'
JobID|JobName|Submit|Start|End|Elapsed|State|AllocCPUS|NNodes|NodeList
7|a|2024-03-01T00:00:00|2024-03-01T00:00:10|2024-03-01T00:10:10|00:10:00|NODE_FAIL|4|1|c1
7|a|2024-03-01T00:00:00|2024-03-01T00:10:12|2024-03-01T00:20:12|00:10:00|COMPLETED|4|1|c1
8|b|2024-03-01T00:00:00|2024-03-01T00:00:10|2024-03-01T00:10:10|00:10:00|NODE_FAIL|2|1|c2
8|b|2024-03-01T00:00:00|2024-03-01T00:05:00|2024-03-01T00:20:12|00:15:12|COMPLETED|2|1|c2
9|c|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|PENDING|2|1|None assigned
J
succeeds calibrate jobs.csv
succeeds replay jobs.csv --json
json '.replay.placements >= 2'
succeeds replay jobs.csv --change nothing

# Makespans without starts: runs of one workflow predict each other; of another one they say little, which is said.
instance() {                             # FILE TASK LATENCY: three levels of four tasks, LATENCY s beyond each level but the first
  jq -n --arg name "$2" --argjson latency "$3" '[range(3) as $l | range(4) as $i | {id: "\($name)\($l)_\($i)", name: "\($name)\($l)",
    parents: (if $l then [range(4) | "\($name)\($l - 1)_\(.)"] else [] end), children: (if $l < 2 then [range(4) | "\($name)\($l + 1)_\(.)"] else [] end)}] as $t
    | {name: "\($name)-\($latency)", schemaVersion: "1.5", workflow: {specification: {tasks: $t}, execution: {makespanInSeconds: (300 + 2 * $latency),
       tasks: [$t[] | {id, runtimeInSeconds: 100, coreCount: 1}]}}}' >"$1"
}
instance i1.json map 20
instance i2.json map 22
instance i3.json map 21
instance i4.json fold 60
succeeds validate --leave-one-out i1.json i2.json i3.json --json
json '[.sessions[] | (.error_percent | fabs) < 2 and (.calibrated_on.of_other_workflows | not)] | every(.)'
succeeds validate --leave-one-out i1.json i4.json
says '2 of 2 from other workflows alone, which says little of them'
says 'none has a task set called as one of its'
succeeds validate --leave-one-out i1.json i4.json --json
json '[.sessions[].calibrated_on.of_other_workflows] == [true, true]'

# The recorded runs, where they are: what docs/validation.md claims.
traces=$source_dir/../shared/traces/libensemble
if [ -d "$traces" ]; then
  succeeds validate --leave-one-out "$traces"/* --json
  json '[.sessions[].error_percent | fabs] | sort | .[length / 2 | floor] < 1'
  json '[.sessions[].error_percent | fabs] | sort | .[length * 0.9 | floor] < 10'
  json '[.sessions[].in_interval] | map(select(.)) | length >= 12'
fi

finish
