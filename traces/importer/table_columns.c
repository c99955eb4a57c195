#include "traces/importer/table_columns.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { MOST_SHOWN = 40 };

struct heading { const char *key; enum task_column column; };

/* In order of preference where several columns of a table mean the same. */
static const struct heading plain[] = {
    { "jobid", TASK_ID }, { "id", TASK_ID }, { "taskid", TASK_ID }, { "uid", TASK_ID }, { "jobidraw", TASK_ID }, { "tid", TASK_ID },
    { "jobname", TASK_NAME }, { "name", TASK_NAME }, { "set", TASK_NAME }, { "category", TASK_NAME }, { "taskname", TASK_NAME },
    { "task", TASK_NAME }, { "type", TASK_NAME }, { "tasktype", TASK_NAME }, { "label", TASK_NAME }, { "job", TASK_NAME },
    { "process", TASK_NAME }, { "function", TASK_NAME }, { "method", TASK_NAME },
    { "submit", TASK_SUBMIT }, { "submitted", TASK_SUBMIT }, { "submittime", TASK_SUBMIT }, { "submittedat", TASK_SUBMIT },
    { "submission", TASK_SUBMIT }, { "queued", TASK_SUBMIT }, { "queuetime", TASK_SUBMIT }, { "timesubmitted", TASK_SUBMIT },
    { "created", TASK_SUBMIT }, { "createdat", TASK_SUBMIT }, { "arrival", TASK_SUBMIT }, { "release", TASK_SUBMIT },
    { "eligible", TASK_ELIGIBLE }, { "eligibletime", TASK_ELIGIBLE },
    { "start", TASK_START }, { "started", TASK_START }, { "starttime", TASK_START }, { "startedat", TASK_START }, { "begin", TASK_START },
    { "began", TASK_START }, { "begintime", TASK_START }, { "timestarted", TASK_START }, { "t0", TASK_START },
    { "end", TASK_END }, { "ended", TASK_END }, { "endtime", TASK_END }, { "endedat", TASK_END }, { "stop", TASK_END },
    { "stopped", TASK_END }, { "stoptime", TASK_END }, { "finish", TASK_END }, { "finished", TASK_END }, { "finishtime", TASK_END },
    { "finishedat", TASK_END }, { "complete", TASK_END }, { "completed", TASK_END }, { "completedat", TASK_END },
    { "completion", TASK_END }, { "completiontime", TASK_END }, { "timeended", TASK_END }, { "t1", TASK_END },
    { "elapsed", TASK_ELAPSED }, { "elapsedraw", TASK_ELAPSED }, { "realtime", TASK_ELAPSED }, { "duration", TASK_ELAPSED },
    { "runtime", TASK_ELAPSED }, { "executiontime", TASK_ELAPSED }, { "exectime", TASK_ELAPSED }, { "walltime", TASK_ELAPSED },
    { "wallclock", TASK_ELAPSED }, { "elapsedtime", TASK_ELAPSED }, { "ttx", TASK_ELAPSED },
    { "alloccpus", TASK_CORES }, { "ncpus", TASK_CORES }, { "cpus", TASK_CORES }, { "cores", TASK_CORES }, { "ncores", TASK_CORES },
    { "numcpus", TASK_CORES }, { "numcores", TASK_CORES }, { "corecount", TASK_CORES }, { "cpucount", TASK_CORES }, { "cpu", TASK_CORES },
    { "core", TASK_CORES }, { "slots", TASK_CORES }, { "nslots", TASK_CORES }, { "procs", TASK_CORES }, { "nprocs", TASK_CORES },
    { "reqcpus", TASK_ASKED_CORES }, { "requestedcpus", TASK_ASKED_CORES },
    { "gpus", TASK_GPUS }, { "allocgpus", TASK_GPUS }, { "ngpus", TASK_GPUS }, { "gpu", TASK_GPUS }, { "numgpus", TASK_GPUS },
    { "gpucount", TASK_GPUS }, { "accelerators", TASK_GPUS }, { "reqgpus", TASK_GPUS },
    { "alloctres", TASK_TRES }, { "tres", TASK_TRES }, { "allocgres", TASK_TRES },
    { "reqtres", TASK_ASKED_TRES }, { "reqgres", TASK_ASKED_TRES },
    { "nodelist", TASK_NODES }, { "nodes", TASK_NODES }, { "node", TASK_NODES }, { "hosts", TASK_NODES }, { "host", TASK_NODES },
    { "hostname", TASK_NODES }, { "hostlist", TASK_NODES }, { "machine", TASK_NODES }, { "nodename", TASK_NODES }, { "worker", TASK_NODES },
    { "nnodes", TASK_NODE_COUNT }, { "allocnodes", TASK_NODE_COUNT }, { "nodecount", TASK_NODE_COUNT }, { "numnodes", TASK_NODE_COUNT },
    { "mem", TASK_MEMORY }, { "memory", TASK_MEMORY }, { "reqmem", TASK_MEMORY }, { "ram", TASK_MEMORY }, { "memrequested", TASK_MEMORY },
    { "maxrss", TASK_PEAK_MEMORY }, { "peakrss", TASK_PEAK_MEMORY }, { "rss", TASK_PEAK_MEMORY }, { "maxmem", TASK_PEAK_MEMORY },
    { "peakmemory", TASK_PEAK_MEMORY }, { "maxmemory", TASK_PEAK_MEMORY },
    { "partition", TASK_PARTITION }, { "queue", TASK_PARTITION },
    { "priority", TASK_PRIORITY }, { "prio", TASK_PRIORITY },
    { "state", TASK_STATE }, { "status", TASK_STATE }, { "jobstate", TASK_STATE }, { "result", TASK_STATE },
    { "exitcode", TASK_EXIT }, { "returncode", TASK_EXIT }, { "exit", TASK_EXIT }, { "exitstatus", TASK_EXIT },
    { "after", TASK_AFTER }, { "depends", TASK_AFTER }, { "dependson", TASK_AFTER }, { "dependencies", TASK_AFTER },
    { "dependency", TASK_AFTER }, { "parents", TASK_AFTER }, { "parent", TASK_AFTER }, { "predecessors", TASK_AFTER },
    { NULL, TASK_COLUMNS },
};

