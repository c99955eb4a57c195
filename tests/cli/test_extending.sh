#!/bin/bash
# What docs/extending.md says of a new placement and a new order: a file and a row each, and every command knows them. $EXTENDED is the
# program with both (tests/extending/generate).
. tests/cli/common.sh
DAGCAST=$EXTENDED
workflow w.json
platform p.json

succeeds list placements --json
json '[.. | strings] | any(. == "fewest_gpus")'
succeeds list orders --csv
says '^widest,sets of many tasks first$'
refuses "did you mean 'fewest_gpus'" simulate w.json -p p.json --placement fewest_gpu
jq -n '{workflow: "w.json", platform: "p.json", order: "widest", placement: "fewest_gpus"}' >s.json
succeeds simulate s.json --json
json '.scenario.order == "widest" and .scenario.placement == "fewest_gpus"'

# A task without GPUs goes where the fewest GPUs are free: to the second node, not to the first.
jq -n '{nodes: [{cores: 4, gpus: 4}, {cores: 4, gpus: 1}]}' >unlike.json
jq -n '{task_sets: [{name: "a", cores: 1, duration: 10}]}' >one.json
succeeds simulate one.json -p ./unlike.json --placement fewest_gpus --timeline t.csv
grep -q '^a,0,0,done,.*,node1,' t.csv || fail "not on the second node: $(cat t.csv)"
# Of two sets that are ready together the one of more tasks goes first.
jq -n '{task_sets: [{name: "few", cores: 4, duration: 10}, {name: "many", tasks: 2, cores: 4, duration: 10}]}' >sets.json
jq -n '{nodes: [{cores: 4}]}' >small.json
succeeds simulate sets.json -p ./small.json --order widest --overtake none --timeline t.csv
[ "$(grep -v session t.csv | sed 1d | cut -d, -f1 | tr '\n' ' ')" = "many many few " ] || fail "not the many first: $(cat t.csv)"
finish
