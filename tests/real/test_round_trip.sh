#!/bin/bash
# Whatever `import` writes, every command reads: of each trace beside the checkout, workflow and platform are described and simulated,
# and the timeline, imported again, has the same nodes, slots, GPUs, tasks and makespan.
. tests/cli/common.sh
shared=$source_dir/../shared
[ -d "$shared/traces" ] || { echo "skipped: no ../shared/traces"; exit 77; }
facts='[.platform.nodes, .platform.slots_per_node, .platform.gpus_per_node, .tasks.count, .makespan_s]'

round_trip() {                           # TRACE
  local before after files=(--write-workflow w.json --write-platform p.json)
  rm -f w.json p.json t.csv
  run import "$1" --json
  [ "$status" -eq 0 ] || { echo "not imported: $1: $(head -c 120 "$err")"; return; }
  before=$(jq -c "$facts" "$out")
  jq -e '.first_start_s != null' "$out" >/dev/null && files+=(--timeline t.csv)
  succeeds import "$1" "${files[@]}"
  succeeds describe w.json --platform ./p.json
  succeeds simulate w.json --platform ./p.json --replicas 1 --json
  [ -f t.csv ] || return
  succeeds import t.csv --json
  after=$(jq -c "$facts" "$out")
  [ "$before" = "$after" ] || fail "$1: $before became $after"
}

while read -r trace; do
  round_trip "$trace"
done < <(find "$shared/traces" "$shared/wfinstances" \( -name '*.t*z' -o -name '*.tar.*' -o -name '*.zip' -o -name '*.json' -o \
         -name 'libE_stats.txt' \) | sort)
finish
