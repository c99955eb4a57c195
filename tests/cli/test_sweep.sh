#!/bin/bash
# Sweeps: what they run and show, and every mistake.
. tests/cli/common.sh
workflow w.json
platform p.json
cat >study.json <<'JSON'
{"name": "small", "workflow": "w.json", "platform": "p.json", "replicas": 40,
 "grid": {"nodes": [1, 2, 3], "mode": ["sequential", "asynchronous"], "cores.b": [5, 9]}}
JSON

succeeds sweep study.json --store rows.sqlite
says '^Study +small$'
says '^Points +12 of 12 are there; 6 cannot run$'
says '^Everywhere +workflow w.json, platform p.json$'
says '^ *nodes +mode +cores\.b +replicas +makespan \[s\] '
says '^ +2  asynchronous +9 .*can hold one rank of 9 cores'
says '^Best: nodes 3, mode asynchronous, cores.b 5, '
says 'corrected by Holm over all 66 pairs'
[ "$(ls rows.sqlite*)" = rows.sqlite ] || fail "a finished store is one file: $(ls rows.sqlite*)"

# Again: nothing is run, the same is shown. Shown alone, and from anywhere: the store needs no study.
cp "$out" first
succeeds sweep study.json --store rows.sqlite
cmp -s first "$out" || fail "a second run shows something else"
mv study.json away.json
succeeds sweep --show rows.sqlite
cmp -s first "$out" || fail "--show shows something else"
mv away.json study.json

succeeds sweep --show rows.sqlite --csv
[ "$(wc -l <"$out")" -eq 13 ] || fail "--csv: not a head and 12 rows"
says '^point,workflow,platform,nodes,mode,cores\.b,error,replicas,makespan_s,'
says '^0,w\.json,p\.json,1,sequential,5,,40,[0-9.]+,'
succeeds sweep --show rows.sqlite --group-by mode
says '^sequential .* slower +0\.0 +3 +40 +3$'
says '^asynchronous .* best '
tr '\n' ' ' <"$out" >joined
cp joined "$out"
says 'Best: mode asynchronous, .* Next: mode sequential, [0-9.]+ s more \(paired 95 % interval [0-9.]+ \.\. [0-9.]+ s\)'
succeeds sweep --show rows.sqlite --group-by mode,nodes --csv
says '^mode,nodes,makespan_s,difference_s,difference_ci95_low_s,difference_ci95_high_s,p_corrected,verdict,'
succeeds sweep --show rows.sqlite --group-by mode --json
json '.rows | length == 12 and (map(select(.error)) | length == 6) and every(.error != null or .makespan_s > 0)'
json '.groups | length == 2 and .[1].verdict == "best" and .[0].difference_s > 0 and .[0].difference_ci95_low_s < .[0].difference_s'
json '(.groups[0].makespan_s - .groups[1].makespan_s - .groups[0].difference_s) | fabs < 1e-9'
json '([.rows[] | select(.mode == "sequential" and .makespan_s) | .makespan_s] | add / 3) - .groups[0].makespan_s | fabs < 1e-9'

# A row is what simulate says of the same point.
succeeds simulate w.json --platform p.json --nodes 2 --mode sequential --replicas 40 --json
alone=$(jq .makespan.mean "$out")
succeeds sweep --show rows.sqlite --json
swept=$(jq '.rows[] | select(.nodes == 2 and .mode == "sequential" and .makespan_s) | .makespan_s' "$out")
[ -n "$swept" ] && [ "$alone" = "$swept" ] || fail "simulate says $alone, the sweep $swept"

# The same bytes from any number of threads.
for threads in 1 2 5; do
  run sweep study.json --store threads.sqlite --threads "$threads" --csv
  cp "$out" "threads.$threads"
  rm threads.sqlite
done
cmp -s threads.1 threads.2 && cmp -s threads.1 threads.5 || fail "threads change the rows"
[ -s threads.1 ] || fail "no rows"

# Failures: retries and what is given up are columns; settings that give up tasks are not called best.
cat >failures.json <<'JSON'
{"workflow": "w.json", "platform": "p.json", "replicas": 100, "failure_probability": 0.1,
 "grid": {"retries": [0, 9], "order": ["arrival", "shortest"]}}
