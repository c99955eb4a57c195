# tests/cli/totals.sh - sourced by the tests of importers: what `import` counts against what a few lines of another language count.

totals() {                               # "TASKS MAKESPAN BUSY" ARGUMENTS: `import ARGUMENTS` has these totals
  local tasks makespan busy
  read -r tasks makespan busy <<<"$1"
  shift
  succeeds import "$@" --json
  [ -n "$busy" ] || fail "import $*: nothing was counted beside it"
  json ".tasks.count == $tasks"
  json ".makespan_s - $makespan | fabs < 1e-3"
  json ".busy_core_s - $busy | fabs < 1e-3 * ($busy + 1)"
  [ -d "$1" ] || same_packed "$@"
}

same_packed() {                          # FILE ARGUMENTS: packed by gzip, `import` reads the same of it
  local file=$1 plain
  shift
  plain=$(<"$out")
  gzip -kf "$file"
  succeeds import "$file.gz" "$@" --json
  diff <(echo "$plain") "$out" >.diff || fail "$file.gz is read as: $(head -c 600 .diff)"
  rm "$file.gz"
}

goes_round() {                           # FILE [without]: its parts are read again, with the same tasks, nodes, makespan and use (without: no slots)
  local facts='[.platform.nodes, .tasks.count, (.makespan_s * 1000 | round), (.busy_core_s | round)]' before
  [ "${2-}" = without ] && facts='[.tasks.count, (.makespan_s * 1000 | round)]'
  succeeds import "$1" --write-workflow rw.json --write-platform rp.json --timeline rt.csv
  succeeds import "$1" --json
  before=$(jq -c "$facts" "$out")
  succeeds simulate rw.json --platform ./rp.json --replicas 1 --json
  succeeds import rt.csv --json
  [ "$(jq -c "$facts" "$out")" = "$before" ] || fail "$1: $before became $(jq -c "$facts" "$out")"
}
