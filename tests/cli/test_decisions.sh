#!/bin/bash
# Workflows that decide at run time: words, figures, files, the same bytes on any threads, and refusals.
. tests/cli/common.sh

examples=$source_dir/examples
succeeds describe "$examples/adaptive_ddmd.json"
says 'cycle: repeats simulate, aggregate, train and infer 2 to 20 times, 5.93 on average; decided by infer, which takes 2 s'
says 'infer: for each task of simulate 0.4 on average \(binomial\)'
succeeds describe "$examples/hyperparameters.json"
says 'when it is done, what is left of rest is cancelled'

succeeds compare "$examples/adaptive_ddmd.json" -p summit -n 16 -r 400 --json
json '[.decided[] | select(.figure == "iterations") | .mean] | length == 3 and every(. > 5.4 and . < 6.5)'
succeeds compare "$examples/active_learning.json" -p summit -n 2 -r 20
says 'asynchronous campaign gives [0-9.]+ % more results an hour'
says 'takes what is decided by expectation'
echo '{"task_sets": [{"name": "c", "duration": 10}, {"name": "d", "duration": 20}], "campaigns": [
       {"name": "x", "candidates": "c", "in_flight": 2, "budget": 20}, {"name": "y", "candidates": "d", "in_flight": 4, "budget": 20}]}' >two.json
succeeds simulate two.json -p summit -n 1 -r 2 --json
json '[.decided[] | select(.figure | startswith("results an hour")) | [.figure, .mean]] == [["results an hour of x", 720], ["results an hour of y", 720]]'
# Jobs hand decisions on: cut while a decision takes its time, the chain is as long as one job.
echo '{"task_sets": [{"name": "a", "tasks": {"distribution": "uniform", "min": 1, "max": 5}, "duration": 100}],
       "loops": [{"name": "l", "sets": ["a"], "stop": {"after": 4}, "decision_time": 15}]}' >chain.json
succeeds simulate chain.json -p summit -n 1 -r 20 --json
jq -c '[.makespan, .decided]' "$out" >whole.json
json '.makespan.max == 445'
succeeds simulate chain.json -p summit -n 1 -r 20 --walltime 112 --jobs 6 --json
jq -c '[.makespan, .decided]' "$out" >chain.out
cmp -s whole.json chain.out || fail "a chain of jobs: $(cat chain.out), not $(cat whole.json)"
# What time decides goes over their ends: tasks of 10 s one after the other, jobs of 45 s; the fifth is cut and begins again, ends are
# at 10, 20, 30, 40, 55, 65, 75, 85, 100 s. With 20 s in the queue the next job begins at 65 s: 75, 85, 95, 105.
over() {                                 # STOP OF THE CAMPAIGN OR LOOP, FIGURE, VALUE, MAKESPAN, OPTION...
  jq -n "{task_sets: [{name: \"a\", cores: 1, duration: 10}]} + $1" >over.json
  succeeds simulate over.json -p summit -n 1 -r 2 --walltime 45 --jobs 9 --json "${@:5}"
  json "([.decided[] | select(.figure == \"$2\") | .mean] == [$3]) and .makespan.mean == $4"
}
over '{loops: [{name: "l", sets: ["a"], stop: {budget: 97}}]}' iterations 9 100
over '{loops: [{name: "l", sets: ["a"], stop: {budget: 97}}]}' iterations 8 105 --queue-wait 20
over '{campaigns: [{name: "l", candidates: "a", in_flight: 1, time: 97}]}' tasks 9 100
over '{campaigns: [{name: "l", candidates: "a", in_flight: 1, time: 97}]}' tasks 8 105 --queue-wait 20
over '{campaigns: [{name: "l", candidates: "a", in_flight: 1, hits: 6, hit_probability: 1}]}' 'time to the hits [s]' 65 65
refuses 'jobs do not hand on what .cancels. has ended' simulate "$examples/hyperparameters.json" -p summit -n 1 --walltime 1h --jobs 6
succeeds model "$examples/adaptive_ddmd.json" -p summit -n 16
says 'as expected'
succeeds explain "$examples/adaptive_ddmd.json" -p summit -n 16 -r 8
says 'waiting for a decision, after infer'
says 'decisions take no time'

