#!/bin/bash
# Nodes, mode and walltime: table, JSON, batch lines, mistakes.
. tests/cli/common.sh
workflow w.json
platform p.json
joined() { tr '\n' ' ' <"$out" >one.line && mv one.line "$out"; }        # paragraphs are wrapped

# The answer: a line a choice, what it holds for; the rest on demand.
succeeds advise w.json -p p.json -n 1..3 -r 200
says '^Cheapest(, fastest)? +[1-3] nodes?, [a-z]+, walltime 0:[0-9]+:00, [0-9.]+ node-hours$'
says '^95 % of sessions end within the walltime, waits in the queue not counted'
joined_lines=$(grep -c . "$out")
says '^No batch script|No batch script: the file of p has no "scheduler"'
[ "$joined_lines" -le 6 ] || fail "an answer of more than three lines: $(cat "$out")"
absent 'nodes.*session|session.*nodes' "$out" "rows without --verbose"

succeeds advise w.json -p p.json -n 1..3 -r 200 --verbose
says '^nodes +mode +session \[s\]'
says '^ +3 +([a-z]+, )*asynchronous +[0-9.]+'
says '^Cheapest: [1-3] nodes?, '
says '^Fastest once started: '
tr '\n' ' ' <"$out" | grep -q 'Not known: how long it waits in the queue' || fail 'nothing about the wait in the queue'
tr '\n' ' ' <"$out" | grep -q 'queue rules of p are not known' || fail 'nothing about unknown queue rules'

succeeds advise w.json -p p.json -n 1..3,2 -r 200 --confidence 0.9 --json
json '(.rows | length) == 9 and .confidence == 0.9'
json '[.rows[]] | every(.walltime % 60 == 0 and .walltime >= .quantile_ci95[1] and .quantile_ci95[0] <= .quantile and .quantile <= .quantile_ci95[1])'
json '[.rows[]] | every((.nodes * .session.mean / 3600 - .node_hours | fabs) < 1e-9 and .accepted and .extrapolation == null)'
json '. as $r | $r.rows[$r.choices.cheapest].charge == ([$r.rows[].charge] | min) and $r.choices.smallest == null and $r.batch == null'
json '. as $r | $r.rows[$r.choices.fastest].quantile_ci95[1] == ([$r.rows[].quantile_ci95[1]] | min)'

succeeds advise w.json -p p.json -n 1..3 -r 200 --csv
says '^nodes,mode,session\.mean,session\.quantiles\.0\.05,quantile,walltime,charge,energy_kwh,utilisation\.cores,'
[ "$(wc -l <"$out")" -eq 10 ] || fail "--csv: not a head and 9 rows"
refuses 'give one of them' advise w.json -p p.json -n 1 --csv --json
succeeds advise w.json -p p.json -n 1..3 -r 200 --report page.html
grep -q 'should one ask for to run w through ideal' page.html || fail "the page does not ask the question"
grep -q 'dagcast advise w.json --platform p.json --nodes 1..3 --replicas 200 --report page.html' page.html || fail "the page does not say how to reproduce it"

"$DAGCAST" advise w.json -p p.json -n 1..3 -r 300 --full --threads 1 --json >one.json
"$DAGCAST" advise w.json -p p.json -n 1..3 -r 300 --full --threads 3 --json >three.json
cmp -s one.json three.json || fail "threads change the advice"

# What would be cheaper than the cheapest is no secret: which queue does not let it.
echo '{"task_sets": [{"name": "a", "tasks": 12, "cores": 8, "duration": 1000}]}' >waves.json
echo '{"name": "q", "scheduler": "slurm", "nodes": [{"count": 6, "cores": 8}], "machine_nodes": 50, "queues": [
  {"name": "main", "min_nodes": 1, "max_nodes": 7, "max_walltime": 2600}]}' >short.json
succeeds advise waves.json -p short.json -n 4,7 -r 200 --verbose
says '^Cheapest: 7 nodes, '
says '^ +4 +[a-z]+.* 72 +- +cheaper, no queue accepts it'
joined
says 'Would be cheaper: 4 nodes, .* \(3.33 node-hours charged on average\): it needs a walltime of 0:50:00, and of the queues that take 4 nodes none allows more than 0:43:20 \(main\)'
succeeds advise waves.json -p short.json -n 7,12 -r 200 --verbose
joined
says 'Would be cheaper: 12 nodes, .*: no queue takes 12 nodes '
succeeds advise waves.json -p short.json -n 7,12 -r 200 --json
json '.words.refused | startswith("Would be cheaper: 12 nodes")'
succeeds advise waves.json -p p.json -n 1..3 -r 200 --json
json '.words.refused == null'
jq -n '{name: "fails", task_sets: [{name: "a", tasks: 4, cores: 1, duration: 10, failure_probability: 0.2},
  {name: "b", tasks: 4, cores: 1, duration: 10, after: ["a"]}]}' >fails.json
