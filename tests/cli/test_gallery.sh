#!/bin/bash
# tests/cli/test_gallery.sh - the commands of docs/gallery.md draw the pictures that it shows.
. tests/cli/common.sh
for program in gnuplot dot; do
  command -v $program >/dev/null || { echo "skipped: $program is not installed"; exit 77; }
done
gallery=$source_dir/docs/gallery.md
"$source_dir/docs/gallery/make.sh" "$DAGCAST" "$work" >made.txt 2>&1 || fail "a command of gallery.md failed: $(tail -n 3 made.txt)"
pictures=$(grep -o '(gallery/[a-z/]*\.svg)' "$gallery" | tr -d '()')
[ "$(wc -w <<<"$pictures")" -eq 13 ] || fail "gallery.md shows $(wc -w <<<"$pictures") pictures, not thirteen"
for picture in $pictures; do
  checks=$((checks + 1))
  grep -q '<svg' "${picture#gallery/}" || fail "$picture was not drawn"
  [ -s "$source_dir/docs/$picture" ] || fail "docs/$picture is missing: docs/gallery/make.sh"
done
finish
