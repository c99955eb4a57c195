#!/bin/bash
# Completion: bash by calling its function, fish by asking it, zsh within a terminal of its own; the last two where they are installed.
. tests/cli/common.sh

for shell in bash zsh fish; do
  succeeds completion "$shell"
  cp "$out" "dagcast.$shell"
done
refuses "^dagcast completion: SHELL: must be bash, zsh or fish, is 'csh'" completion csh
refuses "needs SHELL" completion
succeeds list platforms --csv
sed '1d; s/,.*//' "$out" | sort >platforms
refuses "^dagcast list: --csv: prints one table; give a KIND$" list --csv
mkdir bin
ln -s "$DAGCAST" bin/dagcast
export PATH=$work/bin:$PATH

# shellcheck disable=SC1091
. ./dagcast.bash
complete_bash() {                        # WORD...: the last is to be completed; into `completed`
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _dagcast 2>err
  printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"} | sort >completed
  checks=$((checks + 1))
}
is() { [ "$(paste -sd' ' completed)" = "$1" ] || fail "completed: $(paste -sd' ' completed), not $1"; }
complete_bash dagcast comp
is 'compare completion'
complete_bash dagcast compare --mod
is '--mode'
complete_bash dagcast compare --mode ''
is 'asynchronous pipelined sequential'
complete_bash dagcast compare --mode = pip
is 'pipelined'
complete_bash dagcast compare -p sum
is 'summit'
complete_bash dagcast compare --platform ''
[ "$(comm -23 platforms completed)" = '' ] || fail "platforms that are not completed: $(comm -23 platforms completed)"
complete_bash dagcast schema ''
is 'distribution middleware platform run scenario study workflow'
complete_bash dagcast help adv
is 'advise'
touch 'a file.json'
complete_bash dagcast compare 'a '
is 'a file.json'
mkdir -p own/platforms                   # a name that a shell would run
echo '{}' >'own/platforms/$(touch oops).json'
DAGCAST_DATA=$work/own complete_bash dagcast compare -p ''
[ ! -e oops ] || fail "a platform's name was run"

# Every option of every command is completed.
for command in $("$DAGCAST" --help | sed -n '/^Examples:/q; s/^  \([a-z]\{3,\}\)  *.*/\1/p'); do
  complete_bash dagcast "$command" --
  "$DAGCAST" "$command" --help | sed "/^Examples:/q" | grep -oE '^ {2,6}(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | grep -v -- --version | sort >options
  [ "$(comm -23 options completed)" = '' ] || fail "$command: options that are not completed: $(comm -23 options completed)"
done

if command -v fish >/dev/null; then
  export XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work
  fish --no-config -c 'source dagcast.fish; complete -C "dagcast compare --mode "' | cut -f1 | sort >completed
  is 'asynchronous pipelined sequential'
  fish --no-config -c 'source dagcast.fish; complete -C "dagcast compare -p sum"' | cut -f1 >completed
  is 'summit'
  checks=$((checks + 2))
fi
if command -v zsh >/dev/null; then
  mkdir zfunc
  cp dagcast.zsh zfunc/_dagcast
  cat >drive.zsh <<'Z'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; fpath=(./zfunc $fpath); autoload -U compinit; compinit -u -D; print rea''dy'
zpty -r z seen '*ready*'
zpty -w -n z $'dagcast compare --mode seq\t'
zpty -r -m z seen '*sequential*' && print "sequential"
zpty -w -n z $'\C-udagcast comple\t'
zpty -r -m z seen '*completion*' && print "completion"
zpty -d z
Z
  timeout 30 zsh -f drive.zsh >completed 2>err </dev/null || fail "zsh: $(cat err)"
  is 'sequential completion'
  checks=$((checks + 1))
fi
finish
