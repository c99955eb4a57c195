#!/bin/bash
# Parsl's monitoring.db: the last run of two, with a try that was repeated, one without a start, a task that never ran and a memoised one.
. tests/cli/common.sh
. "$source_dir/tests/cli/totals.sh"
python3 -c 'import sqlite3' 2>/dev/null || { echo "skipped: no python3 with sqlite3"; exit 77; }

python3 - <<'PY'
import sqlite3
db = sqlite3.connect("monitoring.db")
db.executescript("""
CREATE TABLE workflow (run_id TEXT NOT NULL, workflow_name TEXT, workflow_version TEXT, time_began DATETIME NOT NULL, time_completed DATETIME,
 host TEXT NOT NULL, user TEXT NOT NULL, rundir TEXT NOT NULL, tasks_failed_count INTEGER NOT NULL, tasks_completed_count INTEGER NOT NULL,
 PRIMARY KEY (run_id));
CREATE TABLE task (task_id INTEGER NOT NULL, run_id TEXT NOT NULL, task_depends TEXT, task_func_name TEXT NOT NULL, task_memoize TEXT NOT NULL,
 task_hashsum TEXT, task_time_invoked DATETIME, task_time_returned DATETIME, task_fail_count INTEGER NOT NULL, task_fail_cost FLOAT NOT NULL,
 PRIMARY KEY (task_id, run_id));
CREATE TABLE "try" (try_id INTEGER NOT NULL, task_id INTEGER NOT NULL, run_id TEXT NOT NULL, block_id TEXT, hostname TEXT,
 task_executor TEXT NOT NULL, task_try_time_launched DATETIME, task_try_time_running DATETIME, task_try_time_returned DATETIME,
 task_fail_history TEXT, PRIMARY KEY (try_id, task_id, run_id));
CREATE TABLE status (task_id INTEGER NOT NULL, task_status_name TEXT NOT NULL, timestamp DATETIME NOT NULL, run_id TEXT NOT NULL,
 try_id INTEGER NOT NULL, PRIMARY KEY (task_id, run_id, task_status_name, timestamp));
CREATE TABLE node (id INTEGER NOT NULL PRIMARY KEY, run_id TEXT NOT NULL, hostname TEXT NOT NULL, uid TEXT NOT NULL, block_id TEXT NOT NULL,
 cpu_count INTEGER NOT NULL, total_memory INTEGER NOT NULL, active BOOLEAN NOT NULL, worker_count INTEGER NOT NULL, timestamp DATETIME NOT NULL,
 last_heartbeat DATETIME NOT NULL);
""")
def at(s): return None if s is None else "2023-08-03 06:%02d:%09.6f" % divmod(s, 60)
for run, began, ended in (("old", 0, 1), ("new", 60.5, 120.25)):
    db.execute("INSERT INTO workflow VALUES (?, 'w', '1', ?, ?, 'h', 'u', '/r', 0, 0)", (run, at(began), at(ended)))
db.execute("INSERT INTO task VALUES (0, 'old', '', 'make', 'False', NULL, ?, ?, 0, 0)", (at(0), at(1)))
for host, uid, t in (("n1", "a", 65), ("n1", "a", 95), ("n2", "b", 65)):       # a row for each message, with the memory in bytes
    db.execute("INSERT INTO node (run_id, hostname, uid, block_id, cpu_count, total_memory, active, worker_count, timestamp, last_heartbeat)"
               " VALUES ('new', ?, ?, '0', 9, 17179869184, 1, 4, ?, ?)", (host, uid, at(t), at(t + 20)))
tasks = [(0, "", "make", 61, 80, "exec_done", [("n1", 61.01, 70, 79.5, "")]),
         (1, "", "make", 61.1, 82, "exec_done", [("n2", 61.11, 70.1, 72.6, "OSError()"), ("n1", 72.7, 72.8, 82, "")]),
         (2, "0,1", "join", 61.2, 100, "exec_done", [("n1", 82.01, 82.5, 100, "")]),
         (3, "2", "plot", 61.3, 105, "exec_done", [("n2", 100.1, None, 105, "")]),
         (4, "5", "lost", 61.4, 101, "dep_fail", []),
         (5, "", "bad", 61.5, 101, "failed", [("n2", 61.6, 71, 101, "ValueError()")]),
         (6, "", "make", 61.6, 61.7, "memo_done", [("", None, None, None, "")])]
for i, after, name, invoked, returned, state, tries in tasks:
    db.execute("INSERT INTO task VALUES (?, 'new', ?, ?, 'False', NULL, ?, ?, 0, 0)", (i, after, name, at(invoked), at(returned)))
    for k, (host, launched, running, ended, fail) in enumerate(tries):
        db.execute('INSERT INTO "try" VALUES (?, ?, \'new\', \'0\', ?, \'htex\', ?, ?, ?, ?)', (k, i, host, at(launched), at(running), at(ended), fail))
        db.execute("INSERT INTO status VALUES (?, 'launched', ?, 'new', ?)", (i, at(launched or invoked), k))
    db.execute("INSERT INTO status VALUES (?, ?, ?, 'new', ?)", (i, state, at(returned), max(0, len(tries) - 1)))
db.commit()
PY