/* Slurm's Priority is the scheduler's own figure of the day, so no priority of the workflow. */
static const struct heading slurm[] = { { "priority", TASK_COLUMNS }, { NULL, TASK_COLUMNS } };

static const struct heading nextflow[] = {
    { "taskid", TASK_ID }, { "name", TASK_NAME }, { "process", TASK_NAME }, { "duration", TASK_SPAN }, { "realtime", TASK_ELAPSED },
    { "%cpu", TASK_COLUMNS }, { "time", TASK_COLUMNS }, { "priority", TASK_COLUMNS }, { NULL, TASK_COLUMNS },
};

static const struct heading parsl[] = {
    { "taskid", TASK_ID }, { "taskfuncname", TASK_NAME }, { "tasktimesubmitted", TASK_SUBMIT }, { "tasktimeinvoked", TASK_SUBMIT },
    { "tasktrytimelaunched", TASK_SUBMIT }, { "tasktimerunning", TASK_START }, { "tasktrytimerunning", TASK_START },
    { "tasktimereturned", TASK_END }, { "tasktrytimereturned", TASK_END }, { "taskdepends", TASK_AFTER },
    { "taskelapsedtime", TASK_ELAPSED }, { "taskstatusname", TASK_STATE }, { "taskexecutor", TASK_PARTITION }, { NULL, TASK_COLUMNS },
};

static const struct heading lsf[] = {
    { "stat", TASK_STATE }, { "exechost", TASK_NODES }, { "allocslot", TASK_COLUMNS }, { "nexechost", TASK_NODE_COUNT },
    { "nalloc_slot", TASK_CORES }, { "nallocslot", TASK_CORES }, { "slots", TASK_CORES }, { "minreqproc", TASK_ASKED_CORES },
    { "nreqslot", TASK_ASKED_CORES }, { "gpunum", TASK_GPUS }, { "gpualloc", TASK_COLUMNS }, { "runtime", TASK_ELAPSED },
    { "priority", TASK_COLUMNS }, { "memlimit", TASK_MEMORY }, { "mem", TASK_PEAK_MEMORY }, { NULL, TASK_COLUMNS },
};

