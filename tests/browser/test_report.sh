#!/bin/bash
# A report in a browser: nothing from the network, hostile names stay names; the chart zooms, pans, tells, highlights, switches, prints.
. tests/cli/common.sh
. "$source_dir/tests/browser/webdriver.sh"
command -v gnuplot >/dev/null || { echo "skipped: gnuplot is not installed"; exit 77; }

cat >w.json <<'JSON'
{"name": "</title><script>window.hacked = 1</script> & \"it's\"", "task_sets": [
  {"name": "</script><script>window.hacked = 2</script>", "tasks": 11, "cores": 2, "gpus": 1, "duration": 34.5},
  {"name": "\u202eevil\u0001 & <b>bold</b> 'it' \"is\" \u05d0\u05d1", "tasks": 3, "cores": 5, "duration": 12.5,
   "after": ["</script><script>window.hacked = 2</script>"]},
  {"name": "<!--<img src=x onerror=window.hacked=3>", "tasks": 7, "cores": 1, "duration": 61}]}
JSON
platform p.json
succeeds compare w.json -p p.json -r 3 --report report.html
browser_start
open_page "$work/report.html"

holds "no name became markup" "window.hacked === undefined && !document.querySelector('main b, main img, main script:not([type])')"
holds "names are there" "document.body.textContent.includes('</script><script>window.hacked = 2</script>')"
holds "the title is a text" "document.title.startsWith('</title><script>')"
holds "nothing was loaded" "performance.getEntriesByType('resource').length === 0"
holds "control characters are replaced" "!/[\\u0001-\\u0008]/.test(document.body.textContent)"
holds "pictures are inline" "document.querySelectorAll('figure.picture svg').length >= 3"
holds "ids are unique" "(ids => ids.length === new Set(ids).size)(Array.from(document.querySelectorAll('[id]'), e => e.id))"
holds "all modes and the closed form are in the table" "['sequential', 'pipelined', 'asynchronous', 'closed form', 'lower bound'].every(
  name => document.querySelector('table + *, main').textContent.includes(name))"
holds "a command to reproduce" "Array.from(document.querySelectorAll('pre'), e => e.textContent).some(t => t.includes('dagcast compare w.json'))"

# The chart: three modes.
chart='document.querySelector("figure.gantt")'
holds "drawn in colours" "(c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size > 4)(
  document.querySelector('.gantt canvas'))"
holds "the last mode first" "$chart.dataset.mode === 'asynchronous'"
click '.modes button[data-mode="sequential"]'
holds "a click switches the mode" "$chart.dataset.mode === 'sequential' && document.querySelector('.modes button').ariaPressed === 'true'"

# Hover: the first task starts at once on the first cores of the first node.
point=$(script "const c = document.querySelector('.gantt canvas'); c.scrollIntoView({block: 'center'});
  return [110, (c.clientHeight - 28) / 2 * 0.09]")
point_at '.gantt canvas' "$(jq '.[0]' <<<"$point")" "$(jq '.[1]' <<<"$point")"
holds "hovering tells a task's facts" "!document.querySelector('.tip').hidden && /needs\\s*2 cores \\+ 1 GPU/.test(document.querySelector('.tip').textContent)
  && /executed\\s*34.50 s/.test(document.querySelector('.tip').textContent)"
point_at '.gantt canvas' 20 20
holds "and no longer" "document.querySelector('.tip').hidden"

# Zoom: buttons, keys, wheel.
whole=$(script "return Number($chart.dataset.span)")
click '.zoom button:nth-child(1)'
holds "a button zooms in" "Number($chart.dataset.span) < 0.7 * $whole"
click '.zoom button:nth-child(3)'
holds "and out again" "Math.abs(Number($chart.dataset.span) - $whole) < 1e-9"
turn_wheel '.gantt canvas' -100
holds "the wheel scrolls the page at first" "Math.abs(Number($chart.dataset.span) - $whole) < 1e-9"
script "document.querySelector('.gantt canvas').scrollIntoView({block: 'center'})" >/dev/null
click '.gantt canvas'
turn_wheel '.gantt canvas' -100
holds "after a click it zooms" "Number($chart.dataset.span) < 0.7 * $whole"
press 0
holds "0 shows the whole" "Math.abs(Number($chart.dataset.span) - $whole) < 1e-9"
press +
holds "+ zooms" "Number($chart.dataset.span) < 0.7 * $whole"
drawn=$(script "return Number($chart.dataset.drawn)")
press "$(printf '\xee\x80\x94')"          # the arrow to the right, as WebDriver spells it
holds "an arrow pans" "Number($chart.dataset.drawn) > $drawn"
press n
holds "n tells the next task" "!document.querySelector('.tip').hidden && document.querySelector('.status').textContent.includes('executed')"
press "$(printf '\xee\x80\x8c')"
holds "escape ends it" "document.querySelector('.tip').hidden"

# Dragging pans, by as much as the hand moved; what is highlighted keeps its ink and the rest pales; n steps through it alone.
script "window.seen = []; const c = $chart; c.querySelector('canvas').scrollIntoView({block: 'center'})" >/dev/null
press +
click '.zoom button:nth-child(1)'
pixels="(() => { const c = document.querySelector('.gantt canvas'); return Array.from(new Uint32Array(
  c.getContext('2d').getImageData(100, 0, c.width - 100, c.height - 30).data.buffer)).reduce((h, x) => (h * 31 + x) >>> 0, 7); })()"
