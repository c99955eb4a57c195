#include "traces/queue_history.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/archive.h"
#include "traces/importer/table_text.h"
#include "traces/packed_file.h"
#include "traces/queue_history_impl.h"
#include "traces/swf.h"

enum { MOST_NAMES = 10000 };

int queue_history_name(char ***names, size_t *n, const char *name)
{
    if (!*name)
        return -1;
    for (size_t i = *n; i-- > 0;)
        if (str_equal((*names)[i], name))
            return (int)i;
    if (*n == MOST_NAMES)
        return -1;
    *names = xrealloc(*names, *n + 1, sizeof **names);
    (*names)[*n] = xstrdup(name);
    return (int)(*n)++;
}

void queue_history_add(struct queue_history *h, const struct past_wait *past, int machine,
                       int queue)
{
    xgrow(&h->jobs, &h->room, h->n + 1, sizeof *h->jobs);
    h->jobs[h->n++] = (struct queue_job){ *past, machine, queue };
}

/* ---- the Standard Workload Format ---- */

static void read_swf_row(struct queue_history *h, const double *x, int machine)
{
    struct past_wait past = {
        .size = x[SWF_PROCS_ASKED] > 0 ? x[SWF_PROCS_ASKED] : x[SWF_PROCS],
        .length_s = x[SWF_TIME_ASKED] > 0 ? x[SWF_TIME_ASKED] : (double)NAN,
        .submitted_s = x[SWF_SUBMIT], .wait_s = x[SWF_WAIT],
    };
    char queue[32] = "";
    if (x[SWF_QUEUE] >= 0)
        snprintf(queue, sizeof queue, "%.0f", x[SWF_QUEUE]);
    if (x[SWF_STATUS] >= SWF_PARTIAL && x[SWF_STATUS] < SWF_CANCELLED)
        h->steps++; /* of a job that another line tells as a whole */
    else if (past.wait_s < 0 || past.wait_s > DURATION_LARGEST_S ||
             (x[SWF_STATUS] == SWF_CANCELLED && x[SWF_RUN] <= 0))
        h->not_started++;
    else if (!(past.size > 0 && past.size <= 1e9))
        h->no_size++;
    else
        queue_history_add(h, &past, machine, queue_history_name(&h->queues, &h->n_queues, queue));
}

static void read_swf(char *text, struct queue_history *h)
{
    struct swf_reader r = swf_open(text);
    const char *computer = NULL;
    double x[SWF_COLUMNS];
    int machine = -1;
    while (swf_next(&r, x)) {
        if (r.computer != computer)
            machine = queue_history_name(&h->machines, &h->n_machines, r.computer);
        computer = r.computer;
        read_swf_row(h, x, machine);
    }
    h->bad = r.torn;
    if (r.torn)
        snprintf(h->first_bad, sizeof h->first_bad, "line %zu: not 18 numbers", r.first_torn);
}

/* ---- all ---- */

/* If some rows say how long was asked for, those without say too little. */
static void settle_walltimes(struct queue_history *h)
{
    for (size_t i = 0; i < h->n; i++)
        h->has_walltimes |= !isnan(h->jobs[i].past.length_s);
    size_t kept = 0;
    for (size_t i = 0; i < h->n; i++)
        if (!h->has_walltimes || !isnan(h->jobs[i].past.length_s))
            h->jobs[kept++] = h->jobs[i];
    h->no_walltime = h->n - kept;
    h->n = kept;
}

static int check_left(const struct queue_history *h, const char *name, struct error *err)
{
    if (h->n > 0)
        return 0;
    return error_set(err, "%s: no job is left: %zu steps of jobs, %zu never started, %zu without a "
                     "size, %zu without a walltime, %zu rows cannot be read%s%s%s", name, h->steps,
                     h->not_started, h->no_size, h->no_walltime, h->bad, h->bad > 0 ? " (" : "",
                     h->first_bad, h->bad > 0 ? ")" : "");
}

int queue_history_read(char **text, size_t size, const char *name, struct queue_history *h,
                       struct error *err)
{
    *h = (struct queue_history){ 0 };
    int status = 0;
    if (archive_bytes_are_archive(*text, size))
        return error_set(err, "%s: is an archive; expected a table or a log, packed by gzip or not",
                         name);
    if (swf_likeness(*text) == SWF_SURE) {
        read_swf(*text, h);
    } else {
        char separator = table_text_separate(text, &size);
        status = queue_history_read_table(*text, size, separator, name, h, err);
    }
    if (status)
        return status;
    settle_walltimes(h);
    return check_left(h, name, err);
}

int queue_history_load(const char *path, struct queue_history *h, struct error *err)
{
    size_t size;
    *h = (struct queue_history){ 0 };
    char *text = packed_file_load(path, &size, err);
    int status = text ? queue_history_read(&text, size, path, h, err) : -1;
    uint64_t read;
    if (status == 0 && packed_file_is_packed(path))
        h->damage = packed_file_damage(path, &read);
    free(text);
    return status;
}

void queue_history_clear(struct queue_history *h)
{
    for (size_t i = 0; i < h->n_machines; i++)
        free(h->machines[i]);
    for (size_t i = 0; i < h->n_queues; i++)
        free(h->queues[i]);
    xfree(h->machines, h->queues, h->jobs);
    *h = (struct queue_history){ 0 };
}

struct past_wait *queue_history_jobs(const struct queue_history *h, int machine, int queue,
                                     size_t *n)
{
    struct past_wait *out = xcalloc(h->n + 1, sizeof *out);
    *n = 0;
    for (size_t i = 0; i < h->n; i++)
        if ((machine < 0 || h->jobs[i].machine == machine) &&
            (queue < 0 || h->jobs[i].queue == queue))
            out[(*n)++] = h->jobs[i].past;
    return out;
}
