#!/bin/bash
# tests/slurm/up.sh FOLDER: a Slurm cluster for one test: one slurmctld and NODES (4) slurmd on 127.0.0.1, with CPUS (16) and GPUS (4) each
# that are not really there. Nothing is written outside FOLDER, which must not exist; then `. FOLDER/env.sh`. tests/slurm/down.sh stops it.
#
# Exits with 77, and a reason, where Slurm is not installed or does not start. It trusts every local user (auth/none): for tests only.
set -euo pipefail
folder=${1:?a folder} NODES=${NODES:-4} CPUS=${CPUS:-16} GPUS=${GPUS:-4}
export SLURM_CONF=$folder/etc/slurm.conf         # without it every command asks the DNS where its cluster is
PATH=$PATH:/usr/sbin

skip() {
  echo "skipped: $*" >&2
  exit 77
}
for program in slurmctld slurmd srun salloc scontrol; do
  command -v $program >/dev/null || skip "no $program (Debian: slurmctld slurmd slurm-client)"
done
mkdir "$folder"
mkdir "$folder"/{etc,state,spool,log,run,dev}
chmod 755 "$folder"

# A GPU must be a character device of its own: /dev/null by another name, else a terminal.
device=$folder/dev/gpu
for ((gpu = 0; gpu < GPUS; gpu++)); do
  mknod "$device$gpu" c 1 3 2>/dev/null || { device=/dev/tty; break; }
done
echo "NodeName=n[1-$NODES] Name=gpu File=$device[0-$((GPUS - 1))]" >"$folder/etc/gres.conf"

listens() { (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

choose_ports() {                         # the first of NODES + 1 neighbours on which nobody listens, below those given to clients
  local try i
  for ((try = 0; try < 50; try++)); do
    port=$((10000 + RANDOM % 20000))
    for ((i = 0; i <= NODES; i++)); do
      listens $((port + i)) && continue 2
    done
    return 0
  done
  skip "no free ports"
}

configure() {
  cat >"$SLURM_CONF" <<CONF
ClusterName=dagcast
SlurmctldHost=localhost
SlurmctldPort=$port
AuthType=auth/none
CredType=cred/none
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$folder/state
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd-%n.pid
SlurmdSpoolDir=$folder/spool/%n
TmpFS=$folder/spool/%n
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd-%n.log
MailProg=/bin/true
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
PropagateResourceLimits=NONE
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=${SELECT:-CR_Core}
SlurmdParameters=config_overrides
ReturnToService=2
MaxStepCount=100000
KillWait=2
GresTypes=gpu
NodeName=n[1-$NODES] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + NODES))] CPUs=$((CPUS * ${THREADS:-1})) Sockets=1 CoresPerSocket=$CPUS ThreadsPerCore=${THREADS:-1} RealMemory=1024 Gres=gpu:$GPUS State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
}

start() {                                # NAME COMMAND...
  local name=$1
  shift
  setsid "$@" </dev/null >>"$folder/log/$name.out" 2>&1 &
  echo "$! $(basename "$1")" >>"$folder/pids"
}

choose_ports
configure
{
  echo "export SLURM_CONF=$SLURM_CONF"
  echo 'unset "${!SLURM_JOB@}"'          # of an allocation that the tests themselves may run in
} >"$folder/env.sh"
. "$folder/env.sh"
start slurmctld slurmctld -D -i
for ((node = 1; node <= NODES; node++)); do
  mkdir "$folder/spool/n$node"
  start "slurmd-n$node" slurmd -D -N "n$node"
done
for ((tenth = 0; tenth < 200; tenth++)); do
  [ "$(timeout 2 sinfo -h -N -t idle -o %N 2>/dev/null | sort -u | wc -l)" -eq "$NODES" ] && exit 0
  sleep 0.1
done
tail -n 3 "$folder"/log/*.log "$folder"/log/*.out >&2
"$(dirname "$0")/down.sh" "$folder"
skip "Slurm does not start here"
