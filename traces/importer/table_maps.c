#include "traces/importer/table_maps.h"

#include <strings.h>

/* Keys in order of preference where several columns of a table mean the same. */
const struct heading table_map_plain[] = {
    { TASK_ID, "jobid id taskid uid jobidraw tid" },
    { TASK_NAME, "jobname name set category taskname task type tasktype label job process "
      "function method" },
    { TASK_SUBMIT, "submit submitted submittime submittedat submission queued queuetime "
      "timesubmitted submissiontime submitdate queuedat created createdat arrival release" },
    { TASK_ELIGIBLE, "eligible eligibletime" },
    { TASK_START, "start started starttime startedat begin began begintime timestarted "
      "startdate startingtime t0" },
    { TASK_END, "end ended endtime endedat stop stopped stoptime finish finished finishtime "
      "finishedat complete completed completedat completion completiontime timeended enddate t1" },
    { TASK_ELAPSED, "elapsed elapsedraw realtime duration runtime executiontime exectime "
      "walltime wallclock elapsedtime ttx" },
    { TASK_CORES, "alloccpus ncpus cpus cores ncores numcpus numcores corecount cpucount cpu "
      "core ncore nbcores ncpu slots nslots procs nprocs processors threads nthreads" },
    { TASK_ASKED_CORES, "reqcpus requestedcpus" },
    { TASK_GPUS, "gpus allocgpus ngpus gpu numgpus ngpu nbgpus gpucount accelerators reqgpus" },
    { TASK_TRES, "alloctres tres" },
    { TASK_ASKED_TRES, "reqtres" },
    { TASK_GRES, "allocgres gres" },
    { TASK_ASKED_GRES, "reqgres" },
    { TASK_NODES, "nodelist nodes node hosts host hostname hostlist machine nodename worker" },
    { TASK_NODE_COUNT, "nnodes allocnodes nodecount numnodes" },
    { TASK_MEMORY, "mem memory reqmem ram memrequested" },
    { TASK_PEAK_MEMORY, "maxrss peakrss rss maxmem peakmemory maxmemory" },
    { TASK_PARTITION, "partition queue" },
    { TASK_PRIORITY, "priority prio" },
    { TASK_STATE, "state status jobstate result" },
    { TASK_EXIT, "exitcode returncode exit exitstatus" },
    { TASK_AFTER, "after depends dependson dependencies dependency parents parent predecessors" },
    { TASK_COLUMNS, NULL },
};

/* Slurm's Priority is the scheduler's own figure of the day, so no priority of the workflow. */
static const struct heading slurm[] = {
    { TASK_COLUMNS, "priority" },
    { TASK_COLUMNS, NULL },
};

static const struct heading nextflow[] = {
    { TASK_ID, "taskid" },
    { TASK_NAME, "name process" },
    { TASK_SPAN, "duration" },
    { TASK_ELAPSED, "realtime" },
    { TASK_COLUMNS, "%cpu time priority" },
    { TASK_COLUMNS, NULL },
};

static const struct heading parsl[] = {
    { TASK_ID, "taskid" },
    { TASK_NAME, "taskfuncname" },
    { TASK_SUBMIT, "tasktimesubmitted tasktimeinvoked tasktrytimelaunched" },
    { TASK_START, "tasktimerunning tasktrytimerunning" },
    { TASK_END, "tasktimereturned tasktrytimereturned" },
    { TASK_AFTER, "taskdepends" },
    { TASK_ELAPSED, "taskelapsedtime" },
    { TASK_STATE, "taskstatusname" },
    { TASK_PARTITION, "taskexecutor" },
    { TASK_COLUMNS, NULL },
};

static const struct heading lsf[] = {
    { TASK_STATE, "stat" },
    { TASK_NODES, "exechost" },
    { TASK_COLUMNS, "allocslot gpualloc priority" },
    { TASK_NODE_COUNT, "nexechost" },
    { TASK_CORES, "nalloc_slot nallocslot slots" },
    { TASK_ASKED_CORES, "minreqproc nreqslot" },
    { TASK_GPUS, "gpunum" },
    { TASK_ELAPSED, "runtime" },
    { TASK_MEMORY, "memlimit" },
    { TASK_PEAK_MEMORY, "mem" },
    { TASK_COLUMNS, NULL },
};

