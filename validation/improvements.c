#include "validation/improvements.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct amount { double tasks, task_s, slot_s; };

static bool all_requested(const struct session *s)
{
    for (size_t i = 0; s->tasks && i < s->timeline->n; i++)
        if (isnan(s->tasks[i].requested_s))
            return false;
    return s->tasks != NULL;
}

static struct amount amount_of(const struct session *s)
{
    bool requested = all_requested(s);
    struct amount sum = { .tasks = s->workflow->n_tasks };
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        int set = workflow_set_of_task(s->workflow, r->task);
        const struct demand *d = &s->workflow->sets[set].traits->demand;
        double took_s = requested ? s->tasks[i].requested_s : r->stopped_s - r->started_s;
        if (isnan(took_s))
            continue;
        sum.task_s += took_s;
        sum.slot_s += took_s * d->ranks * (d->threads > d->cores ? d->threads : d->cores);
    }
    return sum;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= IMPROVEMENT_ALIKE * fmax(a, b);
}

static bool same_tasks(const struct session *a, const struct session *b)
{
    struct amount x = amount_of(a), y = amount_of(b);
    return x.tasks == y.tasks && near(x.task_s, y.task_s) && near(x.slot_s, y.slot_s);
}

static bool comparable(const struct validation *v)
{
    const struct session *s = v->session;
    return s->n_interruptions == 0 && s->timeline->n == s->workflow->n_tasks;
}

static const struct validation *first_like(const struct leave_one_out *all, size_t of)
{
    for (size_t i = 0; i < of; i++)
        if (comparable(&all->of[i]) && same_tasks(all->of[i].session, all->of[of].session))
            return &all->of[i];
    return NULL;
}

static struct improvement compare(double from_s, const double *from, double to_s, const double *to,
                                  size_t n)
{
    return (struct improvement){ .measured = 1 - to_s / from_s,
                                 .predicted = stats_improve(from, to, n) };
}

struct improvements improvements_of(const struct leave_one_out *all)
{
    struct improvements out = { .at = xcalloc(all->n + 1, sizeof *out.at) };
    for (size_t i = 0; i < all->n; i++) {
        const struct validation *v = &all->of[i],
                                *over = comparable(v) ? first_like(all, i) : NULL;
        if (!over)
            continue;
        const struct forecast *a = &over->forecast, *b = &v->forecast;
        size_t n = a->n < b->n ? a->n : b->n;
        out.at[out.n++] = (struct session_improvement){
            v, over, compare(over->measured_s, a->makespan_s, v->measured_s, b->makespan_s, n),
            compare(over->span_s, a->span_s, v->span_s, b->span_s, n)
        };
    }
    return out;
}

void improvements_clear(struct improvements *x)
{
    free(x->at);
    *x = (struct improvements){ 0 };
}

bool improvement_holds(const struct improvement *x)
{
    return stats_interval_holds(x->predicted.ci95_independent, x->measured);
}
