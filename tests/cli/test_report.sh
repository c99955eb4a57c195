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

# A file that was edited since: the page says so in a box, a picture on standard error; a result without hashes, an older one, says nothing.
cp w.json kept.json
! grep -q '<p class="warning">[^<]*changed since' page.html || fail "a warning though nothing has changed"
"$DAGCAST" explain w.json -p p.json -r 3 --json >why.json
"$DAGCAST" model w.json -p p.json --json >model.json
sed -i 's/"tasks": 11/"tasks": 12/' w.json
for made in why; do
  succeeds report $made.json -o edited.html
  shows edited.html '<p class="warning">'$made'.json: the workflow that it was made of (w.json) has changed since;'
done
succeeds report compare.json -o edited.html
shows edited.html '<p class="warning">compare.json: the workflow that it was made of (w.json) has changed since;'
jq 'del(.scenario.loaded)' compare.json >older.json
succeeds report older.json -o older.html
! grep -q '<p class="warning">[^<]*changed since' older.html || fail "a warning without a hash to go by"
for kind in gantt makespan dag; do
  run plot $kind compare.json --nodes 3 -o edited.svg
  [ "$status" -eq 0 ] && [ "$(wc -l <"$err")" -eq 1 ] && grep -q '^dagcast plot: compare.json: the workflow that it was made of (w.json) has changed since' "$err" ||
    fail "plot $kind of an edited file: $status, $(cat "$err")"
done
sed -i 's/"cores": 8/"cores": 9/' p.json
succeeds report compare.json -o edited.html
shows edited.html 'compare.json: the workflow and the platform that it was made of (w.json) have changed since;'
platform p.json
mv kept.json w.json
succeeds plot gantt compare.json --nodes 3 -o same.svg

"$DAGCAST" simulate w.json -p p.json -r 20 --mode sequential --json >simulate.json
succeeds report simulate.json --title 'a <b> title' -o one.html
shows one.html '<title>a &lt;b&gt; title</title>'
shows one.html 'in the sequential mode?'
! grep -q '"name":"pipelined"' one.html || fail "a result of simulate shows other modes"

# What did not finish is told as such, also of a result that claims an improvement.
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --walltime 40 --json >short.json
jq '.improvement.asynchronous.mean = 0.125 | .improvement.asynchronous.ci95_paired = [0.1, 0.15]' short.json >claims.json
for result in short.json claims.json; do
  succeeds report $result -o short.html
  shows short.html 'Not all tasks are done: 0.0 % of the sequential, 0.0 % of the pipelined and 0.0 % of the asynchronous replicas'
  shows short.html '0.0 % do all tasks'
  ! grep -qE '% less time|than sequential|No run can be shorter|12\.5 %' short.html || fail "$result: a verdict on what did not finish"
done

# Each of several results begins with its own heading, which the contents name.
succeeds report compare.json simulate.json -o both.html
[ "$(grep -c '<h2 class="part"' both.html)" = 2 ] || fail "two results, and not two parts"
[ "$(grep -c '<li class="part"' both.html)" = 2 ] || fail "two results, and not two parts in the contents"
! grep -q 'class="part"' page.html || fail "one result is a part"

# Any other result as tables; several on one page.
"$DAGCAST" model w.json -p p.json --json >model.json
succeeds report compare.json model.json
shows report.html 'Closed forms'
shows report.html 'Task by task'

