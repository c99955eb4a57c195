#!/bin/bash
# Help at every level, names nearly right, the man page.
. tests/cli/common.sh

run
[ "$status" -eq 0 ] || fail "dagcast alone: exit status $status"
says '^Usage: dagcast COMMAND'
succeeds --help
says '^  compare +'
says '^Examples:'
twice=$(sed '/^Examples:/q' "$out" | grep '^[A-Z][a-z ]*:$' | sort | uniq -d)
[ -z "$twice" ] || fail "two parts of --help have one title: $twice"
succeeds -h
succeeds help
succeeds --version
says '^dagcast [0-9]+\.[0-9]+\.[0-9]+$'

commands=$("$DAGCAST" --help | sed -n '/^Examples:/q; s/^  \([a-z]\{3,\}\)  *.*/\1/p' | sort -u)
[ "$(wc -w <<<"$commands")" -ge 5 ] || fail "few commands in --help: $commands"
for command in $commands; do
  succeeds "$command" --help
  says "^Usage: dagcast $command "
  says '^Examples:'
  says '^  dagcast '"$command"
  says '-h, --help'
  cp "$out" by_option
  succeeds help "$command"
  cmp -s "$out" by_option || fail "'dagcast help $command' differs from 'dagcast $command --help'"
  [ "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' <(grep -v '^  dagcast\|^Usage\|^  #' "$out"))" -le 80 ] ||
    fail "help of $command is wider than 80 columns"
  refuses "^dagcast $command: unknown option '--zzzz'$" "$command" --zzzz
  succeeds "$command" --version
  says '^dagcast [0-9]+\.[0-9]+\.[0-9]+$'
  succeeds --man "$command"
  says "^dagcast.-$command .- "
  if command -v groff >/dev/null; then
    groff -man -Tascii -ww "$out" 2>&1 >/dev/null | grep . && fail "groff complains of the page of $command"
  fi
done
"$DAGCAST" compare --help | grep -o '[^ ]*examples/ddmd.json' | while read -r example; do
  [ -f "$example" ] || echo "no $example"
done >missing
[ ! -s missing ] || fail "--help names examples that are not there: $(cat missing)"
succeeds help
folder=$(sed -n 's/^Documents: //p' "$out")
[ -f "$folder/formats.md" ] || fail "help finds no documents: '$folder'"

refuses "^dagcast: unknown command 'compar'; did you mean 'compare'\?; see 'dagcast --help'$" compar
refuses "^dagcast: unknown command 'frobnicate'; see" frobnicate
refuses "^dagcast: unknown option '--frobnicate'; see" --frobnicate
refuses "^dagcast: unknown command 'lst'; did you mean 'list'" help lst
refuses "^dagcast: unknown command 'lst'; did you mean 'list'" --man lst
refuses "did you mean '--platform'\?$" compare --platfrom summit
refuses "^dagcast compare: needs SCENARIO" compare
refuses "^dagcast compare: unexpected argument 'b.json'" compare a.json b.json

# The man page is the tables' own.
run --man
cmp -s "$out" "$source_dir/docs/dagcast.1" || fail "docs/dagcast.1 is out of date: dagcast --man > docs/dagcast.1"
for command in $commands; do
  for option in $("$DAGCAST" "$command" --help | grep -oE '^ {2,6}(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
    [ "$option" = --help ] || [ "$option" = --version ] || grep -qF -- "${option//-/\\-}" "$out" || fail "the man page knows no $option of $command"
  done
done
if command -v man >/dev/null && command -v groff >/dev/null; then
  groff -man -Tascii -ww "$out" 2>&1 >/dev/null | grep . && fail "groff complains of the man page"
fi
# An example that README names is found without a folder of examples.
[ ! -e examples ] || fail 'the test needs a folder without examples'
succeeds describe examples/ddmd.json
says '^ddmd: 627 tasks'
succeeds describe --platform summit examples/dg1.json
refuses 'examples/none.json: no such file' describe examples/none.json
mkdir examples && echo '{"name": "own", "task_sets": [{"name": "a", "duration": 1}]}' >examples/ddmd.json
succeeds describe examples/ddmd.json
says '^own: 1 task'
rm -r examples
finish