static const struct heading pbs[] = {
    { TASK_SUBMIT, "qtime ctime" },
    { TASK_ELIGIBLE, "etime" },
    { TASK_START, "stime" },
    { TASK_END, "obittime" },
    { TASK_ELAPSED, "resourcesused.walltime walltime" },
    { TASK_CORES, "resourcesused.ncpus" },
    { TASK_ASKED_CORES, "resourcelist.ncpus" },
    { TASK_GPUS, "resourcesused.ngpus resourcelist.ngpus" },
    { TASK_NODE_COUNT, "resourcelist.nodect" },
    { TASK_MEMORY, "resourcelist.mem" },
    { TASK_PEAK_MEMORY, "resourcesused.mem" },
    { TASK_NODES, "execvnode exechost" },
    { TASK_AFTER, "depend" },
    { TASK_COLUMNS, "priority timeuse" },
    { TASK_STATE, "s" },
    { TASK_COLUMNS, NULL },
};

/* --- which of them ---------------------------------------------------------------------------- */

static bool has(char *const *headings, size_t n, const char *heading)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(headings[i], heading))
            return true;
    return false;
}

static bool has_in_any_case(char *const *headings, size_t n, const char *heading)
{
    for (size_t i = 0; i < n; i++)
        if (strcasecmp(headings[i], heading) == 0)
            return true;
    return false;
}

static bool has_key(char *const *headings, size_t n, const char *keys)
{
    char key[TABLE_HEADING_LONGEST + 1];
    for (size_t i = 0; i < n; i++)
        if (table_heading_key(headings[i], key) && table_heading_place(keys, key) >= 0)
            return true;
    return false;
}

static bool is_lsf(char *const *headings, size_t n)
{
    return has(headings, n, "STAT") || has(headings, n, "EXEC_HOST") ||
           has_key(headings, n, "nexechost") ||
           (has_key(headings, n, "stat") && has_key(headings, n, "exechost"));
}

/* By its task_id, or, as `trace.fields` may leave that out, by two fields of Nextflow alone. */
static bool is_nextflow(char *const *headings, size_t n)
{
    static const char *const own[] = { "realtime", "nativeid", "rchar", "%cpu", "peakrss" };
    size_t known = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        known += has_key(headings, n, own[i]);
    return has_in_any_case(headings, n, "task_id")
               ? known > 0 || (has_in_any_case(headings, n, "status") &&
                               has_in_any_case(headings, n, "submit"))
               : known > 1;
}

static bool is_slurm(char *const *headings, size_t n)
{
    return has_key(headings, n, "jobid jobidraw") && !has(headings, n, "Job_Id");
}

static const struct table_map table_maps[] = {
    { TABLE_PBS,
      .by = "execvnode qtime obittime resourcesused.walltime resourcelist.walltime stime",
      .map = pbs },
    { TABLE_PARSL, .by = "taskfuncname tasktimereturned tasktrytimereturned", .map = parsl },
    { TABLE_LSF, .is = is_lsf, .map = lsf },
    { TABLE_NEXTFLOW, .is = is_nextflow, .map = nextflow },
    { TABLE_SLURM, .is = is_slurm, .map = slurm },
    { TABLE_PLAIN, .map = table_map_plain },
};

const struct table_map *table_map_of(enum table_kind kind, char *const *headings, size_t n)
{
    const struct table_map *m = table_maps;
    for (; m->by || m->is; m++) {
        bool is_it = m->by ? has_key(headings, n, m->by) : m->is(headings, n);
        if (kind == TABLE_ANY ? is_it : m->kind == kind && kind != TABLE_PLAIN)
            break;
    }
    return m;
}