static const struct heading pbs[] = {
    { "qtime", TASK_SUBMIT }, { "ctime", TASK_SUBMIT }, { "etime", TASK_ELIGIBLE }, { "stime", TASK_START }, { "obittime", TASK_END },
    { "resourcesused.walltime", TASK_ELAPSED }, { "resourcesused.ncpus", TASK_CORES }, { "resourcelist.ncpus", TASK_ASKED_CORES },
    { "resourcesused.ngpus", TASK_GPUS }, { "resourcelist.ngpus", TASK_GPUS }, { "resourcelist.nodect", TASK_NODE_COUNT },
    { "resourcelist.mem", TASK_MEMORY }, { "resourcesused.mem", TASK_PEAK_MEMORY }, { "execvnode", TASK_NODES },
    { "exechost", TASK_NODES }, { "depend", TASK_AFTER }, { "priority", TASK_COLUMNS }, { "timeuse", TASK_COLUMNS },
    { "walltime", TASK_ELAPSED }, { "s", TASK_STATE }, { NULL, TASK_COLUMNS },
};

static const struct heading *const maps[] = {
    [TABLE_PLAIN] = plain, [TABLE_SLURM] = slurm, [TABLE_NEXTFLOW] = nextflow,
    [TABLE_PARSL] = parsl, [TABLE_LSF] = lsf,     [TABLE_PBS] = pbs,
};

/* --- headings --------------------------------------------------------------------------------- */

static bool key_of(const char *text, size_t length, char key[TABLE_HEADING_LONGEST + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (strchr(" _-", text[i]))
            continue;
        if (n == TABLE_HEADING_LONGEST)
            return false;
        key[n++] = (char)tolower((unsigned char)text[i]);
    }
    key[n] = '\0';
    return n > 0;
}

/* The place in the map: smaller is preferred. -1: not in it. A kind's own map comes before the
 * plain one. */
static int look_up(enum table_kind kind, const char *key, enum task_column *column)
{
    int n = 0;
    for (const struct heading *h = maps[kind]; h->key; h++, n++) {
        if (!str_equal(h->key, key))
            continue;
        *column = h->column;
        return h->column == TASK_COLUMNS ? -1 : n;
    }
    return kind == TABLE_PLAIN ? -1 : (n = look_up(TABLE_PLAIN, key, column)) < 0 ? -1 : n + 1000;
}

enum dimension { NO_DIMENSION, TIME, MEMORY };

static enum dimension dimension_of(enum task_column c)
{
    bool time = c == TASK_SUBMIT || c == TASK_ELIGIBLE || c == TASK_START || c == TASK_END ||
                c == TASK_ELAPSED || c == TASK_SPAN;
    return time ? TIME : c == TASK_MEMORY || c == TASK_PEAK_MEMORY ? MEMORY : NO_DIMENSION;
}

static double unit_of(const char *word, size_t length, enum dimension *dimension)
{
    static const struct { const char *word; enum dimension dimension; double scale; } units[] = {
        { "s", TIME, 1 }, { "sec", TIME, 1 }, { "secs", TIME, 1 }, { "second", TIME, 1 }, { "seconds", TIME, 1 },
        { "inseconds", TIME, 1 }, { "ms", TIME, 1e-3 }, { "msec", TIME, 1e-3 }, { "milliseconds", TIME, 1e-3 }, { "us", TIME, 1e-6 },
        { "microseconds", TIME, 1e-6 }, { "ns", TIME, 1e-9 }, { "min", TIME, 60 }, { "mins", TIME, 60 }, { "minutes", TIME, 60 },
        { "h", TIME, 3600 }, { "hr", TIME, 3600 }, { "hrs", TIME, 3600 }, { "hours", TIME, 3600 }, { "days", TIME, 86400 },
        { "b", MEMORY, 1.0 / 1048576 }, { "bytes", MEMORY, 1.0 / 1048576 }, { "kb", MEMORY, 1.0 / 1024 }, { "kib", MEMORY, 1.0 / 1024 },
        { "mb", MEMORY, 1 }, { "mib", MEMORY, 1 }, { "gb", MEMORY, 1024 }, { "gib", MEMORY, 1024 }, { "tb", MEMORY, 1048576 },
        { "tib", MEMORY, 1048576 },
    };
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        if (strlen(units[k].word) != length || strncasecmp(word, units[k].word, length) != 0)
            continue;
        *dimension = units[k].dimension;
        return units[k].scale;
    }
    return NAN;
}

