#!/bin/bash
# Reports: what is on the page, of each kind of input; what is refused. (tests/browser looks at it in a browser.)
. tests/cli/common.sh
workflow w.json
platform p.json

shows() { checks=$((checks + 1)); grep -qF -- "$2" "$1" || fail "$1 does not show '$2'"; }

"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --json >compare.json
succeeds report compare.json -o page.html
says '^wrote page.html$'
for text in '<title>w on p</title>' 'How long do the 21 tasks' '2 nodes, each with 8 cores, 2 GPUs' 'closed form' 'lower bound' 'What it means' \
  'dagcast compare w.json --platform p.json --seed 5 --replicas 20 --json' 'Seed 5;' '<figure class="gantt">' '"name":"pipelined"'; do
  shows page.html "$text"
done
mean=$(jq '.modes.sequential.makespan.mean' compare.json)
shows page.html "$(LC_ALL=C printf '%.1f s' "$mean")"
! grep -qE '(src|href)="?https?:' page.html || fail "the page needs a network"
succeeds report compare.json -o again.html
cmp -s page.html again.html || fail "the same result gives another page"

"$DAGCAST" simulate w.json -p p.json -r 20 --mode sequential --json >simulate.json
succeeds report simulate.json --title 'a <b> title' -o one.html
shows one.html '<title>a &lt;b&gt; title</title>'
shows one.html 'in the sequential mode?'
! grep -q '"name":"pipelined"' one.html || fail "a result of simulate shows other modes"

# Any other result as tables; several on one page.
"$DAGCAST" model w.json -p p.json --json >model.json
succeeds report compare.json model.json
shows report.html 'Closed forms'
shows report.html 'Task by task'

# Without gnuplot and graphviz the page says so.
(PATH=/nonexistent && exec "$DAGCAST" report compare.json -o bare.html) >/dev/null 2>&1 || fail "no page without gnuplot"
shows bare.html 'gnuplot is not installed'
shows bare.html '<figure class="gantt">'

refuses 'is a scenario, not yet a result' report w.json -o x.html
refuses 'no such file|cannot be opened|No such' report nowhere.json -o x.html
rm p.json
refuses 'which is needed again' report compare.json -o x.html
finish
