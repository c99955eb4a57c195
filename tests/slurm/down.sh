#!/bin/bash
# tests/slurm/down.sh FOLDER: stops what tests/slurm/up.sh has started, by the recorded process ids (whose names must still be right), and
# removes the folder.
folder=${1:?a folder}
export SLURM_CONF=$folder/etc/slurm.conf
[ -s "$folder/pids" ] || exit 0

signal() {                               # SIGNAL: to all that still run; false: none did
  local any=1 pid name
  while read -r pid name; do
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$name" ] && kill "-$1" "$pid" 2>/dev/null && any=0
  done <"$folder/pids"
  return $any
}

wait_for_none() {
  local tenth
  for ((tenth = 0; tenth < 100; tenth++)); do
    signal 0 || return 0
    sleep 0.1
  done
  return 1
}

timeout 3 scancel --quiet --me 2>/dev/null
for ((tenth = 0; tenth < 30; tenth++)); do
  [ -n "$(timeout 2 squeue -h 2>/dev/null)" ] || break
  sleep 0.1
done
signal TERM
wait_for_none || signal KILL
rm -rf "$folder"
