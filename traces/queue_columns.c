#include "traces/queue_columns.h"

#include <math.h>

#include "base/str.h"
#include "traces/importer/table_columns.h"

/* What was asked for comes before what was given. */
static const struct { const char *key; enum queue_column column; } headings[] = {
    { "jobid", QUEUE_ID }, { "jobidraw", QUEUE_ID },
    { "machine", QUEUE_MACHINE }, { "cluster", QUEUE_MACHINE }, { "system", QUEUE_MACHINE },
    { "resource", QUEUE_MACHINE }, { "site", QUEUE_MACHINE }, { "machinename", QUEUE_MACHINE },
    { "clustername", QUEUE_MACHINE }, { "computer", QUEUE_MACHINE }, { "host", QUEUE_MACHINE },
    { "hostname", QUEUE_MACHINE },
    { "queue", QUEUE_QUEUE }, { "partition", QUEUE_QUEUE }, { "queuename", QUEUE_QUEUE },
    { "reqnodes", QUEUE_NODES }, { "nodes", QUEUE_NODES }, { "nnodes", QUEUE_NODES },
    { "allocnodes", QUEUE_NODES }, { "nodecount", QUEUE_NODES }, { "numnodes", QUEUE_NODES },
    { "resourcelist.nodect", QUEUE_NODES }, { "nodesrequested", QUEUE_NODES },
    { "requestednodes", QUEUE_NODES }, { "nodesreq", QUEUE_NODES },
    { "reqcpus", QUEUE_CORES }, { "cores", QUEUE_CORES }, { "ncpus", QUEUE_CORES },
    { "alloccpus", QUEUE_CORES }, { "cpus", QUEUE_CORES }, { "ncores", QUEUE_CORES },
    { "numcores", QUEUE_CORES }, { "slots", QUEUE_CORES }, { "procs", QUEUE_CORES },
    { "nprocs", QUEUE_CORES }, { "resourcelist.ncpus", QUEUE_CORES },
    { "coresrequested", QUEUE_CORES }, { "requestedcores", QUEUE_CORES },
    { "reqcores", QUEUE_CORES }, { "totalcores", QUEUE_CORES }, { "numcpus", QUEUE_CORES },
    { "cpucores", QUEUE_CORES }, { "processors", QUEUE_CORES },
    { "requestedprocessors", QUEUE_CORES },
    { "timelimit", QUEUE_WALLTIME }, { "walltime", QUEUE_WALLTIME },
    { "requestedtime", QUEUE_WALLTIME }, { "reqtime", QUEUE_WALLTIME },
    { "resourcelist.walltime", QUEUE_WALLTIME }, { "walltimerequested", QUEUE_WALLTIME },
    { "runlimit", QUEUE_WALLTIME }, { "requestedwalltime", QUEUE_WALLTIME },
    { "reqwalltime", QUEUE_WALLTIME }, { "walltimereq", QUEUE_WALLTIME },
    { "walltimelimit", QUEUE_WALLTIME }, { "requestedwallclock", QUEUE_WALLTIME },
    { "wallclocklimit", QUEUE_WALLTIME },
    { "timelimitraw", QUEUE_WALLTIME_MINUTES },
    { "submit", QUEUE_SUBMIT }, { "submitted", QUEUE_SUBMIT }, { "submittime", QUEUE_SUBMIT },
    { "submittedepoch", QUEUE_SUBMIT }, { "submitepoch", QUEUE_SUBMIT },
    { "submittedat", QUEUE_SUBMIT }, { "qtime", QUEUE_SUBMIT }, { "queued", QUEUE_SUBMIT },
    { "submissiontime", QUEUE_SUBMIT }, { "submittedtime", QUEUE_SUBMIT },
    { "submission", QUEUE_SUBMIT }, { "queuedat", QUEUE_SUBMIT }, { "queuedtime", QUEUE_SUBMIT },
    { "tsubmit", QUEUE_SUBMIT },
    { "eligible", QUEUE_ELIGIBLE }, { "eligibletime", QUEUE_ELIGIBLE },
    { "etime", QUEUE_ELIGIBLE },
    { "start", QUEUE_START }, { "started", QUEUE_START }, { "starttime", QUEUE_START },
    { "startedepoch", QUEUE_START }, { "startepoch", QUEUE_START }, { "startedat", QUEUE_START },
    { "stime", QUEUE_START }, { "startedtime", QUEUE_START }, { "trun", QUEUE_START },
    { "tstart", QUEUE_START }, { "begin", QUEUE_START }, { "begintime", QUEUE_START },
    { "wait", QUEUE_WAIT }, { "waittime", QUEUE_WAIT }, { "queuewait", QUEUE_WAIT },
    { "waited", QUEUE_WAIT }, { "planned", QUEUE_WAIT }, { "reserved", QUEUE_WAIT },
    { "waitingtime", QUEUE_WAIT }, { "queuewaittime", QUEUE_WAIT },
    { "queuewaitingtime", QUEUE_WAIT },
    { "pendingtime", QUEUE_WAIT }, { "pendtime", QUEUE_WAIT }, { "timeinqueue", QUEUE_WAIT },
    { "state", QUEUE_STATE }, { "status", QUEUE_STATE }, { "jobstate", QUEUE_STATE },
    { "end", QUEUE_END }, { "ended", QUEUE_END }, { "endtime", QUEUE_END },
    { "endedepoch", QUEUE_END }, { "endepoch", QUEUE_END }, { "endedat", QUEUE_END },
    { "finish", QUEUE_END }, { "finished", QUEUE_END }, { "finishtime", QUEUE_END },
    { "elapsed", QUEUE_ELAPSED }, { "elapsedraw", QUEUE_ELAPSED }, { "runtime", QUEUE_ELAPSED },
};
enum { HEADINGS = sizeof headings / sizeof *headings };