for e in adaptive_ddmd active_learning hyperparameters quality_gate; do
  run simulate "$examples/$e.json" -p summit -n 2 -r 40 --threads 1 --json --timeline one.csv
  jq 'del(.. | .threads?) | del(.commands?)' "$out" >one.json
  run simulate "$examples/$e.json" -p summit -n 2 -r 40 --threads 3 --json --timeline three.csv
  jq 'del(.. | .threads?) | del(.commands?)' "$out" >three.json
  checks=$((checks + 2))
  cmp -s one.csv three.csv && [ -s one.csv ] || fail "$e: timelines differ with threads"
  cmp -s <(jq .makespan one.json) <(jq .makespan three.json) || fail "$e: makespans differ with threads"
done
succeeds plot dag "$examples/active_learning.json" -o dag.svg
succeeds plot campaign "$examples/active_learning.json" -p summit -n 2 -o campaign.svg
[ "$(grep -c 'hits' campaign.svg)" -ge 1 ] || fail "the campaign's curves do not show its hits"
succeeds compare "$examples/active_learning.json" -p summit -n 2 -r 4 --report campaign.html
grep -q 'Results of the campaign over time' campaign.html || fail "no curves in the report"
refuses 'has no campaign' plot campaign "$examples/quality_gate.json" -p summit -n 1 -o none.svg
succeeds plot gantt "$examples/adaptive_ddmd.json" -p summit -n 16 --mode asynchronous -o gantt.svg
grep -q 'every second iteration' gantt.svg || fail "iterations are not shaded"
succeeds plot gantt "$examples/ddmd.json" -p summit -n 16 --mode asynchronous -o plain.svg
succeeds simulate "$examples/quality_gate.json" -p summit -n 1 -r 4 --report page.html
succeeds convert "$examples/quality_gate.json" again.json --to workflow
cmp -s <("$DAGCAST" describe again.json) <("$DAGCAST" describe "$examples/quality_gate.json") ||
  fail "what was converted is described otherwise"
refuses 'WfFormat cannot say' convert "$examples/quality_gate.json" -
echo '{"task_sets": [{"name": "a", "duration": 1}], "loops": [{"name": "l", "sets": ["a"]}]}' >endless.json
refuses "can never end" describe endless.json
echo '{"task_sets": [{"name": "a", "duration": 1}], "loops": [{"name": "l", "sets": ["a"], "stop": {"probability": 1e-9}}]}' >long.json
run simulate long.json -p summit -n 1 -r 1
[ "$status" -eq 2 ] && grep -q 'give it .at_most' "$err" || fail "a loop that hardly ends: $status, $(cat "$err")"

# Services beside loops and campaigns: each iteration's own, and one for all.
service='{"name": "llm", "cores": 4, "service": {"rate": 1, "ready": 1}}, {"name": "c", "tasks": 8, "phases": [{"compute": 1}, {"flow": "llm", "amount": 1}]}'
for sets in '"llm", "c"' '"c"'; do
  echo '{"task_sets": ['"$service"'], "loops": [{"name": "l", "sets": ['"$sets"'], "at_most": 4}]}' >served.json
  succeeds simulate served.json -p summit -n 1 -r 3 --json
  json '(.makespan.mean - 36) | fabs < 1e-6'              # 4 iterations of 1 s of computing, then 8 requests at 1 a second
done
echo '{"task_sets": ['"${service/\"tasks\": 8, /}"'], "campaigns": [{"name": "s", "candidates": "c", "in_flight": 4, "budget": 20}]}' >served.json
succeeds simulate served.json -p summit -n 1 -r 3 --json
json '(.makespan.mean - 25) | fabs < 1e-6'                # 5 rounds of 1 s of computing, then 4 requests
refuses "'llm' is a service, which lasts as long as its clients" simulate <(sed 's/"candidates": "c"/"candidates": "llm"/' served.json) -p summit
refuses "is a service that comes after its client 'c'" simulate <(echo '{"task_sets": ['"${service/\"cores\": 4/\"cores\": 4, \"after\": [\"c\"]}"']}') -p summit
echo '{"task_sets": [{"name": "a", "duration": 1}, {"name": "b", "duration": 1, "after": ["a"], "tasks": {"share": 0.5, "of": "b"}}]}' >own.json
refuses "its number of tasks depends on 'b', so it must come after it" describe own.json