/* A heading without its unit: "mem_gb" -> 3; its length where it has none. */
static size_t without_unit(const char *text, double *unit, enum dimension *dimension)
{
    static const char in_seconds[] = "InSeconds";
    size_t length = strlen(text), end = length, at;
    *unit = NAN;
    if (length > strlen(in_seconds) && str_ends(text, in_seconds)) {
        *unit = 1;
        *dimension = TIME;
        return length - strlen(in_seconds);
    }
    if (end && strchr(")]", text[end - 1]))
        end--;
    for (at = end; at && !strchr(" _-([.", text[at - 1]); at--)
        continue;
    if (at < 2 || isnan(*unit = unit_of(text + at, end - at, dimension)))
        return length;
    for (at--; at && strchr(" _-([.", text[at - 1]); at--)
        continue;
    return at;
}

bool table_heading_key(const char *heading, char key[TABLE_HEADING_LONGEST + 1])
{
    return key_of(heading, strlen(heading), key);
}

bool table_heading_time_key(const char *heading, char key[TABLE_HEADING_LONGEST + 1],
                            double *unit_s)
{
    enum dimension dimension = NO_DIMENSION;
    size_t length = without_unit(heading, unit_s, &dimension);
    return heading[length] && dimension == TIME && key_of(heading, length, key);
}

static int meaning_of(enum table_kind kind, const char *text, enum task_column *column,
                      double *unit)
{
    char key[TABLE_HEADING_LONGEST + 1];
    enum dimension dimension = NO_DIMENSION;
    *unit = NAN;
    *column = TASK_COLUMNS;
    int place = key_of(text, strlen(text), key) ? look_up(kind, key, column) : -1;
    if (place >= 0)
        return place;
    size_t length = without_unit(text, unit, &dimension);
    if (!text[length] || !key_of(text, length, key))
        return -1;
    place = look_up(kind, key, column);
    return place >= 0 && dimension_of(*column) == dimension ? place : -1;
}

/* --- kinds ------------------------------------------------------------------------------------ */

static bool has(char *const *headings, size_t n, const char *heading)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(headings[i], heading))
            return true;
    return false;
}

static bool has_key(char *const *headings, size_t n, const char *const *keys)
{
    char key[TABLE_HEADING_LONGEST + 1];
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; keys[k]; k++)
            if (key_of(headings[i], strlen(headings[i]), key) && str_equal(key, keys[k]))
                return true;
    return false;
}

static enum table_kind kind_of(char *const *headings, size_t n)
{
    static const char *const pbs_keys[] = { "execvnode", "qtime", "obittime",
                                            "resourcesused.walltime", "resourcelist.walltime",
                                            "stime",
                                            NULL };
    static const char *const parsl_keys[] = { "taskfuncname", "tasktimereturned",
                                              "tasktrytimereturned", NULL };
    static const char *const nextflow_keys[] = { "realtime", "nativeid", "rchar", "%cpu", "peakrss",
                                                 NULL };
    static const char *const job_keys[] = { "jobid", "jobidraw", NULL };
    if (has_key(headings, n, pbs_keys))
        return TABLE_PBS;
    if (has_key(headings, n, parsl_keys))
        return TABLE_PARSL;
    if (has(headings, n, "STAT") || has(headings, n, "EXEC_HOST"))
        return TABLE_LSF;
    if (has(headings, n, "task_id") && (has_key(headings, n, nextflow_keys) ||
                                        (has(headings, n, "status") && has(headings, n, "submit"))))
        return TABLE_NEXTFLOW;
    return has_key(headings, n, job_keys) && !has(headings, n, "Job_Id") ? TABLE_SLURM
                                                                         : TABLE_PLAIN;
}

