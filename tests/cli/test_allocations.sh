#!/bin/bash
# Jobs one after the other, waits in the queue: as options, in scenario files and studies, from a history.
. tests/cli/common.sh

# Six tasks of 40 s on 1 node, one at a time; jobs of 100 s hold two of them.
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 6, "cores": 8, "duration": 40}]}' >w.json
echo '{"name": "p", "nodes": [{"count": 1, "cores": 8}], "machine_nodes": 4}' >p.json

succeeds simulate w.json -p ./p.json --walltime 100 --jobs 5 --queue-wait 1000 --replicas 3 --json
json '.time_to_solution.mean == 3280 and .queue_wait == 3000 and .jobs == 3 and .tasks_cut == 2'
json '.makespan.mean == 2280 and .share_complete == 1 and (.node_hours * 3600 | round) == 280'
json '.lost_slot_seconds == 320 and .scenario.jobs == 5'
succeeds simulate w.json -p ./p.json --walltime 100 --jobs 5 --queue-wait 1000
says 'walltime 100 s, at most 5 jobs, each waiting 1000 s in the queue'
says '^time to solution: mean +3280.0 s$'
says '^  of it waiting in the queue +3000.0 s$'
says '^  tasks cut and run again +2.00$'
succeeds simulate w.json -p ./p.json
absent 'time to solution' "$out" "a run without a queue speaks of one"
succeeds compare w.json -p ./p.json --walltime 100 --jobs 2 --queue-wait 10m --json
json '[.modes[].share_complete] == [0, 0, 0] and [.modes[].cancelled] == [1, 1, 1] and [.modes[].killed] == [1, 1, 1]'
succeeds compare w.json -p ./p.json --walltime 100 --jobs 3 --queue-wait 10m --plot pictures --report page.html

# Two jobs side by side, each of 1 node for 100 s, twice: two tasks and a half each, then the rest.
side="--walltime 100 --jobs 2 --queue-wait 1000 --pilots 2"
succeeds simulate w.json -p ./p.json $side --json
json '.time_to_solution.mean == 2140 and .queue_wait == 2000 and .jobs == 4 and .tasks_cut == 2'
json '(.node_hours * 3600 | round) == 280 and .scenario.pilots == 2'
json '.scenario.platform.nodes == 2'
succeeds simulate w.json -p ./p.json $side --timeline side.csv
says '2 jobs side by side, each at most 2 times, each waiting 1000 s in the queue'
succeeds plot gantt side.csv -o side.svg
succeeds explain w.json -p ./p.json $side
says 'the next job waits in the queue +1000.0 s'
echo '{"workflow": "w.json", "platform": "./p.json", "walltime": 100, "jobs": 2,
       "queue_wait": 1000, "pilots": 2}' >side.json
succeeds simulate side.json --json
json '.time_to_solution.mean == 2140'
succeeds simulate side.json --pilots 3 --json
json '.time_to_solution.mean == 1080 and .jobs == 3'
echo '{"name": "s", "workflow": "w.json", "platform": "./p.json", "replicas": 2,
       "grid": {"walltime": [100], "jobs": [2], "queue_wait": ["1m"], "pilots": [2, 3]}}' >pilots.json
succeeds sweep pilots.json --store pilots.sqlite --quiet --json
json '[.rows[] | [.pilots, .solution_s]] == [[2, 260], [3, 140]]'
refuses '5 jobs side by side of 1 node each asked for; it has 4 nodes$' \
  simulate w.json -p ./p.json --pilots 5

# What is decided at run time goes on in another job of the same client.
echo '{"name": "d", "task_sets": [{"name": "a", "tasks": 4, "cores": 8, "duration": 40}],
  "loops": [{"name": "l", "sets": ["a"], "at_least": 3, "at_most": 3, "stop": {"budget": 500}}]}' >loop.json
succeeds simulate loop.json -p ./p.json --walltime 100 --jobs 9 --queue-wait 60 --pilots 2 --json
json '.share_complete == 1 and .jobs > 2 and .tasks_cut > 0'
succeeds simulate loop.json -p ./p.json --walltime 100 --jobs 9 --json
json '.share_complete == 1 and .jobs > 2'

# A scenario file: a distribution, a history, and options that override both.
awk 'BEGIN { srand(7); print "machine,nodes,walltime,wait_s"
  for (i = 0; i < 60; i++) printf "%s,%d,%d,%.2f\n", i % 2 ? "p" : "other", 1 + i % 3, 100 + i % 7, (i % 2 ? 10 : 5000) * (1 + rand()) }' >waits.csv
echo '{"workflow": "w.json", "platform": "./p.json", "walltime": 100, "jobs": 3,
       "queue_wait": {"distribution": "uniform", "min": 100, "max": 200}}' >s.json
