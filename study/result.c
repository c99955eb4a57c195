#include "study/result.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "study/summary.h"

static const char *const names[FIGURES] = {
    [FIGURE_REPLICAS] = "replicas",
    [FIGURE_MAKESPAN] = "makespan_s",
    [FIGURE_MAKESPAN_LOW] = "makespan_ci95_low_s",
    [FIGURE_MAKESPAN_HIGH] = "makespan_ci95_high_s",
    [FIGURE_MAKESPAN_SD] = "makespan_sd_s",
    [FIGURE_MAKESPAN_Q05] = "makespan_q05_s",
    [FIGURE_MAKESPAN_Q50] = "makespan_q50_s",
    [FIGURE_MAKESPAN_Q95] = "makespan_q95_s",
    [FIGURE_SESSION] = "session_s",
    [FIGURE_SESSION_Q95] = "session_q95_s",
    [FIGURE_UTILISATION_SLOTS] = "utilisation_slots",
    [FIGURE_UTILISATION_GPUS] = "utilisation_gpus",
    [FIGURE_NODE_HOURS] = "node_hours",
    [FIGURE_WAIT_QUEUE] = "wait_queue_s",
    [FIGURE_SHARE_INCOMPLETE] = "share_incomplete",
    [FIGURE_SHARE_IN_TIME] = "share_in_time",
    [FIGURE_FAILED] = "failed",
    [FIGURE_KILLED] = "killed",
    [FIGURE_CANCELLED] = "cancelled",
    [FIGURE_RETRIES] = "retried",
    [FIGURE_LOST_SLOT] = "lost_slot_s",
    [FIGURE_SOLUTION] = "solution_s",
    [FIGURE_SOLUTION_Q50] = "solution_q50_s",
    [FIGURE_SOLUTION_Q95] = "solution_q95_s",
    [FIGURE_QUEUE_WAIT] = "queue_wait_s",
    [FIGURE_JOBS] = "jobs_run",
    [FIGURE_CUT] = "tasks_cut",
    [FIGURE_ENERGY] = "energy_kwh",
};

const char *figure_name(enum figure f)
{
    return names[f];
}

static void fill(double *f, const struct summary *m)
{
    f[FIGURE_REPLICAS] = (double)m->n;
    f[FIGURE_MAKESPAN] = m->makespan.mean;
    f[FIGURE_MAKESPAN_LOW] = m->makespan.ci95.low;
    f[FIGURE_MAKESPAN_HIGH] = m->makespan.ci95.high;
    f[FIGURE_MAKESPAN_SD] = m->makespan.sd;
    f[FIGURE_MAKESPAN_Q05] = m->makespan.q05;
    f[FIGURE_MAKESPAN_Q50] = m->makespan.q50;
    f[FIGURE_MAKESPAN_Q95] = m->makespan.q95;
    f[FIGURE_SESSION] = m->session.mean;
    f[FIGURE_SESSION_Q95] = m->session.q95;
    f[FIGURE_UTILISATION_SLOTS] = m->utilisation_slots;
    f[FIGURE_UTILISATION_GPUS] = m->utilisation_gpus;
    f[FIGURE_NODE_HOURS] = m->node_hours;
    f[FIGURE_WAIT_QUEUE] = m->wait_s[WAIT_QUEUE];
    f[FIGURE_SHARE_INCOMPLETE] = 1 - m->share_complete;
    f[FIGURE_SHARE_IN_TIME] = m->share_in_time;
    f[FIGURE_FAILED] = m->failed;
    f[FIGURE_KILLED] = m->killed;
    f[FIGURE_CANCELLED] = m->cancelled;
    f[FIGURE_RETRIES] = m->retries;
    f[FIGURE_LOST_SLOT] = m->lost_slot_s;
    bool chain = m->jobs.chain;
    f[FIGURE_SOLUTION] = chain ? m->jobs.solution.mean : (double)NAN;
    f[FIGURE_SOLUTION_Q50] = chain ? m->jobs.solution.q50 : (double)NAN;
    f[FIGURE_SOLUTION_Q95] = chain ? m->jobs.solution.q95 : (double)NAN;
    f[FIGURE_QUEUE_WAIT] = chain ? m->jobs.queue_s : (double)NAN;
    f[FIGURE_JOBS] = chain ? m->jobs.n : (double)NAN;
    f[FIGURE_ENERGY] = m->energy_kwh;
    f[FIGURE_CUT] = chain ? m->jobs.n_cut : (double)NAN;
}

struct result *result_of(size_t point, const struct scenario *s, const struct replicas *replicas)
{
    struct summary m = summary_of(s, replicas);
    struct result *r = xcalloc(1, sizeof *r);
    *r = (struct result){ .point = point, .n = replicas->n,
                          .makespans = xcalloc(replicas->n, sizeof *r->makespans) };
    fill(r->figures, &m);
    for (size_t i = 0; i < r->n; i++)
        r->makespans[i] = replicas->at[i].complete ? replicas->at[i].makespan_s : NAN;
    return r;
}

struct result *result_of_error(size_t point, const char *why)
{
    struct result *r = xcalloc(1, sizeof *r);
    *r = (struct result){ .point = point, .error = xstrdup(why) };
    for (int f = 0; f < FIGURES; f++)
        r->figures[f] = NAN;
    return r;
}

void result_free(struct result *r)
{
    if (!r)
        return;
    xfree(r->error, r->makespans, r);
}

/* ---- bytes: head, figures, makespans, the sentence without its end ---- */

struct head { size_t point, n, error_length; bool has_error; };

char *result_pack(const struct result *r, size_t *size)
{
    struct head head = { .point = r->point, .n = r->n, .has_error = r->error != NULL,
                         .error_length = r->error ? strlen(r->error) : 0 };
    *size = sizeof head + sizeof r->figures + r->n * sizeof *r->makespans + head.error_length;
    char *bytes = xcalloc(1, *size), *at = bytes;
    memcpy(at, &head, sizeof head);
    memcpy(at += sizeof head, r->figures, sizeof r->figures);
    at += sizeof r->figures;
    if (r->n > 0)
        memcpy(at, r->makespans, r->n * sizeof *r->makespans);
    if (r->error)
        memcpy(at + r->n * sizeof *r->makespans, r->error, head.error_length);
    return bytes;
}

struct result *result_unpack(const char *bytes, size_t size)
{
    struct head head;
    const size_t fixed = sizeof head + sizeof ((struct result *)0)->figures;
    if (size < fixed)
        return NULL;
    memcpy(&head, bytes, sizeof head);
    if (head.n > (size - fixed) / sizeof(double) ||
        head.error_length != size - fixed - head.n * sizeof(double))
        return NULL;
    struct result *r = xcalloc(1, sizeof *r);
    *r = (struct result){ .point = head.point, .n = head.n,
                          .makespans = xcalloc(head.n, sizeof *r->makespans) };
    memcpy(r->figures, bytes + sizeof head, sizeof r->figures);
    if (r->n > 0)
        memcpy(r->makespans, bytes + fixed, r->n * sizeof *r->makespans);
    if (head.has_error)
        r->error = xstrndup(bytes + fixed + r->n * sizeof *r->makespans, head.error_length);
    return r;
}
