#!/bin/bash
# Reports: what is on the page, of each kind of input; what is refused. (tests/browser looks at it in a browser.)
. tests/cli/common.sh
workflow w.json
platform p.json

shows() { checks=$((checks + 1)); grep -qF -- "$2" "$1" || fail "$1 does not show '$2'"; }

# The page is made in the run that made the result.
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --json --report page.html >compare.json || fail "no page"
for text in '<title>w on p (' 'How long do the 21 tasks' '2 nodes, each with 8 cores, 2 GPUs' 'closed form' 'lower bound' 'What it means' \
  'dagcast compare w.json --platform p.json --seed 5 --replicas 20 --report page.html' 'Seed 5;' '<figure class="gantt">' '"name":"pipelined"' \
  '<details><summary>Task sets' 'Makespans of the replicas' 'Tasks on nodes, what they keep busy, and how many run' 'Where tasks wait, and how long' \
  'Task sets and their dependencies' 'Of all 20 replicas.'; do
  shows page.html "$text"
done
[ "$(grep -c '<figure class="picture">' page.html)" = 5 ] || fail "not five pictures: $(grep -c '<figure class="picture">' page.html)"
mean=$(jq '.modes.sequential.makespan.mean' compare.json)
shows page.html "$(LC_ALL=C printf '%.1f s' "$mean")"
absent '(src|href)="?https?:' page.html "the page needs a network"
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --threads 1 --report again.html >text || fail "no second page"
cmp -s page.html again.html || fail "the same run gives another page"
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 | cmp -s - text || fail "--report changes the text"
"$DAGCAST" explain w.json -p p.json -r 20 --seed 5 --json >same.json
shows page.html "$(jq -r .why same.json | sed "s/>/\&gt;/g; s/'/\&#39;/g")"
shows page.html "$(jq -r .method same.json)"
jq -e --slurpfile e same.json '.explanation.modes == $e[0].modes' compare.json >/dev/null || fail "the page and explain differ in where the time goes"

# A stored result gives its page again, without pictures of timelines, whatever became of the files that it was made from.
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --json >bare.json
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --json --timeline tasks.csv | cmp -s - bare.json || fail "--timeline changes the result"
mv w.json kept.json && mv p.json kept-p.json
succeeds report compare.json -o stored.html
says '^wrote stored.html$'
for text in '<title>w on p (' 'How long do the 21 tasks' 'Of all 20 replicas.' "$(LC_ALL=C printf '%.1f s' "$mean")" \
  'Picture not stored: Makespans of the replicas. Add --picture-data (or --report PAGE.html) to the command.'; do
  shows stored.html "$text"
done
[ "$(grep -c '<svg' stored.html)" = 1 ] || fail "$(grep -c '<svg' stored.html) pictures of a stored result, not that of the parts alone"
rows() { grep -oE '<t[dh][^>]*>.*' "$1" | grep -v 'details'; }
[ "$(rows page.html)" = "$(rows stored.html)" ] || fail "tables of the page and of the stored result differ"
succeeds report compare.json -o again.html
cmp -s stored.html again.html || fail "the same result gives another page"
succeeds report bare.json -o bare.html
shows bare.html 'dagcast compare w.json --platform p.json --seed 5 --replicas 20 --report page.html'
absent 'not stored|Task by task' bare.html "sections without content"
mv kept.json w.json && mv kept-p.json p.json

# Results of before cannot be rendered, and say what to do.
jq 'del(.page)' compare.json >old.json
refuses 'old.json: expected a result of dagcast with a "page", found one of an earlier version; run the command again' report old.json -o x.html
echo '{"some": "JSON", "command": 5, "version": "1"}' >other.json
refuses 'other.json: expected a result of dagcast with a "page", found other JSON' report compare.json other.json -o x.html

"$DAGCAST" simulate w.json -p p.json -r 20 --mode sequential --json --report one.html >simulate.json || fail "no page of simulate"
shows one.html 'in the sequential mode?'
shows one.html '"name":"sequential"'
absent '"name":"pipelined"' one.html "a page of simulate shows other modes"
succeeds report simulate.json --title 'a <b> title' -o one.html
shows one.html '<title>a &lt;b&gt; title</title>'

# A page never leaves anything behind if it cannot be written.
refuses 'nowhere/x.html' compare w.json -p p.json -r 2 --report nowhere/x.html

# What did not finish is told as such.
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --walltime 40 --json --report short.html >short.json
succeeds report short.json -o stored.html
for page in short.html stored.html; do
  shows $page 'CUT RUNS: 0.0 % of the sequential'
  shows $page 'Not all tasks are done: 0.0 % of the sequential, 0.0 % of the pipelined and 0.0 % of the asynchronous replicas'
  shows $page '0.0 % do all tasks'
  absent '% less time|than sequential on|No run can be shorter' $page "$page: a verdict on what did not finish"
done
shows short.html 'Sessions of the replicas, cut at the walltime (red)'

# A recorded run: what happened, what is missing, pictures.
"$DAGCAST" simulate w.json -p p.json -r 1 --timeline run.csv >/dev/null
succeeds report run.csv -o run.html
for text in 'Recorded run: run' '21 done, 0 failed' 'of cores busy' 'Task sets' '<figure class="gantt">' 'dagcast report run.csv'; do
  shows run.html "$text"
