#include "validation/plain_view.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "num/stats.h"
#include "traces/could_start.h"
#include "traces/samples.h"

#define SAME_S 0.25 /* instants closer than that are the same in any case */
#define LEAST 0.05 /* quantile of latencies: others hold what a scheduler made tasks wait */
#define SPREAD 3.0 /* latencies vary by so many times the least ones */

static double least_of(const struct sample_list *list)
{
    double *x = xcalloc(list->n + 1, sizeof *x);
    for (size_t i = 0; i < list->n; i++)
        x[i] = fmax(0, (list->at[i].low + list->at[i].high) / 2);
    double least = list->n > 0 ? stats_quantile(x, list->n, LEAST) : 0;
    free(x);
    return least;
}

struct latencies {
    double startup_s, free_s, next_task_s, clock_s;
};

static struct latencies latencies_of(const struct session *s)
{
    struct samples x;
    samples_init(&x, s, 1);
    const struct sample_list *startup = &x.of[STATION_STARTUP_WARM];
    struct latencies l = { least_of(startup), least_of(&x.of[STATION_FREE]),
                           least_of(&x.of[STATION_NEXT_TASK]), 0 };
    for (size_t i = 0; i < startup->n; i++)
        l.clock_s = fmax(l.clock_s, startup->at[i].high - startup->at[i].low);
    samples_clear(&x);
    return l;
}

/* `before_s`: when the task's attempt before had its slots free; -INFINITY: there was none. */
static void set_instants(struct timeline_record *r, const struct could_start *c,
                         const struct latencies *l, double before_s)
{
    bool submitted = is_known(c->submitted_s) && !(c->submitted_s < c->parents_s);
    double from_s = submitted ? c->submitted_s
                              : c->parents_s + l->free_s + l->next_task_s;
    double arrived_s = fmax(from_s + l->startup_s, before_s);
    r->arrived_s = isfinite(arrived_s) && arrived_s < r->started_s ? arrived_s : r->started_s;
    if (!(r->arrived_s >= before_s))
        r->arrived_s = NAN; /* it overlaps with the attempt before */
    r->scheduled_s = r->started_s;
    r->freed_s = r->stopped_s + l->free_s + l->startup_s;
}

/* In order of arrival, at one instant of task numbers, not of starts, which the scheduler made.
 * Earlier attempts come last. */
static void rank_arrivals(struct session *s)
{
    const struct timeline *t = s->timeline;
    size_t *record = timeline_last_attempts(s->timeline), n = 0;
    struct sort_key *keys = xcalloc(t->n + 1, sizeof *keys);
    for (uint32_t k = 0; k < s->workflow->n_tasks; k++)
        if (record[k] != SIZE_MAX)
            keys[n++] =
                (struct sort_key){ sort_key_of(t->records[record[k]].arrived_s), record[k] };
    sort_keys(keys, n);
    s->tasks = xcalloc(t->n + 1, sizeof *s->tasks);
    for (size_t i = 0; i < t->n; i++)
        s->tasks[i].arrival = (uint32_t)t->n;
    for (size_t i = 0; i < n; i++)
        s->tasks[keys[i].item].arrival = (uint32_t)i;
    xfree(keys, record);
}

void plain_view_init(struct plain_view *view, const struct session *s)
{
    struct could_start *c = could_start_of(s);
    struct latencies l = latencies_of(s);
    view->session = *s;
    view->session.timeline = timeline_new(s->workflow, s->platform);
    double *freed_s = xcalloc(s->workflow->n_tasks + 1, sizeof *freed_s);
    for (uint32_t k = 0; k < s->workflow->n_tasks; k++)
        freed_s[k] = -INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++) {
        timeline_add_copy(view->session.timeline, s->timeline, i);
        struct timeline_record *r = &view->session.timeline->records[i];
        set_instants(r, &c[i], &l, freed_s[r->task]);
        freed_s[r->task] = known_or(r->freed_s, INFINITY);
    }
    free(freed_s);
    view->tolerance_s = fmax(fmax(SAME_S, l.clock_s), SPREAD * (l.startup_s + l.free_s));
    rank_arrivals(&view->session);
    free(c);
}

void plain_view_clear(struct plain_view *view)
{
    timeline_free(view->session.timeline);
    free(view->session.tasks);
}
