#!/bin/bash
# Tasks as steps: DeepDriveMD on four nodes in three modes; each task gets the GPUs and the node that our scheduler chose, whatever its shape;
# how tasks end that fail, are killed, cannot be found, or take too long.
. tests/slurm/common.sh

cat >ddmd.json <<'JSON'
{"name": "ddmd", "iterations": 2, "task_sets": [
  {"name": "simulation",  "tasks": 16, "cores": 4,  "gpus": 1, "duration": 34, "command": ["sh", "-c", "echo {node} {gpus} $CUDA_VISIBLE_DEVICES $SLURMD_NODENAME; sleep 0.2"]},
  {"name": "aggregation", "tasks": 4,  "cores": 16, "duration": 8.5, "after": ["simulation"]},
  {"name": "training",    "tasks": 1,  "cores": 4,  "gpus": 1, "duration": 6.25, "after": ["aggregation"]},
  {"name": "inference",   "tasks": 16, "cores": 4,  "gpus": 1, "duration": 3.75, "after": ["training"]}]}
JSON
for mode in sequential pipelined asynchronous; do
  succeeds execute ddmd.json --backend slurm --mode $mode --time-scale 0.01 --run-dir $mode --json
  json '.done == 74 and .failed == 0'
  checks=$((checks + 2))
  [ "$(grep -c ',done,' $mode/timeline.csv)" -eq 74 ] || fail "$mode: $(cut -d, -f4 $mode/timeline.csv | sort | uniq -c)"
  [ "$(cat $mode/tasks/0-*/*.out | wc -l)" -eq 16 ] || fail "$mode: $(ls $mode/tasks)"
  cat $mode/tasks/0-*/*.out | awk '$1 != $4 || split($3, ids, ",") != 1 { bad = 1 } END { exit bad }' ||
    fail "$mode: not on the node chosen, or not one GPU: $(sort -u $mode/tasks/0-*/*.out)"
done
no_steps

cat >shapes.json <<'JSON'
{"name": "shapes", "task_sets": [
  {"name": "gang", "tasks": 2, "ranks": 6, "cores": 4, "gpus": 1, "duration": 1, "command": ["sh", "-c", "echo $SLURMD_NODENAME $CUDA_VISIBLE_DEVICES"]},
  {"name": "pair", "tasks": 3, "cores": 5, "gpus": 2, "duration": 1, "command": ["sh", "-c", "echo $CUDA_VISIBLE_DEVICES"]},
  {"name": "none", "tasks": 2, "cores": 3, "duration": 1, "command": ["sh", "-c", "echo [$CUDA_VISIBLE_DEVICES] $SLURM_CPUS_PER_TASK"]}]}
JSON
succeeds execute shapes.json --backend slurm --run-dir shapes --json
for task in 0 1; do                      # 6 ranks: 4 on the one node and 2 on the other, or 2, 4; each with a GPU that no other has
  checks=$((checks + 1))
  [ "$(sort -u shapes/tasks/0-gang/$task.0.out | wc -l)" -eq 6 ] || fail "gang $task: $(cat shapes/tasks/0-gang/$task.0.out)"
done
checks=$((checks + 2))
[ "$(cat shapes/tasks/1-pair/*.out | grep -cE '^[0-3],[0-3]$')" -eq 3 ] || fail "pair: $(cat shapes/tasks/1-pair/*.out)"
[ "$(sort -u shapes/tasks/2-none/*.out)" = '[] 3' ] || fail "none: $(cat shapes/tasks/2-none/*.out)"

cat >ends.json <<'JSON'
{"name": "ends", "task_sets": [
  {"name": "seven",   "tasks": 1, "cores": 1, "duration": 1, "retries": 1, "command": ["sh", "-c", "exit 7"]},
  {"name": "killed",  "tasks": 1, "cores": 1, "duration": 1, "command": ["sh", "-c", "kill -9 $$"]},
  {"name": "missing", "tasks": 1, "cores": 1, "duration": 1, "command": ["./{set}"]},
  {"name": "polite",  "tasks": 1, "cores": 1, "duration": 1, "timeout": 2, "command": ["sh", "-c", "trap 'echo asked; exit 9' TERM; while :; do sleep 0.05; done"]},
  {"name": "stubborn","tasks": 1, "cores": 1, "duration": 1, "timeout": 2, "command": ["sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"]},
  {"name": "after",   "tasks": 3, "cores": 1, "duration": 0, "after": ["seven"]},
  {"name": "good",    "tasks": 1, "cores": 1, "duration": 0.1}]}
JSON
run execute ends.json --backend slurm --run-dir ends --grace 2 --json
[ "$status" -ne 0 ] || fail "failures pass unnoticed"
for sentence in 'task 0 of seven ended with exit status 7; attempt 2 of 2 follows' 'task 0 of killed was killed by signal 9' \
                'task 0 of missing ended with exit status 125' 'task 0 of polite was ended after its timeout' \
                'task 0 of stubborn was ended after its timeout'; do
  checks=$((checks + 1))
  grep -q "$sentence" "$err" || fail "no '$sentence' in $(cat "$err")"
done
checks=$((checks + 3))
[ "$(cut -d, -f1,4 ends/timeline.csv | sort | uniq -c | awk '{ printf "%s %s;", $1, $2 }')" = \
  '3 after,cancelled;1 good,done;1 killed,failed;1 missing,failed;1 polite,failed;1 set,status;2 seven,failed;1 stubborn,failed;' ] ||
  fail "ends: $(cut -d, -f1,4 ends/timeline.csv | sort | uniq -c)"
grep -q asked ends/tasks/3-polite/0.0.out || fail "polite was not asked to end"
grep -q 'No such file' ends/tasks/2-missing/0.0.err || fail "missing: $(cat ends/tasks/2-missing/0.0.err)"
no_steps
finish