before=$(script "return $pixels")
span=$(script "return Number($chart.dataset.span)")
drag '.gantt canvas' 500 100 300 100
[ "$(script "return $pixels")" != "$before" ] || fail "dragging does not pan"
holds "dragging does not zoom" "Math.abs(Number($chart.dataset.span) - $span) < 1e-9"
drag '.gantt canvas' 300 100 500 100
[ "$(script "return $pixels")" = "$before" ] || fail "dragging back does not come back"
script "document.querySelector('.zoom button:nth-child(3)').click()" >/dev/null
before=$(script "return $pixels")
click '.legend button:nth-child(3)'
[ "$(script "return $pixels")" != "$before" ] || fail "highlighting changes nothing in the chart"
script "document.querySelector('.gantt canvas').focus()" >/dev/null
for _ in 1 2 3; do
  press n
  holds "n keeps to the highlighted set" "document.querySelector('.status').textContent.startsWith('task <!--<img src=x')"
done
press "$(printf '\xee\x80\x8c')"
click '.legend button:nth-child(3)'
[ "$(script "return $pixels")" = "$before" ] || fail "the highlight does not end"

click '.legend button:nth-child(2)'
holds "a set is highlighted" "$chart.dataset.highlighted.includes('evil') && document.querySelector('.legend button:nth-child(2)').ariaPressed === 'true'"
click '.legend button:nth-child(2)'
holds "and no longer" "$chart.dataset.highlighted === ''"

# Dark and light, and on paper.
before=$(script "return getComputedStyle(document.documentElement).backgroundColor")
click '.theme'
holds "the theme switches" "getComputedStyle(document.documentElement).backgroundColor !== $before"
command_of GET /screenshot | jq -r . | base64 -d >shot.png
[ "$(head -c 4 shot.png | tail -c 3)" = PNG ] && [ "$(stat -c %s shot.png)" -gt 10000 ] || fail "no screenshot"
command_of POST /print '{}' | jq -r . | base64 -d >page.pdf
[ "$(head -c 4 page.pdf)" = '%PDF' ] || fail "it does not print"
[ "$(command_of POST /se/log '{"type": "browser"}' | jq '[.[] | select(.level == "SEVERE")] | length')" = 0 ] || fail "errors in the browser's console"

# Everything is reached by the keyboard, and a narrow window scrolls in one direction only.
holds "tabs reach every control" "Array.from(document.querySelectorAll('.gantt button, .gantt canvas, .theme, nav a')).every(e => e.tabIndex === 0)"
command_of POST /window/rect '{"width": 500, "height": 900}' >/dev/null
holds "a narrow page does not overflow" "document.documentElement.scrollWidth <= window.innerWidth"
holds "and its chart is redrawn" "(c => Math.abs(c.width / c.clientWidth - window.devicePixelRatio) < 0.01)(document.querySelector('.gantt canvas'))"
command_of POST /window/rect '{"width": 600, "height": 900}' >/dev/null
holds "a page of 600 pixels shows the whole table of results" "(e => e.scrollWidth <= e.clientWidth)(
  Array.from(document.querySelectorAll('.scroll')).find(e => e.textContent.includes('lower bound')))"