JSON
succeeds sweep failures.json --store failures.sqlite --group-by retries --json
json '[.rows[] | select(.retries == 0)] | every(.retried == 0 and .share_incomplete > 0.5 and .cancelled > 0)'
json '[.rows[] | select(.retries == 9)] | every(.retried > 1 and .share_incomplete == 0)'
json '.groups[1].verdict == "best" and .groups[0].incomplete_percent > 50'
succeeds sweep --show failures.sqlite
says ' incomplete \[%\] +retries'

# Replicas until the mean is known well enough: a multiple of 64, in replica order.
cat >precise.json <<'JSON'
{"workflow": "w.json", "platform": "p.json", "replicas": 5000, "precision": 0.03, "grid": {"mode": ["sequential", "pipelined"]}}
JSON
succeeds sweep precise.json --store precise.sqlite --json
json '[.rows[].replicas] | every(. % 64 == 0 and . < 5000)'

# reserve_gpu removes what strands the GPUs of examples/stranded_gpus.json.
succeeds sweep "$source_dir/examples/study_placement.json" --store placement.sqlite --group-by placement --json
json '[.groups[] | select(.placement == "reserve_gpu")][0].verdict == "best"'
json '[.groups[] | select(.placement == "first_fit")][0] | .verdict == "slower" and .difference_ci95_low_s > 0.1 * .makespan_s'
json '[.rows[] | select(.placement == "reserve_gpu")] | every(.utilisation_gpus > 0.9)'
json '[.rows[] | select(.placement == "first_fit")] | every(.utilisation_gpus < 0.85)'
COLUMNS=120 succeeds sweep --show placement.sqlite --group-by placement
says '<0\.0001 +slower'                            # in one line

# Mistakes.
refuses 'needs STUDY and --store' sweep
refuses 'give --store' sweep study.json
refuses 'runs nothing' sweep study.json --show rows.sqlite
refuses 'give one of them' sweep --show rows.sqlite --csv --json
refuses 'there is no such store' sweep --show none.sqlite
refuses "no setting 'mod'; did you mean 'mode'" sweep --show rows.sqlite --group-by mod
refuses "must be serial, threads or mpi, is 'thread'; did you mean 'threads'" sweep study.json --store rows.sqlite --backend thread
refuses 'none\.json' sweep none.json --store new.sqlite
echo '{"workflow": "w.json", "platform": "summit", "nodes": [8, 16]}' >lists.json
refuses 'nodes: is a list; settings that vary belong in "grid"' sweep lists.json --store new.sqlite
refuses 'another study' sweep failures.json --store rows.sqlite
refuses 'would overwrite the input .*w.json' sweep study.json --store w.json
cp w.json taken.json
refuses 'database' sweep study.json --store taken.json
refuses 'there is no folder nowhere' sweep study.json --store nowhere/rows.sqlite
refuse_study() {                         # PATTERN MEMBERS: a study with these members, too
  echo "{\"workflow\": \"w.json\", \"platform\": \"p.json\", $2}" >bad.json
  refuses "$1" sweep bad.json --store new.sqlite
}
refuse_study "bad\.json:1: grid\.order\[1\]: no order is named 'larges'; did you mean 'largest'" '"grid": {"order": ["arrival", "larges"]}'
refuse_study "no setting 'node' can be given here; did you mean 'nodes'" '"grid": {"node": [1]}'
refuse_study "has no task set 'bb'; did you mean 'b'|has no task set 'bb'" '"tasks.bb": 3'
refuse_study 'grid\.nodes\[0\]' '"grid": {"nodes": [0]}'
refuse_study 'no such middleware' '"middleware": "nobody-entk"'
refuse_study 'none\.json' '"grid": {"middleware": ["ideal", "none.json"]}'

# Ctrl-C: what is complete stays, the exit status says so, and the same command goes on.
cat >long.json <<JSON
{"workflow": "w.json", "platform": "p.json", "replicas": 300, "grid": {"seed": [$(seq -s, 1 3000)]}}
JSON
"$DAGCAST" sweep long.json --store long.sqlite >"$out" 2>"$err" &
for _ in $(seq 200); do [ -s long.sqlite ] && break; sleep 0.1; done
sleep 0.5
kill -INT $!
wait $!
status=$?
checks=$((checks + 1))
[ "$status" -eq 130 ] || fail "after SIGINT: exit status $status, not 130"
grep -qE '^dagcast sweep: interrupted; long.sqlite holds [0-9]+ of 3000 points' "$err" || fail "after SIGINT: $(cat "$err")"
succeeds sweep --show long.sqlite
says '^Points +[0-9]+ of 3000 are there$'
finish
