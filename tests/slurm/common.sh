# tests/slurm/common.sh - sourced first by each tests/slurm/test_*.sh: starts a Slurm cluster and runs the test again, inside an allocation
# of all its nodes; there, what tests/cli/common.sh offers. ALLOCATION, set before, changes the options of salloc.
if [ "${IN_TEST_ALLOCATION-}" != yes ]; then
  slurm_folder=$(mktemp -d)
  trap 'tests/slurm/down.sh "$slurm_folder/cluster"; rm -rf "$slurm_folder"' EXIT
  tests/slurm/up.sh "$slurm_folder/cluster" || exit
  . "$slurm_folder/cluster/env.sh"
  IN_TEST_ALLOCATION=yes salloc -Q ${ALLOCATION:---nodes=4 --exclusive --gres=gpu:4} bash "$0"
  exit
fi
. tests/cli/common.sh
export PATH=$PATH:$source_dir/tests/slurm

no_steps() {                             # nothing of ours is left in Slurm
  checks=$((checks + 1))
  local left
  left=$(squeue --steps --noheader --format=%j)
  [ -z "$left" ] || fail "steps are left: $left"
}