static int meaning_of(const char *heading, double *unit_s)
{
    char key[TABLE_HEADING_LONGEST + 1];
    *unit_s = NAN;
    for (int timed = 0; timed < 2; timed++) {
        if (timed ? !table_heading_time_key(heading, key, unit_s)
                  : !table_heading_key(heading, key))
            continue;
        for (int i = 0; i < HEADINGS; i++)
            if (str_equal(headings[i].key, key))
                return i;
    }
    return -1;
}

struct queue_columns queue_columns_of(char *const *heads, size_t n)
{
    struct queue_columns out;
    int best[QUEUE_COLUMNS];
    for (int k = 0; k < QUEUE_COLUMNS; k++)
        best[k] = HEADINGS;
    for (int k = 0; k < QUEUE_COLUMNS; k++)
        out.at[k] = -1;
    for (size_t i = 0; i < n; i++) {
        double unit_s;
        int meaning = meaning_of(heads[i], &unit_s);
        if (meaning < 0 || meaning >= best[headings[meaning].column])
            continue;
        enum queue_column column = headings[meaning].column;
        best[column] = meaning;
        out.at[column] = (int)i;
        out.unit_s[column] = unit_s;
    }
    return out;
}

int queue_columns_check(const struct queue_columns *c, const char *name, struct error *err)
{
    if (c->at[QUEUE_NODES] < 0 && c->at[QUEUE_CORES] < 0)
        return error_set(err, "%s: expected a queue's history; it has no column of nodes (nodes, "
                         "NNodes, ReqNodes, ...) or cores (cores, NCPUS, ReqCPUS, ...)", name);
    bool timed = c->at[QUEUE_START] >= 0 &&
                 (c->at[QUEUE_SUBMIT] >= 0 || c->at[QUEUE_ELIGIBLE] >= 0);
    if (!timed && c->at[QUEUE_WAIT] < 0)
        return error_set(err, "%s: expected a queue's history; it has no column of waits (wait_s, "
                         "Planned, ...), nor of submissions and starts (Submit, Start)", name);
    return 0;
}