# Advice, explanations, sweeps and validations as sections that a person reads, each with the command that made it.
"$DAGCAST" advise w.json -p p.json -n 1..3 -r 400 --deadline 1h --json >advise.json
succeeds report advise.json
shows report.html 'How many nodes of p, in which mode, and for how long should one ask for to run w through ideal, so that 95 % of sessions'
shows report.html "$(jq -r .words.smallest advise.json)"
shows report.html "$(jq -r .words.fastest advise.json)"
shows report.html "$(jq -r .words.unknowns advise.json)"
shows report.html 'dagcast advise w.json --platform p.json --nodes 1..3'
shows report.html '--deadline 3600 --replicas 400 --report page.html'
shows report.html 'Seed 1; dagcast'
"$DAGCAST" explain w.json -p p.json -r 5 --seed 9 --json >explain.json
succeeds report explain.json
shows report.html "$(jq -r .why explain.json | sed "s/>/\&gt;/g; s/'/\&#39;/g")"
shows report.html 'unbounded GPUs'
shows report.html 'dagcast explain w.json --platform p.json --seed 9 --replicas 5 --json'
jq -e '[.what_if.worlds[].difference // empty] | length > 2' explain.json >/dev/null || fail "no what-ifs"
in_order=$(grep -oE '<bdi>[+-][0-9.]+ s \([+-][0-9.]+ %\)' report.html | sed -E 's/<bdi>([^ ]+) .*/\1/')
[ "$in_order" = "$(sort -g <<<"$in_order")" ] || fail "what-ifs are not sorted by effect: $in_order"
shows page.html "$(jq -r .method explain.json)"
"$DAGCAST" explain w.json -p p.json -r 20 --seed 5 --json >same.json
shows page.html "$(jq -r .why same.json | sed "s/>/\&gt;/g; s/'/\&#39;/g")"
shows page.html 'Of all 20 replicas.'
cat >study.json <<'JSON'
{"name": "small <study>", "workflow": "w.json", "platform": "p.json", "replicas": 5, "grid": {"nodes": [1, 2], "mode": ["sequential", "asynchronous"]}}
JSON
"$DAGCAST" sweep study.json --store rows.sqlite --group-by mode --json >sweep.json
succeeds report sweep.json
shows report.html '<title>Study small &lt;study&gt;</title>'
shows report.html 'Best: mode asynchronous'
shows report.html 'dagcast sweep study.json --store rows.sqlite --group-by mode --report page.html'
jq -n '{command: "validate", version: "7", verdict: "it <holds>", call: {operands: ["a b.tgz"], options: {"leave-one-out": true}}, seed: 3,
  sessions: [{session: "s<1>", measured: 90, predicted: {mean: 95, pi95: [80, 99]}, error: 5, error_percent: 5.5, in_interval: true}]}' >v.json
succeeds report v.json
shows report.html 'it &lt;holds&gt;'
shows report.html 'dagcast validate &#39;a b.tgz&#39; --leave-one-out --json &gt;v.json'
shows report.html 'Seed 3; results by dagcast 7'

# Results that lack what they should hold, or hold something else, still give a page.
while read -r odd; do
  echo "$odd" >odd.json
  succeeds report odd.json -o odd.html
  shows odd.html '</html>'
done <<'JSON'
{"command": "advise", "version": "1"}
{"command": "advise", "version": "1", "confidence": "x", "deadline": 1e300, "rows": [{}, {"mode": "asynchronous", "accepted": true, "walltime": 1e300}, 7], "choices": {"cheapest": 1e300, "fastest": -3, "smallest": 1}, "words": [], "batch": 5}
{"command": "explain", "version": "1", "modes": [{"parts": 3}], "what_if": []}
{"command": "explain", "version": "1", "modes": {"a": 1, "b": {"makespan": "x", "classes": [1, 2], "parts": [{}, {"class": "c", "words": "w", "seconds": 1}, 4]}, "c": {}, "d": {}, "e": {}}, "what_if": {"worlds": [1, {"cannot": 3}, {"difference": 2}], "orders": 5}}
{"command": "sweep", "version": "1", "group_by": [1, "a"], "groups": [{"a": []}, 4], "rows": {}}
{"command": "validate", "version": 1, "sessions": [1, {}, {"measured": "x", "predicted": {"pi95": [1]}}], "call": {"operands": [1, "x"], "options": [3]}}
{"command": "zebra", "version": "1", "a": {"b": {"c": [[1, [2]], {}]}, "d": {}}, "call": []}
JSON

# Without gnuplot and graphviz the page says so.
(PATH=/nonexistent && exec "$DAGCAST" report compare.json -o bare.html) >/dev/null 2>&1 || fail "no page without gnuplot"
shows bare.html 'gnuplot is not installed'
shows bare.html '<figure class="gantt">'

refuses 'is a scenario, not yet a result' report w.json -o x.html
refuses 'no such file|cannot be opened|No such' report nowhere.json -o x.html
rm p.json
refuses 'which is needed again' report compare.json -o x.html
finish