# Without a node that could go on, a campaign of a given time ends too.
echo '{"workflow": {"task_sets": [{"name": "a", "duration": {"distribution": "exponential", "mean": 10}}], "campaigns": [{"name": "s", "candidates": "a", "in_flight": 4, "time": 1e6}]},
  "platform": {"name": "p", "nodes": [{"count": 2, "cores": 8}], "failures": {"mtbf": 30}}}' >dead.json
succeeds simulate dead.json -r 3 --json
json '.share_complete == 0'
echo '{"task_sets": [{"name": "a", "duration": 1, "when": 0}]}' >nothing.json
succeeds simulate nothing.json -p summit -n 1 -r 3 --json
json '.makespan.mean == 0'
# A campaign that only its hits end, and that cannot reach them in a session, is refused before the run.
echo '{"task_sets": [{"name": "s", "duration": 10}, {"name": "l", "duration": 5}],
       "campaigns": [{"name": "x", "candidates": "s", "hits": 10, "hit_probability": 1e-9, "learn": "l", "every": 4}]}' >far.json
refuses "campaign 'x': is expected to need more than 1e.09 candidates for its 10 hits; give it a .budget. or a .time." compare far.json -p p.json
# A service that comes after a later stage: its clients are in no stage before its own.
echo '{"task_sets": [{"name": "prep", "tasks": 2, "duration": 10}, {"name": "late", "duration": 5, "after": ["prep"]},
  {"name": "c", "tasks": 2, "phases": [{"compute": 1}, {"flow": "llm", "amount": 1}]},
  {"name": "llm", "service": {"rate": 1, "ready": 3, "at_once": 1}, "after": ["late"]}, {"name": "end", "duration": 2, "after": ["c"]}]}' >later.json
echo '{"nodes": [{"count": 1, "cores": 8}]}' >later.platform.json
succeeds compare later.json -p ./later.platform.json -r 2 --json
json '[.modes[].share_complete] == [1, 1, 1] and [.modes[].makespan.mean] == [22, 22, 22]'

# A client whose service is decided away is told so.
echo '{"task_sets": [{"name": "llm", "service": {"rate": 1, "ready": 1}, "when": 0}, {"name": "c", "phases": [{"flow": "llm", "amount": 2}]}]}' >alone.json
platform p.json
refuses "task set 'c': asks 'llm', but this session has no service of that name" simulate alone.json -p p.json -r 2

# What a loop holds does not grow with iterations gone by (docs/performance.md): 100 times as many take less than 1.5 times as much.
campaign_peak() {                        # KiB of RESULTS
  echo '{"task_sets": [{"name": "c", "duration": {"distribution": "exponential", "mean": 30}}, {"name": "l", "duration": 5}],
         "campaigns": [{"name": "s", "candidates": "c", "in_flight": 16, "budget": '"$1"', "learn": "l", "every": 4}]}' >campaign.json
  /usr/bin/time -f %M "$DAGCAST" simulate campaign.json -p p.json -r 1 --mode pipelined -q 2>&1 >/dev/null
}
peak() {                                 # KiB of COMMAND of ITERATIONS
  echo '{"task_sets": [{"name": "a", "duration": {"distribution": "exponential", "mean": 10}}, {"name": "b", "duration": 5, "after": ["a"]}],
         "loops": [{"name": "l", "sets": ["a", "b"], "stop": {"after": '"$2"'}, "at_most": 1000000}]}' >loop.json
  /usr/bin/time -f %M "$DAGCAST" $1 loop.json -p p.json 2>&1 >/dev/null
}
if [ -x /usr/bin/time ] && ! grep -q __asan_init "$DAGCAST"; then
  for run in 'simulate -r 1 -q --mode sequential' 'simulate -r 1 -q --mode asynchronous' 'compare -r 1 -q' model; do
    short=$(peak "$run" 500) long=$(peak "$run" 20000)
    checks=$((checks + 1))
    [ "$long" -lt $((short * 3 / 2)) ] || fail "$run: 500 iterations take $short KiB, 20,000 take $long"
  done
  short=$(campaign_peak 1000) long=$(campaign_peak 100000)
  checks=$((checks + 1))
  [ "$long" -lt $((short * 3 / 2)) ] || fail "1,000 results take $short KiB, 100,000 take $long"
fi
finish
