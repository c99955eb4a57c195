#!/bin/bash
# The paper's experiments as shipped: each predicts its own measured makespan, which is never below its critical path.
. tests/cli/common.sh
for case in "$source_dir"/validation/cases/*.json; do
  succeeds simulate "$case" --replicas 100 --json
  measured=$(jq ._measured.makespan "$case") path=$(jq ._measured.critical_path "$case")
  json ".makespan.mean > $path and (.makespan.mean - $measured | fabs) <= 0.25 * ($measured - $path)"
  json ".makespan.quantiles[\"0.05\"] - 10 <= $measured and $measured <= .makespan.quantiles[\"0.95\"] + 10"
done
finish