struct table_columns table_columns_find(enum table_kind kind, char *const *headings, size_t n)
{
    struct table_columns c = { .width = n, .ends_with_separator = n && !*headings[n - 1],
                               .kind = kind == TABLE_ANY ? kind_of(headings, n) : kind };
    int places[TASK_COLUMNS];
    for (size_t k = 0; k < TASK_COLUMNS; k++) {
        c.at[k] = -1;
        c.unit[k] = NAN;
    }
    for (size_t i = 0; i < n; i++) {
        enum task_column column;
        double unit;
        int place = meaning_of(c.kind, headings[i], &column, &unit);
        c.known += place >= 0;
        if (place < 0 || (c.at[column] >= 0 && places[column] <= place))
            continue;
        c.at[column] = (int)i;
        c.unit[column] = unit;
        places[column] = place;
    }
    bool named = c.at[TASK_ID] >= 0 || c.at[TASK_NAME] >= 0;
    bool timed = c.at[TASK_ELAPSED] >= 0 || c.at[TASK_SPAN] >= 0 ||
                 (c.at[TASK_START] >= 0 && c.at[TASK_END] >= 0);
    c.enough = named && timed;
    return c;
}

/* --- what to say ------------------------------------------------------------------------------ */

static bool is_used(const struct table_columns *c, size_t i)
{
    for (size_t k = 0; k < TASK_COLUMNS; k++)
        if (c->at[k] == (int)i)
            return true;
    return false;
}

size_t table_columns_unused(const struct table_columns *c, char *const *headings, size_t n,
                            struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!*headings[i] || is_used(c, i))
            continue;
        if (++count <= MOST_SHOWN)
            str_addf(out, "%s%s", count > 1 ? ", " : "", headings[i]);
    }
    if (count > MOST_SHOWN)
        str_addf(out, " and %zu more", count - MOST_SHOWN);
    return count;
}

static void add_synonyms(struct str *out, enum task_column column)
{
    size_t n = 0;
    for (const struct heading *h = plain; h->key && n < 5; h++)
        if (h->column == column)
            str_addf(out, "%s%s", n++ ? ", " : "", h->key);
}

int table_columns_refuse(const struct table_columns *c, char *const *headings, size_t n,
                         const char *path, struct error *err)
{
    struct str missing = { 0 }, found = { 0 };
    const int *at = c->at;
    if (at[TASK_ID] < 0 && at[TASK_NAME] < 0) {
        str_add(&missing, "a column of ids (");
        add_synonyms(&missing, TASK_ID);
        str_add(&missing, ") or of names (");
        add_synonyms(&missing, TASK_NAME);
        str_add(&missing, ")");
    }
    bool timed = at[TASK_ELAPSED] >= 0 || at[TASK_SPAN] >= 0;
    if (!timed && (at[TASK_START] < 0 || at[TASK_END] < 0)) {
        str_add(&missing, missing.length ? " and " : "");
        if (at[TASK_START] < 0) {
            str_add(&missing, at[TASK_END] < 0 ? "a column of starts ("
                                               : "beside the ends a column of starts (");
            add_synonyms(&missing, TASK_START);
            str_add(&missing, ")");
        }
        if (at[TASK_END] < 0) {
            str_add(&missing, at[TASK_START] < 0 ? " with one of ends ("
                                                 : "beside the starts a column of ends (");
            add_synonyms(&missing, TASK_END);
            str_add(&missing, ")");
        }
        str_add(&missing, " or one of durations (");
        add_synonyms(&missing, TASK_ELAPSED);
        str_add(&missing, ")");
    }
    for (size_t i = 0; i < n && i < MOST_SHOWN; i++)
        str_addf(&found, "%s%s", i ? ", " : "", headings[i]);
    error_set(
        err,
        "%s: expected a table of tasks; missing: %s. Found the columns %s. Rename or add a column "
        "(docs/formats.md lists the names)",
        path, missing.text ? missing.text : "", found.text ? found.text : "none");
    str_clear(&missing);
    str_clear(&found);
    return -1;
}
