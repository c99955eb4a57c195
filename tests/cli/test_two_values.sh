#!/bin/bash
# Where one mean is not the whole answer, both values are given: two groups of replicas, orders of submission.
. tests/cli/common.sh
workflow w.json
platform p.json

flat() {                                 # the last output's words without line breaks
  tr '\n' ' ' <"$out" | tr -s ' ' >flat.txt
  mv flat.txt "$out"
}

# One task lasts 2879 or 3404 s: about 60 and 40 % of the replicas.
cat >two.json <<'JSON'
{"name": "two", "task_sets": [{"name": "a", "duration": {"distribution": "mixture", "weights": [6, 4], "parts": [
  {"distribution": "normal", "mean": 2879, "sd": 5}, {"distribution": "normal", "mean": 3404, "sd": 5}]}}]}
JSON
succeeds simulate two.json -p p.json -r 200 --json
json '.bimodal | .low > 2877 and .low < 2881 and .high > 3402 and .high < 3406 and .share_low > 0.5 and .share_low < 0.7'
json '.bimodal | .share_low + .share_high == 1 and .gap > 480'
for command in simulate compare; do
  succeeds $command two.json -p p.json -r 200
  flat
  says 'Bimodal \(asynchronous\): [56][0-9] % of the replicas take about 28(78|79|80).[0-9] s, [34][0-9] % about 340[345].[0-9] s'
done
succeeds advise two.json -p p.json -n 1 --verbose
flat
says 'Makespans of the choice: Bimodal'
succeeds advise two.json -p p.json -n 1 --json
json '.rows | every(.bimodal.low < 2900 and .bimodal.high > 3390)'

# b (30 s) or a (10 s) first on one core, c (50 s on the GPU) after a: 90 s in the file's order, 60 s in the other.
echo '{"nodes": [{"cores": 1, "gpus": 1}]}' >one.json
cat >orders.json <<'JSON'
{"name": "orders", "task_sets": [{"name": "b", "duration": 30}, {"name": "a", "duration": 10},
  {"name": "c", "cores": 0, "gpus": 1, "duration": 50, "after": ["a"]}],
 "pipelines": [{"name": "first", "stages": [["b"]]}, {"name": "second", "stages": [["a"], ["c"]]}]}
JSON
for mode in pipelined asynchronous; do
  succeeds simulate orders.json -p one.json --mode $mode --json
  json '.order | .file == 90 and .best == 60 and .worst == 90 and .matters'
  succeeds simulate orders.json -p one.json --mode $mode
  flat
  says "The order of submission matters \($mode\): 90.0 s in file order, 60.0 to 90.0 s over (all )?[0-9] orders \(33.3 %\)"
done
succeeds simulate orders.json -p one.json --mode sequential --json
json '.order == null and .bimodal == null'
succeeds compare orders.json -p one.json --json
json '.modes | .pipelined.order.matters and .asynchronous.order.matters and .sequential.order == null'
jq '.pipelines |= reverse' orders.json >turned.json       # a first: 60 s, sequentially 90 s
succeeds advise turned.json -p one.json -n 1 --json
json '[.rows[] | select(.order.matters)] | every(.order.best == 60 and .order.worst == 90)'

# Nothing of this where it is not so.
for command in simulate compare; do
  succeeds $command w.json -p p.json
  absent 'Bimodal|order of submission' "$out" "$command"
done
finish