count() {                                # FILE: in SQL; two of the nine cores of a node for each of its four workers
  python3 - "$1" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
n, = db.execute("SELECT count(*) FROM task WHERE run_id = 'new'").fetchone()
day = "86400.0 * julianday(%s)"
low, high, busy = db.execute("SELECT min(a), max(b), sum(b - a) FROM (SELECT %s AS a, %s AS b FROM try WHERE run_id = 'new' AND task_try_time_running"
    " IS NOT NULL)" % (day % "task_try_time_running", day % "task_try_time_returned")).fetchone()
last, = db.execute("SELECT max(%s) FROM try WHERE run_id = 'new'" % (day % "task_try_time_returned")).fetchone()
print(n, round(max(high, last) - low, 3), 2 * round(busy, 3))
PY
}
totals "$(count monitoring.db)" monitoring.db
json '.importer == "parsl" and .platform.nodes == 2 and .platform.slots_per_node == 8 and .session_end_s == 59.75'
json '.tasks.done == 5 and .tasks.failed == 1 and .tasks.cancelled == 1 and .tasks.attempts == 8 and (.edges_inferred | not)'
json '[.sets[] | {(.set): .after}] | add | .join == "make" and .plot == "join" and .lost == "bad"'
json '[.sets[] | select(.set == "plot")][0].duration_s - 4.9 | fabs < 1e-6'
json '[.missing[].why | select(test("only the one that began last|no time of running|memoised|2 cores each"))] | length == 4'
goes_round monitoring.db
mkdir runinfo                            # where Parsl writes it
cp monitoring.db runinfo
totals "$(count monitoring.db)" runinfo

python3 -c 'import sqlite3; sqlite3.connect("other.db").execute("CREATE TABLE t (x)")'
refuses "expected Parsl's monitoring database; found no table 'workflow'" import other.db
printf 'SQLite format 3\0garbage' >torn.db
refuses "cannot be read as Parsl's monitoring database|found no table" import torn.db
# A block that came up 70 s after the first: 64 tasks, each 0.05 s after a worker was free. Its wait is not the middleware's.
python3 - <<'PY'
import sqlite3, datetime
c = sqlite3.connect('late.db')
c.executescript("""create table workflow(run_id text,workflow_name text,time_began text,time_completed text,host text,user text,rundir text,tasks_failed_count int,tasks_completed_count int);
create table task(task_id int,run_id text,task_depends text,task_func_name text,task_time_invoked text,task_time_returned text,task_fail_count int,task_fail_cost real);
create table try(try_id int,task_id int,run_id text,block_id text,hostname text,task_executor text,task_try_time_launched text,task_try_time_running text,task_try_time_returned text,task_fail_history text);
create table node(id integer primary key, run_id text,hostname text,uid text,block_id text,cpu_count int,total_memory int,active int,worker_count int,timestamp text,last_heartbeat text);""")
T=lambda s:(datetime.datetime(2024,1,1)+datetime.timedelta(seconds=s)).strftime('%Y-%m-%d %H:%M:%S.%f')
lat=0.05
join=[20.0,90.0]; W=4
free=[[j]*W for j in join]
n=64; end=0
for k,(h,j) in enumerate(zip(('n1','n2'),join)):
    c.execute("insert into node(run_id,hostname,uid,block_id,cpu_count,total_memory,active,worker_count,timestamp,last_heartbeat) values('r',?,?,?,?,?,1,?,?,?)",(h,h,str(k),8,2**34,W,T(j),T(j+300)))
for i in range(n):
    best=min((min(f),k) for k,f in enumerate(free))
    k=best[1]; w=free[k].index(best[0]); s=best[0]+lat; e=s+30+(i*7919%100)/10
    free[k][w]=e; end=max(end,e)
    c.execute("insert into task values(?,'r','','sim',?,?,0,0)",(i,T(0.5),T(e+0.02)))
    c.execute("insert into try values(0,?,'r',?,?,'htex',?,?,?,'')",(i,str(k),'n%d'%(k+1),T(0.5),T(s),T(e)))
c.execute("insert into workflow values('r','w',?,?,'h','u','/r',0,?)",(T(0),T(end+0.1),n))
c.commit()
PY
succeeds import late.db --write-workflow lw.json --write-platform lp.json --json
json '.simulated.ratio | . > 0.998 and . <= 1'
json '[.missing[] | select(.why | test("joined after the start"))][0].count == 2'
[ "$(jq -c '[.nodes[] | [.count, .joins]]' lp.json)" = '[[1,20],[1,90]]' ] || fail "nodes join at: $(jq -c .nodes lp.json)"
succeeds simulate lw.json --platform ./lp.json
says '2 nodes, each with 8 cores'
succeeds import late.db
says '^nodes +2 x 8 cores, 0 GPUs, 16 GiB, coming from 20 to 90 s'
succeeds explain lw.json --platform ./lp.json --mode asynchronous
says 'nodes are yet to come +70.0 s'
succeeds calibrate late.db --output late.json --json
json '.stations["startup.warm"].mean - 0.05 | fabs < 0.001'
succeeds replay late.db --json
json '.replay.named[] | select(.scheduler == "parsl_htex") | .explained == 64'

finish
