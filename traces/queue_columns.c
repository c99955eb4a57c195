#include "traces/queue_columns.h"

#include <math.h>

#include "traces/importer/table_columns.h"

/* What was asked for comes before what was given. */
static const char *const headings[QUEUE_COLUMNS] = {
    [QUEUE_ID] = "jobid jobidraw",
    [QUEUE_MACHINE] = "machine cluster system resource site machinename clustername computer "
      "host hostname",
    [QUEUE_QUEUE] = "queue partition queuename",
    [QUEUE_NODES] = "reqnodes nodes nnodes allocnodes nodecount numnodes resourcelist.nodect "
      "nodesrequested requestednodes nodesreq",
    [QUEUE_CORES] = "reqcpus cores ncpus alloccpus cpus ncores numcores slots procs nprocs "
      "resourcelist.ncpus coresrequested requestedcores reqcores totalcores numcpus cpucores "
      "processors requestedprocessors",
    [QUEUE_WALLTIME] = "timelimit walltime requestedtime reqtime resourcelist.walltime "
      "walltimerequested runlimit requestedwalltime reqwalltime walltimereq walltimelimit "
      "requestedwallclock wallclocklimit",
    [QUEUE_WALLTIME_MINUTES] = "timelimitraw",
    [QUEUE_SUBMIT] = "submit submitted submittime submittedepoch submitepoch submittedat qtime "
      "queued submissiontime submittedtime submission queuedat queuedtime tsubmit",
    [QUEUE_ELIGIBLE] = "eligible eligibletime etime",
    [QUEUE_START] = "start started starttime startedepoch startepoch startedat stime "
      "startedtime trun tstart begin begintime",
    [QUEUE_WAIT] = "wait waittime queuewait waited planned reserved waitingtime queuewaittime "
      "queuewaitingtime pendingtime pendtime timeinqueue",
    [QUEUE_STATE] = "state status jobstate",
    [QUEUE_END] = "end ended endtime endedepoch endepoch endedat finish finished finishtime",
    [QUEUE_ELAPSED] = "elapsed elapsedraw runtime",
};

/* The column of a heading, or -1, and its place among the column's keys. */
static int meaning_of(const char *heading, int *place, double *unit_s)
{
    char key[TABLE_HEADING_LONGEST + 1];
    *unit_s = NAN;
    for (int timed = 0; timed < 2; timed++) {
        if (timed ? !table_heading_time_key(heading, key, unit_s)
                  : !table_heading_key(heading, key))
            continue;
        for (int k = 0; k < QUEUE_COLUMNS; k++)
            if ((*place = table_heading_place(headings[k], key)) >= 0)
                return k;
    }
    return -1;
}

struct queue_columns queue_columns_of(char *const *heads, size_t n)
{
    struct queue_columns out;
    int best[QUEUE_COLUMNS];
    for (int k = 0; k < QUEUE_COLUMNS; k++)
        out.at[k] = -1;
    for (size_t i = 0; i < n; i++) {
        double unit_s;
        int place, column = meaning_of(heads[i], &place, &unit_s);
        if (column < 0 || (out.at[column] >= 0 && place >= best[column]))
            continue;
        best[column] = place;
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