done

# Each of several results begins with its own heading, which the contents name.
succeeds report compare.json simulate.json -o both.html
[ "$(grep -c '<h2 class="part"' both.html)" = 2 ] || fail "two results, and not two parts"
[ "$(grep -c '<li class="part"' both.html)" = 2 ] || fail "two results, and not two parts in the contents"
absent 'class="part"' page.html "one result is a part"
succeeds report compare.json run.csv -o both.html
[ "$(grep -c '<h2 class="part"' both.html)" = 2 ] || fail "a result and a recorded run, and not two parts"
shows both.html '<figure class="gantt">'

# Any other result; report.html unless named.
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
"$DAGCAST" explain w.json -p p.json -r 5 --seed 9 --json --report report.html >explain.json || fail "no page of explain"
succeeds report explain.json -o stored.html
for page in report.html stored.html; do
  shows $page "$(jq -r .why explain.json | sed "s/>/\&gt;/g; s/'/\&#39;/g")"
  shows $page 'unbounded GPUs'
  shows $page 'dagcast explain w.json --platform p.json --seed 9 --replicas 5 --report page.html'
  in_order=$(sed -n '/What would change it/,/<\/table>/p' $page | grep -oE '^<tr><td>.*' | sed -E 's/<\/?bdi>//g; s/<td[^>]*>/ /g; s/<\/t[dr]>//g; s/.* ([-+][0-9.]+) +[-+][0-9.]+ .*/\1/')
  [ "$(wc -l <<<"$in_order")" -gt 2 ] || fail "no what-ifs in $page: $in_order"
  [ "$in_order" = "$(sort -g <<<"$in_order")" ] || fail "what-ifs are not sorted by effect in $page: $in_order"
done
shows report.html 'What the makespan of each mode consists of'
jq -e '[.what_if.worlds[].difference // empty] | length > 2' explain.json >/dev/null || fail "no what-ifs"
cat >study.json <<'JSON'
{"name": "small <study>", "workflow": "w.json", "platform": "p.json", "replicas": 5, "grid": {"nodes": [1, 2], "mode": ["sequential", "asynchronous"]}}
JSON
"$DAGCAST" sweep study.json --store rows.sqlite --group-by mode --json >sweep.json
succeeds report sweep.json
shows report.html '<title>Study small &lt;study&gt;</title>'
shows report.html 'Best: mode asynchronous'
shows report.html 'dagcast sweep study.json --store rows.sqlite --group-by mode --report page.html'
# Words and values are read where they are stored, and stay text.
jq '.answer = "it <holds>" | .modes.pipelined.makespan.mean = 90.25 | .page.title = "a & b"' compare.json >v.json
succeeds report v.json
shows report.html 'it &lt;holds&gt;'
shows report.html '90.2 s</bdi>'
shows report.html '<title>a &amp; b</title>'

# Pages that hold something else than they should still give a page.
while read -r odd; do
  echo "$odd" >odd.json
  succeeds report odd.json -o odd.html
  shows odd.html '</html>'
done <<'JSON'
{"command": "compare", "version": "1", "page": {"blocks": []}}
{"command": "compare", "version": "1", "page": {"title": 3, "blocks": [1, {}, [], {"section": {}}, {"say": 4}, {"fact": []}, {"figure": {"name": 1}}, {"picture": 2}, {"page_only": 0}]}}
{"command": "compare", "version": "1", "modes": 5, "page": {"blocks": [{"table": {"at": "/modes", "records": 1e9, "fields": [{"label": "x", "key": "a|b|c|d"}]}}, {"say": {"at": "/a/~2/9"}}]}}
{"command": "compare", "version": "1", "modes": {"a": 1, "b": {"q": "x"}}, "page": {"blocks": [{"table": {"at": "/modes", "records": 3, "shown": [0, 7, -1, "x"], "main": {}, "names": [1, 2, 3, 4], "layout": "columns", "fields": [{"label": "q", "key": "q", "unit": "zebra", "decimals": 1e9}, 5]}}]}}
JSON

# With --picture-data the stored result's page has the pictures too, the same bytes.
"$DAGCAST" compare w.json -p p.json -r 20 --seed 5 --json --picture-data --report page.html >kept.json
mv w.json aside.json
succeeds report kept.json -o stored.html
mv aside.json w.json
shows stored.html '<figure class="gantt">'
shows stored.html 'Where tasks wait, and how long</figcaption>'
absent 'Picture not stored' stored.html "not all pictures are stored"
cmp -s <(sed -n '/<figure class="gantt">/,/<.figure>/p' page.html) <(sed -n '/<figure class="gantt">/,/<.figure>/p' stored.html) ||
  fail "the chart of a stored result differs from that of its run"

# Without gnuplot and graphviz the page says so.
(PATH=/nonexistent && exec "$DAGCAST" compare w.json -p p.json -r 3 --report bare.html) >/dev/null 2>&1 || fail "no page without gnuplot"
shows bare.html 'gnuplot is not installed'
shows bare.html '<figure class="gantt">'

refuses 'is a scenario, not yet a result' report w.json -o x.html
refuses 'no such file|cannot be opened|No such' report nowhere.json -o x.html
finish