succeeds advise fails.json -p p.json -n 1,2 -r 200
says '^Not all tasks are done: at best [0-9.]+ % of the replicas finish them'
says '^None of these finishes all tasks with 95 %.$'
succeeds advise fails.json -p p.json -n 1,2 -r 200 --json
json '.words.incomplete | startswith("Not all tasks are done")'
json '.choices | .cheapest == null and .fastest == null'
cp "$out" fails.result.json
succeeds report fails.result.json -o fails.html
grep -q 'Not all tasks are done: at best' fails.html ||
  fail "the report recommends from replicas that left tasks undone"
succeeds advise w.json -p p.json -n 1 -r 200 --json
json '.words.incomplete == null'

# A gang that wants two nodes; queues; a deadline.
echo '{"task_sets": [{"name": "gang", "ranks": 2, "cores": 8, "duration": 100}]}' >gang.json
for scheduler in slurm pbs lsf; do
  echo '{"name": "q", "scheduler": "'$scheduler'", "nodes": [{"count": 2, "cores": 8}], "queues": [
    {"name": "main", "min_nodes": 1, "max_nodes": 3, "max_walltime": 7200}]}' >q.json
  succeeds advise gang.json -p q.json -n 1..4 -r 200 --deadline 30m --verbose
  says '^1 node cannot run it: .*gang'
  says '^Smallest that keeps the deadline: 2 nodes'
  says '^# accepted by: main$'
  case $scheduler in
    slurm) says '^#SBATCH --nodes=2$' && says '^#SBATCH --time=00:02:00$' ;;
    pbs) says '^#PBS -l select=2:ncpus=8$' && says '^#PBS -l walltime=00:02:00$' ;;
    lsf) says '^#BSUB -nnodes 2$' && says '^#BSUB -W 00:02$' ;;
  esac
done
succeeds advise gang.json -p q.json -n 2..4 -r 200 --deadline 90s --verbose
says 'None of these keeps the deadline'
succeeds advise gang.json -p q.json -n 4 -r 200 --verbose
says 'no queue accepts them'
succeeds advise gang.json -p summit -m radical-entk -n 2 -r 100 --json
json '.retired and .rows[0].queue != null and .rows[0].session.mean > 100'
succeeds advise gang.json -p polaris -m radical-entk -n 10 -r 100
says 'EXTRAPOLATION'
joined
says "platform polaris, the profile's is summit; the interval is widened: stations are taken to differ as those of another machine or release were measured to"
succeeds advise gang.json -p polaris -m radical-entk -n 10 -r 100 --json
json '.rows[0].extrapolation_as == "machine or release" and .scenario.extrapolation_as == "machine or release"'

# Progress is true: every stage begins at nothing, and is not done before its end.
if command -v script >/dev/null; then
  TERM=xterm script -qec "$(printf '%q ' "$DAGCAST" advise w.json -p p.json -n 1..3 -r 20000 --full)" /dev/null </dev/null | tr '\r' '\n' >bars
  first=$(sed -n 's/.*first replicas of each row \[[#.]*\] *\([0-9]*\) %.*/\1/p' bars | head -1)
  more=$(sed -n 's/.*more replicas of 9 rows \[[#.]*\] *\([0-9]*\) %.*/\1/p' bars | head -1)
  checks=$((checks + 2))
  [ "${first:-100}" -lt 50 ] || fail "the first bar begins at $first %: $(head -c 500 bars)"
  [ "${more:-100}" -lt 50 ] || fail "the bar of the rows that need more begins at $more %: $(head -c 500 bars)"
fi

if command -v gnuplot >/dev/null; then
  succeeds advise w.json -p p.json -n 1..3 -r 100 --plot nodes.svg
  [ -s nodes.svg ] || fail "--plot wrote nothing"
fi
refuses "--nodes: '6..3' is neither" advise w.json -p p.json -n 6..3
refuses '--plot: .*does not end in' advise w.json -p p.json -n 1 --plot nodes.xyz
refuses 'a confidence of 0.999 takes at least' advise w.json -p p.json -n 1 -r 50 -c 0.999
finish
