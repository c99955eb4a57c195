#!/bin/bash
# docs/gallery/make.sh DAGCAST [FOLDER]: runs the commands of docs/gallery.md, in order, in FOLDER (default: here).
# Needs gnuplot and graphviz.
set -euo pipefail
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
cd "${2:-$here}"
root=$here/../..
dagcast() { "$program" "$@"; }
commands=$(awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$here/../gallery.md")
[ -e examples ] || { ln -s "$root/examples" examples; trap 'rm -f examples' EXIT; }
eval "$commands"
if [ -z "${2-}" ]; then                  # only what gallery.md shows stays
  rm -f ./*.txt ./*.json ./*.csv ./*.sqlite
  find compared -type f ! -name comparison.svg -delete
fi
