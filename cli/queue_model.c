#include "cli/queue_doc.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"

/* "comet, supermic" */
static void list_names(struct str *out, char *const *names, size_t n)
{
    enum { MOST_LISTED = 12 };
    for (size_t i = 0; i < n && i < MOST_LISTED; i++)
        str_addf(out, "%s%s", i ? ", " : "", names[i]);
    if (n > MOST_LISTED)
        str_addf(out, " and %zu more", n - MOST_LISTED);
}

static int find_name(const char *what, char *const *names, size_t n, const char *said, int *found,
                     struct error *err)
{
    struct str list = { 0 };
    *found = -1;
    for (size_t i = 0; said && i < n; i++)
        if (str_equal(names[i], said))
            *found = (int)i;
    if (!said || *found >= 0)
        return 0;
    list_names(&list, names, n);
    error_set(err, "the history has no %s named '%s'; it has %s", what, said,
              n ? list.text : "none that is named");
    str_clear(&list);
    return -1;
}

int queue_model_find_machine(const struct queue_history *h, const char *said, int *machine,
                             struct error *err)
{
    return find_name("machine", h->machines, h->n_machines, said, machine, err);
}

int queue_model_find_queue(const struct queue_history *h, const char *said, int *queue,
                           struct error *err)
{
    return find_name("queue", h->queues, h->n_queues, said, queue, err);
}

static void widen(struct stats_interval *i, double x)
{
    i->low = earlier_known(i->low, x);
    i->high = later_known(i->high, x);
}

struct queue_model queue_model_of(const struct queue_history *h, int machine, int queue)
{
    const struct stats_interval none = { NAN, NAN };
    struct queue_model m = { .machine = machine >= 0 ? h->machines[machine] : NULL,
                             .sizes = none,
                             .lengths_s = none,
                             .submitted_s = none,
                             .median_s = NAN,
                             .q95_s = NAN };
    struct past_wait *jobs = queue_history_jobs(h, machine, queue, &m.n);
    double *waits_s = xcalloc(m.n + 1, sizeof *waits_s);
    for (size_t i = 0; i < m.n; i++) {
        widen(&m.sizes, jobs[i].size);
        widen(&m.lengths_s, jobs[i].length_s);
        widen(&m.submitted_s, jobs[i].submitted_s);
        waits_s[i] = jobs[i].wait_s;
    }
    if (m.n > 0) {
        m.median_s = stats_quantile(waits_s, m.n, 0.5);
        m.q95_s = stats_quantile(waits_s, m.n, 0.95);
    }
    if (m.n >= WAITS_LEAST)
        m.waits = waits_new(jobs, m.n);
    xfree(waits_s, jobs);
    return m;
}

void queue_model_clear(struct queue_model *m)
{
    waits_free(m->waits);
    m->waits = NULL;
}

static int choose_machine(const struct queue_history *h, const char *said, const char *platform,
                          int *machine, struct error *err)
{
    if (queue_model_find_machine(h, said, machine, err))
        return -1;
    for (size_t i = 0; !said && i < h->n_machines; i++)
        if (str_equal(h->machines[i], platform))
            *machine = (int)i;
    if (*machine >= 0 || h->n_machines <= 1)
        return 0;
    return error_set(err,
                     "it has jobs of %zu machines, and none has the platform's name; give "
                     "--queue-machine",
                     h->n_machines);
}

static struct queue_wait *learn(const struct queue_history *h, int machine, int queue,
                                struct error *err)
{
    size_t n;
    struct past_wait *jobs = queue_history_jobs(h, machine, queue, &n);
    struct queue_wait *q = NULL;
    if (n >= WAITS_LEAST)
        q = queue_wait_of_history(waits_new(jobs, n), h->in_nodes, h->has_walltimes);
    else
        error_set(err, "%zu jobs are too few to learn from; it takes %d", n, WAITS_LEAST);
    free(jobs);
    return q;
}

struct queue_wait *queue_model_open(const char *path, const char *machine, const char *queue,
                                    const char *platform, struct error *err)
{
    struct queue_history h;
    struct queue_wait *q = NULL;
    int of_machine, of_queue;
    if (queue_history_load(path, &h, err) == 0) {
        if (choose_machine(&h, machine, platform, &of_machine, err) == 0 &&
            queue_model_find_queue(&h, queue, &of_queue, err) == 0)
            q = learn(&h, of_machine, of_queue, err);
        if (!q)
            error_prefix(err, "%s: ", path);
    }
    queue_history_clear(&h);
    return q;
}
