#!/bin/bash
# Templates: each is written, read, described, simulated, and has comments; nothing is overwritten.
. tests/cli/common.sh

succeeds list templates --csv
templates=$(sed '1d; s/,.*//' "$out")
[ "$(wc -w <<<"$templates")" -ge 4 ] || fail "few templates: $templates"
[ -z "$(sed '1d' "$out" | grep -v '^[a-z]*,.')" ] || fail "a template without a summary: $(cat "$out")"
for template in $templates; do
  succeeds init "$template"
  says "^wrote $template.json$"
  [ "$(jq -r .name "$template.json")" = "$template" ] || fail "$template.json has another name"
  [ "$(jq '[paths | select(.[-1] | tostring | startswith("_"))] | length' "$template.json")" -ge 2 ] || fail "$template has few comments"
  grep '^  dagcast' "$out" | sed 's/ *#.*//; s/^  dagcast //' >next
  while read -ra words; do
    succeeds "${words[@]}"
  done <next
  [ "$(wc -l <next)" -eq 3 ] || fail "init shows $(wc -l <next) commands"
  succeeds init "$template" -o -
  cmp -s "$out" "$template.json" || fail "init $template -o - differs from the file"
  refuses "^dagcast init: $template.json exists; --force" init "$template"
  [ -z "$(awk 'length > 170' "$template.json")" ] || fail "$template.json has lines too long to read"
done
echo mine >chain.json
refuses 'exists' init chain
[ "$(cat chain.json)" = mine ] || fail 'init overwrote a file'
succeeds init chain --force
succeeds init chain -o 'a b.json'
says "describe 'a b.json'"
refuses "^dagcast init: TEMPLATE: none is named 'chian'; did you mean 'chain'\?$" init chian
refuses "^dagcast init: expected the name of a template, got '../templates/chain'" init ../templates/chain
refuses 'needs TEMPLATE' init
refuses 'no/such/folder' init chain -o no/such/folder/x.json
mkdir -p own/examples/templates
echo '{"comment": "our own", "name": "own", "task_sets": [{"name": "a", "duration": 1}]}' >own/examples/templates/own.json
export DAGCAST_DATA=$work/own
succeeds init own
succeeds list templates
says '^own +our own$'
finish
