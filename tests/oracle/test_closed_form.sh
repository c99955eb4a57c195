#!/bin/bash
# Without variance and contention the simulation is the closed form to rounding, in every mode: 60 random workflows of constant durations on a
# platform that holds all of their tasks at once. And the examples' degrees of asynchronicity.
. tests/cli/common.sh
echo '{"name": "big", "nodes": [{"count": 40, "cores": 32, "gpus": 4}]}' >p.json

for seed in $(seq 60); do
  awk -v seed="$seed" 'BEGIN {
    srand(seed); sets = 1 + int(rand() * 8)
    printf "{\"name\": \"r%d\", \"task_sets\": [", seed
    for (s = 0; s < sets; s++) {
      printf "%s{\"name\": \"s%d\", \"tasks\": %d, \"cores\": %d, \"duration\": %.3f", s ? ", " : "", s, 1 + rand() * 9, 1 + rand() * 4, rand() * 100
      if (rand() < 0.3) printf ", \"gpus\": 1"
      after = ""
      for (p = 0; p < s; p++) if (rand() < 0.4) after = after (after ? ", " : "") "\"s" p "\""
      printf "%s}", after ? ", \"after\": [" after "]" : ""
    }
    print "]}" }' >w.json
  succeeds compare w.json --platform p.json --replicas 1 --json
  json '[.modes[]] | every((.makespan.mean - .closed_form | fabs) <= 1e-9 * .closed_form)'
  json '.modes.asynchronous | (.makespan.mean - .lower_bound | fabs) <= 1e-9 * .lower_bound'
done

degrees() {                              # EXAMPLE DOA_DEP
  succeeds model "$source_dir/examples/$1.json" --platform summit --nodes 16 --json
  json ".workflow.doa_dep == $2"
}
degrees ddmd 2
degrees dg1 2
degrees dg2 2
degrees chain 0
for n in 1 2 7; do
  awk -v n=$n 'BEGIN { printf "{\"name\": \"i\", \"task_sets\": ["
    for (s = 0; s < n; s++) printf "%s{\"name\": \"s%d\", \"tasks\": 3, \"cores\": 1, \"duration\": 2.5}", s ? ", " : "", s
    print "]}" }' >w.json
  succeeds model w.json --platform p.json --json
  json ".workflow | .doa_dep == $((n - 1)) and .width == $((n - 1)) and .wla == $((n - 1))"
done
finish
