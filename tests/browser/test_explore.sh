#!/bin/bash
# A sweep's report in a browser: sliders show the row that the sweep computed, a second setting stands beside, the command gives the same point;
# two results side by side; dark, narrow, on paper.
. tests/cli/common.sh
. "$source_dir/tests/browser/webdriver.sh"
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }

evil='<img src=x onerror=window.hacked=1>.json'
workflow "$evil"
platform p.json
jq -n --arg w "$evil" '{workflow: $w, platform: "p.json", replicas: 5, grid: {nodes: [1, 2, 4], mode: ["sequential", "asynchronous"],
  middleware: ["ideal", "radical-entk"]}}' >s.json
succeeds sweep s.json --store s.sqlite --json --report page.html
cp "$out" rows.json
browser_start
open_page "$work/page.html"
explore='document.querySelector("figure.explore")'
holds "a slider for each setting that varies" "$explore.querySelectorAll('[data-side=A] input[type=range]').length === 3"
holds "no name became markup" "window.hacked === undefined && !document.querySelector('main img')"
holds "nothing was loaded" "performance.getEntriesByType('resource').length === 0"
holds "one setting at first" "getComputedStyle($explore.querySelector('[data-side=B]')).display === 'none'"

shown() { script "return $explore.querySelector('[data-side=$1] .figures strong').textContent" | jq -r .; }     # SIDE: its makespan
row() { jq -r --argjson n "$1" --arg m "$2" --arg w "$3" '.rows[] | select(.nodes == $n and .mode == $m and .middleware == $w) | .makespan_s * 10 | round / 10' rows.json; }
is() {                                   # WHAT ACTUAL EXPECTED
  checks=$((checks + 1))
  awk -v a="${2% s}" -v b="$3" 'BEGIN { exit !(a != "" && b != "" && (a - b) ^ 2 < 0.011) }' || fail "$1: $2, not $3"
}
move() {                                 # SIDE AXIS PLACE, as a user's input does
  script "const i = $explore.querySelector('[data-side=$1] input[data-axis=$2]'); i.value = $3;
    i.dispatchEvent(new Event('input')); return 0" >/dev/null
}
move A nodes 0; move A mode 0; move A middleware 0
is "the first point" "$(shown A)" "$(row 1 sequential ideal)"
script "$explore.querySelector('[data-side=A] input[data-axis=nodes]').focus(); return 0" >/dev/null
press $'\ue014'
is "the arrow key moves it" "$(shown A)" "$(row 2 sequential ideal)"
move A middleware 1
is "the middleware" "$(shown A)" "$(row 2 sequential radical-entk)"
holds "the bars are over what was moved last" "/over middleware/.test($explore.querySelector('.bars').textContent) && $explore.querySelectorAll('.bars .line').length === 2"
click '.compare'
move B nodes 2; move B mode 1; move B middleware 1
is "the second setting" "$(shown B)" "$(row 4 asynchronous radical-entk)"
holds "and its difference" "/^[−+][0-9.]+ % against A$/.test($explore.querySelector('[data-side=B] .figures .note').textContent)"

# The command to copy gives the point that is shown.
command=$(script "return $explore.querySelector('[data-side=B] pre').textContent" | jq -r .)
is "the command says" "$(bash -c "dagcast() { '$DAGCAST' \"\$@\"; }; $command --json" | jq -r '.makespan.mean // .makespan' | head -1)" "$(shown B | sed 's/ s//')"
click '[data-side=B] .copy'
holds "the button copies or selects it" "['Copied', 'Selected'].includes($explore.querySelector('[data-side=B] .copy').textContent)"
holds "the text is selected" "window.getSelection().toString().startsWith('dagcast simulate')"

# Dark, narrow, on paper.
script "document.documentElement.dataset.theme = 'dark'; return 0" >/dev/null
holds "pictures are dark" "(c => c.match(/[0-9]+/g).slice(0, 3).every(x => x < 60))(getComputedStyle(document.querySelector('figure.picture')).backgroundColor)"
holds "and their words light" "Array.from(document.querySelectorAll('figure.picture svg g[fill=\"rgb(64,64,64)\"]')).slice(0, 5).every(
  g => getComputedStyle(g).fill.match(/[0-9]+/g).every(x => x > 180))"
command_of POST /window/rect '{"width": 420, "height": 800}' >/dev/null
holds "no wider than a telephone" "document.documentElement.scrollWidth <= window.innerWidth"
pdf=$(command_of POST /print '{}' | jq -r . | base64 -d | head -c 4)
checks=$((checks + 1))
[ "$pdf" = %PDF ] || fail "on paper: $pdf"

# Two results side by side.
workflow w.json
succeeds compare w.json -p p.json -r 3 --json
cp "$out" one.json
succeeds compare w.json -p p.json -n 1 -r 3 --json
cp "$out" two.json
succeeds report one.json two.json one.json -o both.html
command_of POST /window/rect '{"width": 1280, "height": 900}' >/dev/null
open_page "$work/both.html"
tops="Array.from(document.querySelectorAll('section.part:not([hidden])'), s => Math.round(s.getBoundingClientRect().top))"
holds "below each other at first" "($tops).length === 3 && new Set($tops).size === 3"
click '.sides button'
holds "then side by side" "($tops).length === 2 && new Set($tops).size === 1"
holds "contents name all three" "document.querySelectorAll('nav li.part').length === 3"
click '.sides button'
holds "and back" "($tops).length === 3"
finish
