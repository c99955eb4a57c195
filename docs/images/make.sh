#!/bin/bash
# docs/images/make.sh DAGCAST: draws the pictures of README.md and of the pages on shared rates with this program. Needs gnuplot and Chromium.
set -eu
dagcast=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
question=(examples/ddmd.json --platform summit --nodes 16 --middleware radical-entk)

"$dagcast" plot makespan "${question[@]}" --walltime 25m --replicas 1000 --quiet --output docs/images/makespan.svg
for page in shared_fs:flows service:service failures:failures; do
  "$dagcast" plot gantt "examples/${page%:*}.json" --mode asynchronous --quiet --output "docs/images/${page#*:}.svg"
done
"$dagcast" explain "${question[@]}" --json --quiet >"$work/explain.json"
"$dagcast" plot explain "$work/explain.json" --output docs/images/explain.svg
"$dagcast" compare "${question[@]}" --report "$work/report.html" --quiet >"$work/compared.txt"
kept='.lead, .figures, .figures + .answer, .gantt'        # question, answer and chart; a section is in main
sed -i "s|</head>|<style>main > nav, section > :not($kept), .gantt figcaption { display: none }</style></head>|" "$work/report.html"
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
  --disable-sync --user-data-dir="$work/profile" --hide-scrollbars --window-size=1280,1060 --screenshot=docs/images/report.png \
  "file://$work/report.html" 2>/dev/null
size=$(stat --format=%s docs/images/report.png)
[ "$size" -gt 40000 ] || { echo "docs/images/report.png is nearly blank ($size bytes): what a report consists of has changed" >&2; exit 1; }
