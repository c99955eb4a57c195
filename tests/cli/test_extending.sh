#!/bin/bash
# What docs/extending.md says of the cost of adding: each of its examples is written into a copy of the tree, its files and rows are counted,
# one build has them all, and what a user sees of each is looked at.
. tests/cli/common.sh
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t
for tool in git ninja cmake; do command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }; done
equal() {                                # WHAT ACTUAL EXPECTED
  checks=$((checks + 1))
  [ "$2" = "$3" ] || fail "$1: $2, not $3"
}

mkdir tree
(cd "$source_dir" && tar cf - --exclude=./build --exclude=./.git --exclude='./build-*' --exclude=./docs --exclude=./tests . ) | tar xf - -C tree
git -C tree init -q && git -C tree add -A && git -C tree commit -qm all || fail "no copy of the tree"

# The block of code of docs/extending.md that contains TEXT.
block() {
  awk -v text="$1" '/^```c$/ { code = ""; inside = 1; next } /^```$/ { if (inside && index(code, text)) printf "%s", code; inside = 0 }
       inside { code = code $0 "\n" }' "$source_dir/docs/extending.md"
}
file() { block "$2" >"tree/$1"; }        # PATH TEXT
row() {                                  # PATH LIST TEXT: below the line that begins the list, at the end if LIST is ""
  local end=
  grep -F -- "$2" "tree/$1" | grep -q '\\$' && end=' \\'
  if [ -z "$2" ]; then block "$3" >>"tree/$1"
  else awk -v list="$2" -v row="$(block "$3")$end" '{ print } index($0, list) { print row }' "tree/$1" >new && mv new "tree/$1"
  fi
}
costs() {                                # WHAT NEW-FILES ROWS: since the last; a row is one place of one file
  git -C tree add -A
  equal "new files of $1" "$(git -C tree diff --cached --diff-filter=A --name-only | wc -l)" "$2"
  equal "changed files of $1" "$(git -C tree diff --cached --diff-filter=M --name-only | wc -l)" "$3"
  equal "places of $1" "$(git -C tree diff --cached --diff-filter=M -U0 | grep -c '^@@')" "$3"
  equal "lines removed by $1" "$(git -C tree diff --cached --diff-filter=M -U0 | grep -c '^-[^-]')" 0
  git -C tree commit -qm "$1"
}

file scheduling/placement/fewest_gpus.c placement_ops
row scheduling/placement_impl.h 'define PLACEMENTS(ROW)' 'ROW(fewest_gpus)'
costs "a placement" 1 1
file scheduling/order/widest.c order_keys_widest
row scheduling/order_impl.h 'define ORDERS(ROW)' 'ROW(widest'
costs "an order" 1 1
file num/dist/rayleigh.c dist_family_rayleigh
row num/dist_impl.h 'define DIST_FAMILIES(ROW)' 'ROW(rayleigh)'
costs "a distribution" 1 1
file plots/running.c plot_running
row plots/picture.h 'define TIMELINE_PICTURES(ROW)' 'ROW(running'
costs "a picture" 1 1
row traces/importer/table_maps.c 'table_maps[] = {' wkfjob
costs "a tool's table" 0 1
row core/setting_rows.h '' 'ROW(LIMIT'
costs "a setting" 0 1
row core/station_rows.h '' 'ROW(NOTIFY_NETWORK'
costs "a station" 0 1

cmake -G Ninja -S tree -B built -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O0 -DBUILD_TESTING=OFF -DDAGCAST_WERROR=ON >said 2>&1 &&
  ninja -C built dagcast >>said 2>&1 || fail "it does not build: $(grep -E 'error|FAILED' said | head -5)"
DAGCAST=$work/built/dagcast
workflow w.json
platform p.json

# The placement: a task without GPUs goes where the fewest GPUs are free, to the second node.
succeeds list placements --json
json '[.. | strings] | any(. == "fewest_gpus")'
refuses "did you mean 'fewest_gpus'" simulate w.json -p p.json --placement fewest_gpu
jq -n '{nodes: [{cores: 4, gpus: 4}, {cores: 4, gpus: 1}]}' >unlike.json
jq -n '{task_sets: [{name: "a", cores: 1, duration: 10}]}' >one.json
succeeds simulate one.json -p ./unlike.json --placement fewest_gpus --timeline t.csv
equal "where the task went" "$(sed -n 's/^a,0,0,done,.*,\(node[0-9]*\),.*/\1/p' t.csv)" node1

