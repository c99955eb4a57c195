#!/bin/bash
# Kinds of node: sets that ask for one, queues that belong to one, batch lines that ask for what the workflow needs.
. tests/cli/common.sh

echo '{"name": "m", "scheduler": "slurm", "machine_nodes": 6, "nodes": [
  {"name": "gpu", "count": 2, "cores": 8, "gpus": 4}, {"name": "cpu", "count": 4, "cores": 8}], "queues": [
  {"name": "fast", "max_walltime": "1h", "node": "gpu"}, {"name": "all", "max_walltime": "2h", "charge_factor": 2}]}' >m.json
echo '{"name": "w", "task_sets": [{"name": "a", "tasks": 8, "cores": 8, "duration": 100, "node": "cpu"},
  {"name": "b", "tasks": 4, "cores": 2, "gpus": 1, "duration": 50}]}' >w.json

# Eight whole-node tasks on the four cpu nodes: two waves, however many gpu nodes are idle.
for overtake in none backfill easy; do
  succeeds simulate w.json -p ./m.json --overtake $overtake --timeline t.csv --json
  json '.makespan.mean == 200'
  [ "$(grep '^a,' t.csv | grep -c ',node.*\|,gpu')" -eq 0 ] || fail "$overtake: a task of the cpu kind lies on a gpu node: $(grep '^a,' t.csv)"
  [ "$(grep -c '^a,.*,done,.*cpu' t.csv)" -eq 8 ] || fail "$overtake: not 8 tasks on cpu nodes"
done
for placement in best_fit worst_fit pack_gpu reserve_gpu; do
  succeeds simulate w.json -p ./m.json --placement $placement --json
  json '.makespan.mean == 200'
done
succeeds simulate w.json -p ./m.json --scheduler radical --json
json '.makespan.mean == 200'
succeeds compare w.json -p ./m.json --json
json '[.modes[].lower_bound] | every(. <= 200)'
succeeds explain w.json -p ./m.json
succeeds describe w.json -p ./m.json
says '8 cores on cpu nodes'
succeeds describe w.json --json
json '.workflow.task_sets[0].demand | tostring | contains("cpu")'

# A gang over nodes of one kind, and one that is too large for them.
echo '{"task_sets": [{"name": "g", "ranks": 4, "cores": 8, "duration": 10, "node": "cpu"}]}' >gang.json
succeeds simulate gang.json -p ./m.json --json
json '.makespan.mean == 10'
sed 's/"ranks": 4/"ranks": 5/' gang.json >large.json
refuses "one task has 5 ranks" simulate large.json -p ./m.json
sed 's/"cpu"/"fat"/' gang.json >fat.json
refuses "task set 'g': asks for nodes of kind 'fat', which platform m does not have; its kinds: gpu, cpu$" simulate fat.json -p ./m.json
refuses "task set 'g': asks for nodes of kind 'cpu', and none of the 2 nodes used" simulate gang.json -p ./m.json --nodes 2
jq '.queues[0].node = "gpus"' m.json >bad.json
refuses "queue 'fast' is of nodes 'gpus', and no kind of node is called so" simulate gang.json -p ./bad.json
jq '.resources = [{"name": "tape", "amount": 1, "node": "gpu"}]' m.json >tape.json
echo '{"task_sets": [{"name": "t", "node": "cpu", "duration": 1, "resources": [{"name": "tape"}]}]}' >t.json
refuses "usable, and lacks 1 of 'tape'$" simulate t.json -p ./tape.json
jq '.resources[0].per = "machine"' tape.json >both.json
refuses "resource 'tape' is the machine's and of nodes 'gpu'" simulate t.json -p ./both.json

# The queue of the gpu kind takes the first two nodes only; batch lines say what is needed.
echo '{"task_sets": [{"name": "b", "tasks": 4, "gpus": 1, "duration": 50}]}' >b.json
succeeds advise b.json -p ./m.json -n 1,2,3 -r 80 --json
json '[.rows[] | select(.mode == "sequential") | [.nodes, .queue]] == [[1, "fast"], [2, "fast"], [3, "all"]]'
succeeds advise b.json -p ./m.json -n 2 -r 80
says '^#SBATCH --gpus-per-node=4$'
says '^#SBATCH --constraint=gpu$'
says '^#SBATCH --partition=fast$'
says '^#SBATCH --account=YOUR_ACCOUNT$'
succeeds advise b.json -p ./m.json -n 3 -r 80
says '^#SBATCH hetjob$'
[ "$(grep -c -- '--constraint=' "$out")" -eq 2 ] || fail "nodes of two kinds are not asked for as two parts of a job"
succeeds advise b.json -p ./m.json -r 80 --json
json '[.rows[].nodes] | unique == [1, 2, 4, 6]'
refuses "asks for nodes of kind 'fat'" advise fat.json -p ./m.json
jq '.scheduler = "flux"' m.json >flux.json
succeeds advise b.json -p ./flux.json -n 2 -r 80
says '^#FLUX: --nodes=2$'
says '^#FLUX: --queue=fast$'

# What a platform has is shown: kinds of queues, named resources, watts.
jq '.resources = [{name: "licence", amount: 3, per: "machine"}, {name: "buffer", amount: 100, node: "gpu"}] |
    .nodes[0].power = {idle: 100, core: 5, gpu: 200}' m.json >rich.json
succeeds describe ./rich.json
says '^fast .* gpu '
says '^licence +3 +the machine'
says '^buffer +100 +each node +gpu'
says '^gpu +100 +5 +200$'
succeeds describe ./m.json
absent 'resource|idle' "$out" "a platform without resources and watts speaks of them"
echo '{"task_sets": [{"name": "a", "tasks": 7, "duration": 10, "resources": [{"name": "licence"}]}]}' >licence.json
succeeds simulate licence.json -p ./rich.json --json
json '.makespan.mean == 30'
succeeds explain licence.json -p ./rich.json
says 'waiting for a named resource, or behind'
refuses "asks for 'licence', which platform m does not have; its resources: none$" simulate licence.json -p ./m.json
refuses 'overtake easy reserves no named resources' simulate licence.json -p ./rich.json --overtake easy
# A kind of which no node is selected holds nothing, whether a set names it or only needs what it alone has.
echo '{"name": "two", "nodes": [{"count": 2, "cores": 4}, {"count": 1, "cores": 8, "gpus": 2, "name": "big"}]}' >two.json
echo '{"name": "w", "task_sets": [{"name": "g", "gpus": 1, "duration": 30}]}' >gpu.json
refuses "task set 'g': none of the 2 nodes used of platform two can hold one rank; one of kind 'big' can: use more nodes" compare gpu.json -p two.json -n 2
succeeds compare gpu.json -p two.json -n 3 --json
succeeds advise gpu.json -p two.json -n 1..3 --json

finish
