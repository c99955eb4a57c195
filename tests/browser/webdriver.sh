# tests/browser/webdriver.sh - sourced by each tests/browser/test_*.sh: a headless Chromium, spoken to through chromedriver with curl and jq.
# The browser comes from Debian and never from the network; it gets a folder of its own and ends with the test.
for program in chromium chromedriver curl jq; do
  command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done

browser_start() {
  local options
  chromedriver --port=0 >"$work/.chromedriver" 2>&1 &
  driver=$!
  trap browser_stop EXIT
  for _ in $(seq 100); do
    port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$work/.chromedriver")
    [ -z "$port" ] || break
    sleep 0.1
  done
  options=$(jq -nc --arg data "$work/.profile" --arg binary "$(command -v chromium)" '{capabilities: {alwaysMatch: {
    browserName: "chrome", "goog:loggingPrefs": {browser: "ALL"}, "goog:chromeOptions": {binary: $binary, args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--window-size=1280,900", "--force-device-scale-factor=1",
      "--user-data-dir=\($data)"]}}}}')
  session=$(curl -s --max-time 60 -X POST "http://127.0.0.1:$port/session" -d "$options" | jq -r '.value.sessionId // empty')
  [ -n "$session" ] || { cat "$work/.chromedriver"; echo "FAILED: no session with the browser"; exit 1; }
}

browser_stop() {
  [ -z "${session-}" ] || curl -s --max-time 20 -X DELETE "http://127.0.0.1:$port/session/$session" >/dev/null
  kill "$driver" 2>/dev/null
  wait "$driver" 2>/dev/null
  rm -rf "$work"
}

command_of() {                           # METHOD WAY [JSON]: .value of the answer
  curl -s --max-time 60 -X "$1" "http://127.0.0.1:$port/session/$session$2" -d "${3-}" | jq -c .value
}

open_page() { command_of POST /url "$(jq -nc --arg url "file://$1" '{url: $url}')" >/dev/null; }
script() { command_of POST /execute/sync "$(jq -nc --arg script "$1" '{script: $script, args: []}')"; }   # JAVASCRIPT with a return
element() { command_of POST /element "$(jq -nc --arg css "$1" '{using: "css selector", value: $css}')" | jq -r '.[]?'; }
click() { command_of POST "/element/$(element "$1")/click" '{}' >/dev/null; }
actions() { command_of POST /actions "{\"actions\": $1}" >/dev/null; }
press() { actions "$(jq -nc --arg key "$1" '[{type: "key", id: "k", actions: [{type: "keyDown", value: $key}, {type: "keyUp", value: $key}]}]')"; }

point_at() {                             # CSS X Y: moves the mouse to this point of the element, pixels from its upper left corner
  local middle
  middle=$(script "const r = document.querySelector('$1').getBoundingClientRect(); return [r.width / 2, r.height / 2]")
  actions "$(jq -nc --arg e "$(element "$1")" --argjson x "$2" --argjson y "$3" --argjson m "$middle" '[{type: "pointer", id: "m",
    actions: [{type: "pointerMove", duration: 0, origin: {"element-6066-11e4-a52e-4f735466cecf": $e},
    x: ($x - $m[0] | round), y: ($y - $m[1] | round)}]}]')"
}

drag() {                                 # CSS X Y TO_X TO_Y: pixels from the element's upper left corner
  local middle
  middle=$(script "const r = document.querySelector('$1').getBoundingClientRect(); return [r.width / 2, r.height / 2]")
  actions "$(jq -nc --arg e "$(element "$1")" --argjson p "[$2, $3, $4, $5]" --argjson m "$middle" '
    {"element-6066-11e4-a52e-4f735466cecf": $e} as $origin | [{type: "pointer", id: "m", actions: [
    {type: "pointerMove", duration: 0, origin: $origin, x: ($p[0] - $m[0] | round), y: ($p[1] - $m[1] | round)}, {type: "pointerDown", button: 0},
    {type: "pointerMove", duration: 0, origin: $origin, x: ($p[2] - $m[0] | round), y: ($p[3] - $m[1] | round)}, {type: "pointerUp", button: 0}]}]')"
}

turn_wheel() {                           # CSS PIXELS
  actions "$(jq -nc --arg e "$(element "$1")" --argjson by "$2" '[{type: "wheel", id: "w", actions: [{type: "scroll", duration: 0, x: 0, y: 0,
    deltaX: 0, deltaY: $by, origin: {"element-6066-11e4-a52e-4f735466cecf": $e}}]}]')"
}

holds() {                                # WHAT JAVASCRIPT: an expression that must be true in the page
  checks=$((checks + 1))
  [ "$(script "return Boolean($2)")" = true ] || fail "$1: not true in the page: $2"
}