# The order: of two sets that are ready together the one of more tasks goes first.
succeeds list orders --csv
says '^widest,sets of many tasks first$'
jq -n '{task_sets: [{name: "few", cores: 4, duration: 10}, {name: "many", tasks: 2, cores: 4, duration: 10}]}' >sets.json
jq -n '{nodes: [{cores: 4}]}' >small.json
succeeds simulate sets.json -p ./small.json --order widest --overtake none --timeline t.csv
equal "the order" "$(grep -v session t.csv | sed 1d | cut -d, -f1 | tr '\n' ' ')" "many many few "

# The distribution: read, drawn with its mean, in the schema.
jq -n '{task_sets: [{name: "a", tasks: 20000, cores: 1, duration: {distribution: "rayleigh", mean: 10}}]}' >drawn.json
succeeds simulate drawn.json -p ./small.json -r 1 --timeline t.csv --json
equal "the mean of 20,000 draws" "$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } $1 == "a" { sum += $at["stopped_s"] - $at["started_s"]; n++ }
  END { x = sum / n; print (x > 9.85 && x < 10.15 ? "near 10" : x) }' t.csv)" "near 10"
succeeds list distributions
says rayleigh
sed s/rayleigh/raylegh/ drawn.json >misspelt.json
refuses 'must be one of rayleigh, .* is "raylegh"' model misspelt.json -p small.json

# The picture: listed, drawn.
succeeds list plots
says '^ *running +running tasks, a line a timeline'
succeeds plot running t.csv -o running.svg
equal "its title" "$(grep -c 'Running tasks side by side' running.svg)" 1

# The table: imported by its own headings.
printf 'wkfjob,wkfkind,wkfon,wkfoff\n1,sim,0,10\n2,sim,2,14\n3,train,14,20\n' >table.csv
succeeds import table.csv --json
json '.makespan_s == 20'
equal "its sets" "$(jq -c '[.. | .set? // empty] | unique' "$out")" '["sim","train"]'

# The setting: an option, a key, an axis, in the result.
"$DAGCAST" simulate --help >help
equal "--limit in the help" "$(grep -c -- '--limit TIME' help)" 1
jq -n '{workflow: "w.json", platform: "p.json", limit: "40s"}' >s.json
succeeds simulate s.json -r 3 --json
json '.scenario.walltime == 40'
succeeds simulate w.json -p p.json -r 3 --limit 40 --json
equal "--limit in the result" "$(jq .scenario.options.limit "$out")" 40
jq -n '{workflow: "w.json", platform: "p.json", replicas: 3, grid: {limit: [40, 400]}}' >study.json
succeeds sweep study.json --store rows.sqlite --json
equal "the axis" "$(jq -c '[.rows[].limit]' "$out")" '[40,400]'
refuses "limit.*must be" simulate w.json -p p.json --limit -1

# The station: 5 s after each of two sets until the client knows.
jq -n '{task_sets: [{name: "a", cores: 1, duration: 10}, {name: "b", cores: 1, duration: 10, after: ["a"]}]}' >two.json
jq -n '{name: "m", stations: {notify: {network: 5}}}' >m.json
succeeds simulate two.json -p small.json -m m.json -r 1 --json
equal "the makespan with the station" "$(jq .makespan.mean "$out")" 25
succeeds schema middleware --markdown
says 'notify.network.*and the message crosses the network'
jq -n '{workflow: "two.json", platform: "small.json", replicas: 1, grid: {"station.notify.network": [0, 3]}}' >study.json
succeeds sweep study.json --store stations.sqlite --json
equal "an axis of the station" "$(jq -c '[.rows[].makespan_s]' "$out")" '[20,23]'

# The named resource: in the files alone. One licence: one task after the other.
jq -n '{nodes: [{cores: 4}], resources: [{name: "licence", amount: 1, per: "machine"}]}' >licensed.json
jq -n '{task_sets: [{name: "a", tasks: 3, cores: 1, duration: 10, resources: [{name: "licence"}]}]}' >needs.json
succeeds simulate needs.json -p licensed.json -r 1 --json
equal "the makespan with one licence" "$(jq .makespan.mean "$out")" 30
finish
