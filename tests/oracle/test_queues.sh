#!/bin/bash
# Waiting times of queues whose answer is known: M/M/1, M/M/3 (Erlang C), M/D/1 (Pollaczek-Khinchine), through `dagcast simulate` itself.
#
# Customers are the tasks of one set, released with exponential gaps; servers are the cores of one node. Thirty seeds of 20,000
# tasks each, the first tenth dropped; the mean wait (submitted to started) must lie in the 99 % interval over the seeds, and the
# interval must be narrow enough to mean something.
. tests/cli/common.sh
seeds=30 tasks=20000

queue() {                                # NAME SERVERS MEAN_GAP SERVICE_JSON EXPECTED_WAIT
  local name=$1 servers=$2 gap=$3 service=$4 expected=$5 seed
  echo '{"name": "p", "nodes": [{"count": 1, "cores": '"$servers"'}]}' >p.json
  cat >w.json <<JSON
{"name": "$name", "task_sets": [{"name": "$name", "tasks": $tasks, "cores": 1, "duration": $service,
  "release": {"gaps": {"distribution": "exponential", "mean": $gap}}}]}
JSON
  for seed in $(seq $seeds); do
    succeeds simulate w.json --platform p.json --scheduler fifo --replicas 1 --seed "$seed" --timeline t.csv --json
    awk -F, -v skip=$((tasks / 10)) '
      NR == 1 { for (i = 1; i <= NF; i++) place[$i] = i }
      $place["status"] == "done" && ++row > skip { sum += $place["started_s"] - $place["submitted_s"]; n++ }
      END { printf "%.10g\n", sum / n }' t.csv
  done >waits
  awk -v name="$name" -v expected="$expected" '
    { n++; sum += $1; squares += $1 * $1 }
    END {
      mean = sum / n; half = 2.756 * sqrt((squares - n * mean * mean) / (n - 1) / n)       # t of 29 degrees of freedom, 99 %
      printf "%s: mean wait %.4f +- %.4f s, expected %.4f s\n", name, mean, half, expected
      exit !(n == 30 && mean - half <= expected && expected <= mean + half && half < 0.05 * expected)
    }' waits || fail "$name: the mean wait is not the queue's"
}

# lambda = 1, mu = 1 / 0.7: wait = rho / (mu - lambda).
queue M/M/1 1 1 '{"distribution": "exponential", "mean": 0.7}' "$(awk 'BEGIN { rho = 0.7; print rho / (1 / 0.7 - 1) }')"
# Half of it when the service does not vary.
queue M/D/1 1 1 0.7 "$(awk 'BEGIN { rho = 0.7; print rho / (1 / 0.7 - 1) / 2 }')"
# c = 3, a = 2.1 erlang: Erlang's C over c mu - lambda.
queue M/M/3 3 1 '{"distribution": "exponential", "mean": 2.1}' "$(awk 'BEGIN {
  a = 2.1; c = 3; term = 1; for (k = 0; k < c; k++) { sum += term; term *= a / (k + 1) }
  term *= c / (c - a); print term / (sum + term) / (c / 2.1 - 1) }')"
finish