command_of POST /window/rect '{"width": 1280, "height": 900}' >/dev/null
labels() {                               # SECONDS: of the time axis of a chart as long
  echo "(() => { const seen = [], g = { fillText: t => seen.push(t), fillRect() {}, beginPath() {}, moveTo() {}, lineTo() {}, stroke() {} };
    window.ganttGround.axes({ view: { x0: 0, x1: $1, y0: 0, y1: 0 }, width: 600, height: 200, panel: { nodes: [] },
                              x: t => 96 + 480 * t / $1, y: () => 0 }, g); return seen.join(); })()"
}
holds "seconds are labelled as such" "/^0 s,[0-9]+ s,/.test($(labels 3000))"
holds "a day is labelled in hours" "/^0 h,[0-9]+ h,/.test($(labels 86400))"
holds "months are labelled in days" "/^0 d,[0-9]+ d,/.test($(labels 6000000))"

# Names of 500 characters and many sets: nothing leaves its place.
jq -n '{name: ("W" * 500), task_sets: [range(20) | {name: ("set\(.)" + "x" * 500), tasks: 2, cores: 1, duration: (5 + .)}]}' >long.json
succeeds compare long.json -p p.json -r 2 --report long.html
open_page "$work/long.html"
holds "long names wrap" "document.documentElement.scrollWidth <= window.innerWidth"
holds "from the ninth on sets are hatched, the last holds the others" "(l => l.length === 16 && !l[7].hatched && l[8].hatched && !l[15].hatched)(
  JSON.parse(document.querySelector('.gantt script').textContent).labels)"

# Iterations: the second of three of 10 s each is shaded, from 10 to 20 s, where no task lies.
jq -n '{name: "rounds", task_sets: [{name: "a", cores: 1, duration: 10}],
        loops: [{name: "round", sets: ["a"], stop: {after: 3}}]}' >rounds.json
succeeds simulate rounds.json -p p.json -r 1 --report rounds.html
open_page "$work/rounds.html"
holds "the second iteration is to be shaded" "JSON.stringify(JSON.parse(document.querySelector('.gantt script').textContent).panels[0].shaded)
  === '[[2,10,20]]'"
holds "and is" "(c => { const g = c.getContext('2d'), s = window.devicePixelRatio, wide = c.clientWidth - 96;
  const at = t => Array.from(g.getImageData(Math.round((96 + wide * t / 30.3) * s), Math.round((c.clientHeight - 40) * s), 1, 1).data).join();
  return at(14.3) === at(16.7) && at(4.3) === at(24.3) && at(14.3) !== at(4.3); })(document.querySelector('.gantt canvas'))"
holds "the page says so" "document.querySelector('.gantt .hatches').textContent.includes('every second iteration')"
holds "no iterations, no word" "(d => { d.shaded = []; const e = document.createElement('p'); window.ganttGround.explain(e, d); return e.textContent; })({}) === ''"

# 10^5 tasks stay fluid: a redraw of all of them takes a fraction of a second even without a graphics card.
cat >many.json <<'JSON'
{"name": "many", "task_sets": [{"name": "a", "tasks": 90000, "cores": 1, "duration": {"distribution": "exponential", "mean": 30}},
                               {"name": "b", "tasks": 10000, "cores": 1, "gpus": 1, "duration": 20}]}
JSON
succeeds simulate many.json -p p.json -n 64 -r 1 --report many.html
open_page "$work/many.html"
holds "all tasks are in it" "JSON.parse(document.querySelector('.gantt script').textContent).panels[0].tasks.length === 100000"
holds "a zoom takes less than 0.3 s" "(() => { const b = document.querySelector('.zoom button'), t = performance.now();
  for (let i = 0; i < 5; i++) b.click(); return performance.now() - t < 1500; })()"
finish