succeeds simulate s.json --json
json '.queue_wait > 400 and .queue_wait < 500 and .time_to_solution.quantiles["0.5"] > 600 and .scenario.jobs == 3'
succeeds simulate s.json --queue-wait 7 --json
json '.queue_wait == 21'
succeeds simulate s.json --queue-history waits.csv --json
json '.queue_wait > 30 and .queue_wait < 60'
succeeds simulate s.json --queue-history waits.csv --queue-machine other --json
json '.queue_wait > 15000'
mkdir -p below && sed 's/"queue_wait": .*/"queue_history": "..\/waits.csv", "queue_machine": "other"}/; s/"w.json"/"..\/w.json"/; s/p.json/..\/p.json/' s.json >below/h.json
succeeds simulate below/h.json --json
json '.queue_wait > 15000'
succeeds simulate below/h.json --queue-wait 5 --json
json '.queue_wait == 15'
succeeds simulate s.json --timeline t.csv
grep -q '^a,2,0,killed,' t.csv || fail "the third task's first attempt is not killed in the timeline"
grep -q '^a,2,1,done,' t.csv || fail "the third task's second attempt is not in the timeline"
succeeds plot gantt t.csv -o t.svg

# A study over jobs and waits.
echo '{"name": "s", "workflow": "w.json", "platform": "./p.json", "replicas": 2,
       "grid": {"walltime": [100, 200], "jobs": [2, 4], "queue_wait": ["1m"]}}' >study.json
succeeds sweep study.json --store rows.sqlite --quiet --json
json '[.rows[] | select(.jobs == 4) | .solution_s] == [460, 360]'
json '[.rows[] | select(.jobs == 2 and .walltime == 100) | .share_incomplete] == [1]'

# Advice until the result is there: one node needs 240 s, two 120 s; waits are 1000 s a job.
succeeds advise w.json -p ./p.json -n 1,2 -r 100 --queue-wait 1000 --json
json '[.plans[] | select(.nodes == 2 and .pilots == 1) | [.walltime, .time_to_solution.q50,
  .jobs.quantile]] == [[120, 1120, 1], [60, 3160, 3]]'
json '[.plans[] | select(.nodes == 1 and .pilots == 2 and .walltime == 120)
  | [.time_to_solution.q50, .form]] == [[1120, "jobs side by side"]]'
json '.words.plan_forms | contains("one job 0:18:40 (2 nodes")'
json '.words.plan_forms | contains("side by side 0:18:40 (1 node a job, 2 jobs side by side")'
json '. as $r | $r.plans[$r.choices.plan_soonest] | .nodes == 2 and .walltime == 120'
json '(.words.unknowns | contains("how long it waits") | not) and (.words.plan_soonest | startswith("Result soonest: 2 nodes"))'
succeeds advise w.json -p ./p.json -n 1,2 -r 100 --queue-history waits.csv --jobs 2 --verbose
says '^Until the result is there'
says '^Result soonest: . node'
says '^EXTRAPOLATION: the jobs of the queue history asked for 1.667 to 1.767 minutes'
says '^nodes +at once +mode +walltime +jobs 50 % +95 % +result in 50 % '
succeeds advise w.json -p ./p.json -n 1,2 -r 100 --queue-wait 1000 --deadline 25m --verbose
says '^Cheapest result by the deadline: '
succeeds advise w.json -p ./p.json -n 1,2 -r 100 --queue-wait 1000 --deadline 10m
says '^No plan has the result by the deadline with 95 %, waits in the queue included.$'
succeeds advise w.json -p ./p.json -n 1,2 -r 100 --queue-wait 1000 --report page.html
grep -q 'result at 95 %' page.html || fail "the page does not say when the result is there"
jq '. + {scheduler: "slurm", queues: [{name: "short", min_nodes: 1, max_nodes: 4, max_walltime: 130}]}' p.json >slurm.json
succeeds advise w.json -p ./slurm.json -n 1 -r 100 --queue-wait 60 --verbose
says '^#SBATCH --time=00:02:00$'
says '^# submit it again when it ends: 2 times at 50 %, 2 at 95 %$'
succeeds advise w.json -p ./p.json -n 1,2 -r 100 --verbose
says 'how long it waits'
absent 'Until the result is there' "$out" "plans without anything known of the queue"

refuses '4 jobs without a walltime that ends one; give --walltime too$' simulate w.json -p ./p.json --jobs 4
refuses 'jobs.*(from 1 to 100|at least 1)' simulate w.json -p ./p.json --jobs 101 --walltime 9
refuses 'the wait in the queue depends on the walltime asked for' simulate w.json -p ./p.json --queue-history waits.csv
refuses 'queue_wait and queue_history both say how long jobs wait' simulate w.json -p ./p.json --walltime 9 --queue-wait 4 --queue-history waits.csv
refuses "no machine named 'q'; it has other, p$" simulate w.json -p ./p.json --walltime 9 --queue-history waits.csv --queue-machine q
refuses "too few to learn from; it takes 20$" simulate w.json -p ./p.json --walltime 9 --queue-history <(head -9 waits.csv)
sed 's/"p"/"x"/' p.json >x.json
refuses "jobs of 2 machines.*give --queue-machine$" simulate w.json -p ./x.json --walltime 9 --queue-history waits.csv
sed 's/"queue_wait": .*/"queue_wait": {"distribution": "normel"}}/' s.json >bad.json
refuses 'bad.json.*queue_wait.*normel' simulate bad.json
finish
