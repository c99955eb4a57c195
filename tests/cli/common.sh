# tests/cli/common.sh - sourced by each tests/cli/test_*.sh: runs $DAGCAST in a folder of its own and says what was expected.
# Every check goes on after a failure; finish() exits with 1 if there was one, or if nothing was checked.
set -u
: "${DAGCAST:?the program to test}"
source_dir=$PWD
work=$(mktemp -d)
cd "$work" || exit 1
export COLUMNS=300                       # tables on one line, so that patterns find them; test_width.sh has other widths
checks=0 failures=0

fail() {
  printf 'FAILED: %s\n' "$*"
  failures=$((failures + 1))
}

# A misspelt check would check nothing. Bash calls this in a process of its own, so that it leaves a file.
command_not_found_handle() {
  printf 'FAILED: no command %s\n' "$*" | tee -a "$unknown_commands"
  return 127
}
unknown_commands=$(mktemp)
trap 'rm -rf "$work" "$unknown_commands"' EXIT

finish() {
  [ ! -s "$unknown_commands" ] || failures=$((failures + 1))
  echo "$checks checks, $failures failures"
  [ "$checks" -gt 0 ] && [ "$failures" -eq 0 ]
  exit
}

run() {                                  # dagcast ARGUMENTS: into $out, $err (files) and $status
  "$DAGCAST" "$@" >"$work/.out" 2>"$work/.err" </dev/null
  status=$?
  out=$work/.out err=$work/.err
  checks=$((checks + 1))
}

succeeds() {                             # ARGUMENTS: status 0, something on standard output, nothing on standard error but notices
  run "$@"
  [ "$status" -eq 0 ] || fail "dagcast $*: exit status $status: $(cat "$err")"
  [ -s "$out" ] || fail "dagcast $*: nothing on standard output"
  # Instances of WfFormat have priorities, which other orders ignore: that is said, and no failure.
  ! grep -v 'has a priority, which is ignored' "$err" >&2 || fail "dagcast $*: on standard error: $(cat "$err")"
}

says() {                                 # PATTERN: in the last output
  checks=$((checks + 1))
  grep -qE -- "$1" "$out" || fail "no '$1' in: $(head -c 2000 "$out")"
}

absent() {                               # PATTERN [FILE [COMPLAINT]]: FILE (the last output) holds something, and no line that matches
  local file=${2-$out}
  checks=$((checks + 1))
  [ -s "$file" ] || { fail "${3-absent} '$1': ${file##*/} is missing or empty"; return; }
  ! grep -qE -- "$1" "$file" || fail "${3:+$3: }'$1' in: $(grep -E -m3 -- "$1" "$file" | cut -c 1-600)"
}

# For jq: each has the property, and there is one; of nothing it is an error, whatever stands around it.
every='def every(f): if length > 0 then all(f) else error("of nothing") end; '

json() {                                 # FILTER: the last output is JSON for which jq's FILTER, which may use every(), is true
  checks=$((checks + 1))
  jq -e "$every$1" "$out" >/dev/null 2>&1 || fail "not true: jq '$1' of $(head -c 1500 "$out")"
}

refuses() {                              # PATTERN ARGUMENTS: status 2, one line that matches on standard error, nothing else written
  local pattern=$1 before after
  shift
  before=$(ls -A)
  run "$@"
  after=$(ls -A)
  [ "$status" -eq 2 ] || fail "dagcast $*: exit status $status, not 2"
  [ ! -s "$out" ] || fail "dagcast $*: on standard output: $(head -c 300 "$out")"
  [ "$(wc -l <"$err")" -eq 1 ] || fail "dagcast $*: not one line: $(head -c 600 "$err")"
  grep -qE -- "$pattern" "$err" || fail "dagcast $*: no '$pattern' in: $(head -c 600 "$err")"
  [ "$before" = "$after" ] || fail "dagcast $*: left files behind: $after"
}

of_run() {                               # FOLDER: a line for each process of this run that lives; one too if the run has no id to find them by
  local id
  id=$(jq -er .run_id "$1/run.json") || { echo "no run_id in $1"; return; }
  grep -lsxz "DAGCAST_RUN=$id" /proc/[0-9]*/environ
}

seeded() {                               # random instants, and the number that gives the same ones again
  RANDOM=${SEED:=$((RANDOM * 32768 + RANDOM))}
  echo "seed $SEED: SEED=$SEED gives the same instants"
}

draw_instant() {                         # LOW HIGH in ms: a number between them into $instant, in s (a subshell would draw others)
  local ms=$(($1 + RANDOM % ($2 - $1 + 1)))
  printf -v instant '%d.%03d' $((ms / 1000)) $((ms % 1000))
}

workflow() {                             # FILE: a small workflow of two sets, with variance
  cat >"$1" <<'JSON'
{"name": "w", "task_sets": [
  {"name": "a", "tasks": 11, "cores": 2, "gpus": 1, "duration": {"distribution": "normal", "mean": 34.5, "sd": 3}},
  {"name": "b", "tasks": 3, "cores": 5, "duration": 12.5, "after": ["a"]},
  {"name": "c", "tasks": 7, "cores": 1, "duration": {"distribution": "exponential", "mean": 61}}]}
JSON
}

platform() {                             # FILE: two nodes of 8 cores and 2 GPUs
  echo '{"name": "p", "nodes": [{"count": 2, "cores": 8, "gpus": 2}]}' >"$1"
}
export HWLOC_PLUGINS_PATH=$work          # its plugins bring OpenCL and X11, whose leaks are not ours
touch .out .err
