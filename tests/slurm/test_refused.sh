#!/bin/bash
# What is refused before anything runs, and what a platform made of the allocation looks like.
ALLOCATION='--nodes=3 --ntasks-per-node=5 --gres=gpu:2'
. tests/slurm/common.sh

set_of() { echo "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 3, $1, \"duration\": 0.1}]}" >"$2"; }
set_of '"cores": 5, "gpus": 2' fits.json
set_of '"cores": 6' wide.json
set_of '"cores": 1, "gpus": 0.5' share.json
set_of '"cores": 0, "gpus": 1' coreless.json

succeeds simulate fits.json --platform slurm-allocation     # 5 cores and 2 GPUs of each node are ours, not 16 and 4
says 'slurm-[0-9]+: 3 nodes, each with 5 cores, 2 GPUs'
refuses "task set 'a': no node of platform slurm-[0-9]+ can hold one rank of 6 cores; .* lacks 1 core" execute wide.json --backend slurm
refuses "task set 'a' wants a share of a GPU, which executor slurm cannot give" execute share.json --backend slurm
refuses "task set 'a' wants no core, which executor slurm cannot give" execute coreless.json --backend slurm
echo '{"name": "big", "nodes": [{"count": 4, "cores": 5, "gpus": 2}]}' >big.json
run execute fits.json --backend slurm --platform big.json --run-dir big
[ "$status" -eq 2 ] && grep -q 'platform big has 4 nodes, the Slurm allocation [0-9]* only 3' "$err" || fail "big: $status: $(cat "$err")"
echo '{"name": "fat", "nodes": [{"count": 3, "cores": 5, "gpus": 3}]}' >fat.json
run execute fits.json --backend slurm --platform fat.json --run-dir fat
[ "$status" -eq 2 ] && grep -q 'node 0 of platform fat has 5 slots and 3 GPUs, n1 in the Slurm allocation only 5 and 2' "$err" ||
  fail "fat: $status: $(cat "$err")"
echo '{"name": "part", "nodes": [{"count": 2, "cores": 5, "gpus": 2}]}' >part.json
succeeds execute fits.json --backend slurm --platform part.json --run-dir part

job=$SLURM_JOB_ID
unset SLURM_JOB_ID
refuses 'this is not inside a Slurm allocation \(SLURM_JOB_ID is not set\); start it through salloc or sbatch' execute fits.json --backend slurm
export SLURM_JOB_ID=987654
refuses "'scontrol .* show job 987654' failed: .*Invalid job id" execute fits.json --backend slurm
export SLURM_JOB_ID=$job
mkdir bin
for tool in cat wc grep ls head rm; do ln -s "$(command -v $tool)" bin/; done
PATH=$work/bin refuses "cannot run 'scontrol': No such file or directory; is Slurm installed here\?" execute fits.json --backend slurm
finish
