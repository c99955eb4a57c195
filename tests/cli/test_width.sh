#!/bin/bash
# Output fits the terminal: COLUMNS, else 80 where there is none. What has no room is named, and --csv has it.
. tests/cli/common.sh

workflow w.json
platform p.json
cat >s.json <<'JSON'
{"workflow": "w.json", "platform": "p.json", "replicas": 3, "grid": {"mode": ["sequential", "asynchronous"], "nodes": [1, 2], "order": ["arrival", "priority"]}}
JSON
"$DAGCAST" simulate w.json -p p.json -r 1 --timeline t.csv >nothing

fits() {                                 # WIDTH ARGUMENTS: no line is longer, but one of a batch script or of one word
  local width=$1 long
  shift
  [ "$width" = 80 ] && unset COLUMNS || export COLUMNS=$width
  succeeds "$@"
  long=$(awk -v most="$width" '{ gsub(/[\200-\277]/, "") } length($0) > most && !/^#/ && NF > 1' "$out")
  [ -z "$long" ] || fail "COLUMNS=$width dagcast $*: too wide: $long"
  export COLUMNS=300
}

for width in 48 80 132; do
  for arguments in 'compare w.json -p p.json -r 3' 'model w.json -p p.json' 'simulate w.json -p p.json -r 3' 'explain w.json -p p.json -r 2' \
                   'advise w.json -p p.json -n 1,2 --full' 'predict w.json -p p.json' 'sweep s.json --store s.sqlite' 'describe w.json -p p.json' 'list' 'import t.csv' \
                   'describe summit' 'describe radical-entk' 'compare --help' 'help' 'execute w.json -p p.json --dry-run'; do
    # shellcheck disable=SC2086
    fits "$width" $arguments
  done
done

# Cells fold before columns go, numbers keep their units, and the columns that went are named.
COLUMNS=80 run compare w.json -p p.json -r 3
says '^sequential .*pipelined .*asynchronous$|^ +sequential +pipelined +asynchronous$'
COLUMNS=48 run sweep s.json --store s.sqlite
says '^\(no room for: .*'
[ -z "$(grep -E '^ *(s|%|h|min)$' "$out")" ] || fail "a unit without its number: $(cat "$out")"

# Every table as CSV, by its path in the JSON.
succeeds compare w.json -p p.json -r 3 --csv
says '^name,'
[ "$(wc -l <"$out")" -eq 4 ] || fail "modes: $(cat "$out")"
for command in 'model w.json -p p.json' 'explain w.json -p p.json -r 2' 'simulate w.json -p p.json -r 2' 'describe w.json -p p.json' \
               'predict w.json -p p.json' 'import t.csv' 'advise w.json -p p.json -n 1,2' 'list platforms' 'sweep s.json --store s.sqlite' 'describe summit'; do
  # shellcheck disable=SC2086
  refuses "^dagcast ${command%% *}: --table: no table 'none' in this result; it has: .*facts" $command --table none
  for table in $(sed 's/.*it has: //; s/,//g' "$err"); do
    # shellcheck disable=SC2086
    run $command --table "$table"
    [ "$status" = 0 ] || { [ "$table" = facts ] && grep -q 'no table' "$err"; } || fail "$command --table $table: $(cat "$err")"
    [ "$status" != 0 ] || python3 -c "
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
assert rows and len({len(row) for row in rows}) == 1, rows" "$out" || fail "$command --table $table: rows of unlike length"
  done
done
refuses '^dagcast compare: --json and --csv|^dagcast compare: --csv and --json' compare w.json -p p.json --csv --json
finish
