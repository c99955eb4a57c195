#!/bin/bash
# Sessions with a service (Polaris): requests are found, the rate is fitted, and a session of 64 clients is predicted by it.
. tests/cli/common.sh
shared=$source_dir/../shared/traces/services
[ -d "$shared" ] || { echo "skipped: no ../shared/traces/services"; exit 77; }

near() {                                 # VALUE EXPECTED SHARE WHAT
  awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN { exit !(a >= b * (1 - s) && a <= b * (1 + s)) }' || fail "$4: $1, not $2 within $3 of it"
}

succeeds import "$shared/ollama-2nodes.tar.gz" --write-workflow w.json --write-platform p.json
[ "$(jq -c '[.task_sets[] | [.tasks, (.phases // [] | length)]]' w.json)" = '[[64,3],[1,0]]' ] ||
  fail "the workflow is not 64 clients of two requests and a service: $(jq -c '[.task_sets[] | [.tasks, .phases]]' w.json)"
near "$(jq '.task_sets[1].service.rate' w.json)" 2.225 0.01 "the rate"          # 0.449 s a request
near "$(jq '.task_sets[1].service.first' w.json)" 1.138 0.01 "a first request"  # 0.511 s
succeeds simulate w.json --platform ./p.json --middleware ideal --replicas 1 --json
near "$(jq '.makespan.mean' "$out")" 74.5 0.02 "the makespan, simulated"

# What clients asked, and what the agent's stagers moved, are phases of the timeline; its CSV keeps them.
succeeds import "$shared/ollama-2nodes.tar.gz" --timeline t.csv
[ "$(grep -c '\(;ask:service.0000:[^;]*\);.*ask:service.0000:' t.csv)" -eq 64 ] || fail "not each of 64 clients has two requests in the timeline"
asked=$(awk -F, 'NR > 2 { n = split($17, p, ";"); for (i = 1; i <= n; i++) if (split(p[i], f, ":") && f[1] == "ask") sum += f[4] - f[3] }
  END { printf "%.3f", sum / 64 }' t.csv)
near "$asked" 58.0 0.01 "the time that a client waited for answers"
succeeds import t.csv --timeline again.csv
cmp <(cut -d, -f1-4,17 t.csv) <(cut -d, -f1-4,17 again.csv) || fail "the phases are not those of the timeline imported"
bags=$source_dir/../shared/traces/bags/bridges-distexp2.tar.gz
if [ -r "$bags" ]; then
  succeeds import "$bags" --timeline staged.csv
  [ "$(grep -c ',move:staging:' staged.csv)" -eq 100 ] || fail "not each of 100 tasks was staged in"
fi

succeeds calibrate "$shared/ollama-2nodes.tar.gz" --output profile.json
grep -q '^service  *2\.2[0-9]* requests a second (127 requests, 1 session), one at a time$' "$out" ||
  fail "what calibrate says of the service"
succeeds validate "$shared/ollama-2nodes.tar.gz" --middleware profile.json --json
near "$(jq '.sessions[0].predicted.mean' "$out")" 74.5 0.03 "the makespan, predicted"
near "$(jq '.sessions[0].predicted_client' "$out")" 58.7 0.03 "a client's mean duration, predicted"
jq -e '.sessions[0] | .client > .client_pi95[0] and .client < .client_pi95[1]' "$out" >/dev/null ||
  fail "the interval does not hold the mean duration of a client"
# The other session's single client asks ten times; its service took 6 s longer to load.
succeeds validate "$shared/ollama-1client.tar.gz" --middleware profile.json --json
jq -e '.sessions[0] | .measured > .predicted.pi95[0] and .measured < .predicted.pi95[1]' "$out" >/dev/null ||
  fail "the interval does not hold the session of one client"
# From one client, whose requests are ten, the rate is known badly: the interval says so.
succeeds calibrate "$shared/ollama-1client.tar.gz" --output one.json
near "$(jq '.service.session_sd' one.json)" 0.078 0.05 "what is not known of the rate"
succeeds validate "$shared/ollama-2nodes.tar.gz" --middleware one.json --json
jq -e '.sessions[0] | .measured > .predicted.pi95[0] and .measured < .predicted.pi95[1]' "$out" >/dev/null ||
  fail "the interval from one client does not hold the session of 64"

# The same workflow with more clients, on more nodes: 13.5 s, then 0.511 + 0.449 s a client. The launcher starts 109 a second.
succeeds import "$shared/ollama-2nodes.tar.gz" --level description --write-workflow w.json --write-platform p.json
jq '.task_sets[0].tasks = 512' w.json >many.json
succeeds predict many.json --platform ./p.json --nodes 9 --middleware profile.json --json
near "$(jq '.makespan.mean' "$out")" 505 0.01 "the makespan of 512 clients"
near "$(jq '.client.mean' "$out")" 387 0.01 "the mean duration of 512 clients"
jq -e '.makespan.sd > 7 and .client.sd > 5' "$out" >/dev/null ||
  fail "loading and the rate of another session do not vary: $(jq -c '[.makespan.sd, .client.sd]' "$out")"
jq '.task_sets[0].tasks = 512 | .task_sets[0].durations = [1] | del(.task_sets[0].duration)' w.json >wrong.json
refuses "import --level description" predict wrong.json --platform ./p.json
finish
