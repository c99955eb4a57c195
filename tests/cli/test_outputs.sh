#!/bin/bash
# Nothing that is written may be what is read, nor written twice: refused before anything runs, and every file is as it was.
. tests/cli/common.sh
workflow w.json
platform p.json
echo '{"workflow": "w.json", "platform": "p.json"}' >s.json
"$DAGCAST" compare s.json -r 3 --json >result.json
mkdir folder && ln -s ../w.json folder/link.json && ln w.json hard.json
cat w.json p.json s.json result.json >before

refuses '^dagcast simulate: --timeline w.json would overwrite the input w.json; write to another file$' simulate w.json -p p.json --timeline w.json
refuses '--timeline ./w.json would overwrite the input w.json;' simulate w.json -p p.json --timeline ./w.json
refuses 'folder/link.json would overwrite the input w.json;' simulate w.json -p p.json --chrome-trace folder/link.json
refuses 'hard.json would overwrite the input w.json;' simulate w.json -p p.json --timeline hard.json
refuses '--timeline p.json would overwrite the input --platform p.json;' compare w.json -p p.json --timeline p.json
refuses '--plot w.json would overwrite the input w.json;' compare w.json -p p.json --plot w.json
refuses '--timeline w.json would overwrite the input (./)?w.json;' simulate s.json --timeline w.json
refuses '--output result.json would overwrite the input result.json;' report result.json -o result.json
refuses '--output w.json would overwrite the input (./)?w.json;' report result.json -o w.json
refuses 'OUT ./w.json would overwrite the input w.json;' convert w.json ./w.json
refuses '--store s.json would overwrite the input s.json;' sweep s.json --store s.json
refuses '^dagcast simulate: --timeline t and --chrome-trace t are one file; give each its own$' simulate w.json -p p.json --timeline t --chrome-trace t
refuses 'are one file' simulate w.json -p p.json --timeline t --chrome-trace folder/../t
refuses 'are one file' simulate w.json -p p.json --timeline gone/t --plot gone/t
refuses '--chrome-trace gantt.svg and gantt.svg are one file' plot gantt w.json -p p.json --chrome-trace gantt.svg
cp w.json report.html
refuses '^dagcast report: report.html would overwrite the input report.html;' report report.html
"$DAGCAST" compare w.json -p p.json -r 3 --json >made.json
"$DAGCAST" advise w.json -p p.json -n 1 -r 100 --json >advice.json
refuses '--output p.json would overwrite the input p.json;' report made.json -o p.json
refuses '--chrome-trace p.json would overwrite the input p.json;' plot gantt made.json --mode sequential --chrome-trace p.json -o g.svg
refuses '--output p.json would overwrite the input p.json;' report advice.json -o p.json
refuses '--output w.json would overwrite the input (./)?w.json;' report advice.json -o w.json
refuses 'are one file' compare w.json -p p.json --timeline out1 --plot out1/
[ ! -e out1 ] || fail "one of two outputs in one place was written"
cmp -s before <(cat w.json p.json s.json result.json) || fail "an input was changed"

# Of a folder that is read no file is overwritten.
"$DAGCAST" execute w.json -p p.json --time-scale 0.0001 --run-dir run >/dev/null || fail "no run"
find run -type f -exec cat {} + | cksum >before
refuses '--write-workflow run/workflow.json is there already, below the input run,' import run --write-workflow run/workflow.json
refuses '--timeline folder/../run/journal is there already, below the input run,' import run --timeline folder/../run/journal
refuses 'is there already, below the input run,' import run/ --timeline run/../run/run.json
cmp -s before <(find run -type f -exec cat {} + | cksum) || fail "the run was changed"
succeeds import run --timeline run/mine.csv
rm run/mine.csv

# A pipe can be read once.
mkfifo in.json
timeout 60 bash -c 'sleep 0.1; cat w.json >in.json' >/dev/null 2>&1 &
touch there.csv
succeeds simulate in.json -p p.json -r 2 --timeline there.csv

# Into a folder that is not there: refused before anything runs or is written. Folders of pictures are made.
refuses '^dagcast simulate: --timeline none/t.csv: there is no folder none; make it first$' simulate w.json -p p.json --timeline none/t.csv
refuses 'there is no folder none' simulate w.json -p p.json --timeline first.csv --chrome-trace none/t.json
[ ! -e first.csv ] || fail 'a file was written beside one that could not be'

# What is not the same file, and what may be named twice.
mkdir other
succeeds simulate w.json -p p.json -r 2 --timeline t.csv --chrome-trace other/t.csv
succeeds simulate w.json -p p.json -r 2 --timeline /dev/null --chrome-trace /dev/null
succeeds simulate w.json -p p.json -r 2 --timeline t.csv
succeeds convert t.csv again.csv
cp w.json summit                         # a preset's name is no file
succeeds simulate w.json -p summit -r 2 --timeline summit
succeeds simulate w.json -p summit -r 2 --timeline summit
finish
