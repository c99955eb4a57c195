#!/bin/bash
# Each command's --report page beside `report` of the JSON that the same run printed: the same words and tables, and the same pictures but
# for those that show timelines, which are named in their place. With --picture-data those are there too.
. tests/cli/common.sh
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }
workflow w.json
platform p.json
cat >quick.json <<'JSON'
{"name": "quick", "task_sets": [{"name": "a", "tasks": 6, "duration": 0.1}, {"name": "b", "tasks": 2, "duration": 0.2, "after": ["a"]}]}
JSON
jq -n '{name: "study", workflow: "w.json", platform: "p.json", replicas: 3, grid: {nodes: [1, 2], mode: ["sequential", "asynchronous"]}}' >study.json
awk 'BEGIN { srand(7); print "machine,cores,walltime_min,queue,submitted_epoch,wait_s"
  for (i = 0; i < 60; i++) printf "m,%d,30,long,%d,%.2f\n", 16 * 2 ^ int(3 * rand()), 1400000000 + 60 * i, 10 / (rand() + 0.1) }' >waits.csv

count() { grep -o -- "$2" "$1" | wc -l; }
equal() {                                # WHAT ACTUAL EXPECTED
  checks=$((checks + 1))
  [ "$2" = "$3" ] || fail "$1: $2, not $3"
}
# All that people read: no pictures, and no data of charts.
words() { sed -e '/<figure/,/<\/figure>/d' -e '/class="note">Picture not stored: /d' "$1" | sed -n '/<main>/,/<script>/p'; }
pictures() { grep -oE '^<figcaption>[^<]*|not drawn: .*' "$1"; }

covered=" report "                       # commands that were looked at
same() {                                 # N COMMAND ...: N pictures and charts (or all) are of timelines or samples, and not stored
  local of=$1
  shift
  covered+="$1 "
  "$DAGCAST" "$@" --json --report page.html >result.json 2>said || fail "dagcast $*: $(cat said)"
  succeeds report result.json -o stored.html
  [ "$of" != all ] || of=$(count page.html '^<figure')
  equal "$*: pictures" "$(count stored.html '^<figure')" $(($(count page.html '^<figure') - of))
  equal "$*: not stored" "$(count stored.html 'Picture not stored: ')" "$of"
  equal "$*: tables" "$(count stored.html '<table')" "$(count page.html '<table')"
  checks=$((checks + 1))
  cmp -s <(words page.html) <(words stored.html) || fail "$*: other words: $(diff <(words page.html) <(words stored.html) | head -5)"
}
drawn() { equal "$1 on the page" "$(count page.html "<figcaption>$1")" 1; }

same 5 compare w.json -p p.json -r 3
drawn 'What the makespan of each mode consists of'
same 0 compare w.json -p p.json -r 3 --picture-data
equal "pictures with --picture-data" "$(pictures stored.html)" "$(pictures page.html)"
same 5 simulate w.json -p p.json -r 3
same 0 simulate w.json -p p.json -r 3 --picture-data
same 0 explain w.json -p p.json -r 3
drawn 'What the makespan of each mode consists of'
same 0 advise w.json -p p.json -n 1..2 -r 100
drawn 'Walltime to ask for against what it costs'
drawn 'Mean sessions over nodes'
same 0 sweep study.json --store rows.sqlite
drawn "Each setting&#39;s mean"
equal "sliders" "$(count page.html '^<figure class="explore">')" 1
same 0 sweep study.json --store rows.sqlite --group-by mode
equal "pictures of a sweep" "$(pictures stored.html)" "$(pictures page.html)"
same 0 model w.json -p p.json
same 1 describe w.json
same 0 queue waits.csv --cores 16 -w 1h
same 0 list
same 0 predict quick.json --register ledger.sqlite
same 2 execute quick.json --run-dir run1 --quiet
succeeds execute quick.json --run-dir run2 --quiet
same 0 score ledger.sqlite run2
same 2 import run1
same 1 replay run1
same all calibrate run1 run2 --output profile.json
same 2 validate run1 run2
drawn 'Predicted against measured'
same 0 convert quick.json quick.sh --to slurm

# No command is left out.
for command in $("$DAGCAST" help | sed -n '/^Predict/,$s/^  \([a-z][a-z]*\)  .*/\1/p'); do
  "$DAGCAST" "$command" --help | grep -q -- '--report PAGE' || continue
  checks=$((checks + 1))
  [[ $covered == *" $command "* ]] || fail "$command has a --report that is not looked at"
done
finish
