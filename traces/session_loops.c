#include "traces/session_loops.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/loop_law.h"
#include "traces/loops.h"
#include "traces/session_workflow.h"

void loop_counts_add(struct loop_counts *c, const struct session *s)
{
    size_t n;
    struct lanes lanes = lanes_of(s->workflow, s->timeline);
    struct repeated_stages *found = loops_of(s->workflow, &lanes, &n);
    for (size_t i = 0; i < n; i++) {
        xgrow(&c->at, &c->room, c->n + 1, sizeof *c->at);
        c->at[c->n++] = (double)found[i].times;
    }
    free(found);
    lanes_clear(&lanes);
}

void loop_counts_clear(struct loop_counts *c)
{
    free(c->at);
    *c = (struct loop_counts){ 0 };
}

bool session_is_campaign(const struct session *s)
{
    return s->window > 0 && s->workflow->n_sets == 1;
}

/* Else nothing says what comes after what. */
static bool has_order(const struct session *s)
{
    bool any = s->workflow->n_pipelines > 0;
    for (size_t i = 0; i < s->workflow->n_sets; i++)
        any |= s->workflow->sets[i].n_dependencies > 0;
    return any;
}

bool session_decides(const struct session *s)
{
    struct loop_counts own = { 0 };
    if (!session_is_campaign(s) && !s->executed && has_order(s))
        loop_counts_add(&own, s);
    bool decides = own.n > 0 || session_is_campaign(s);
    loop_counts_clear(&own);
    return decides;
}

/* ---- sets ---- */

struct builder {
    const struct session *session;
    const struct workflow *from; /* at some level; sets numbered as the session's */
    struct lanes lanes;
    size_t n_loops;
    struct repeated_stages *loops;
    int *stands_for; /* of each set of `from`: the set of `from` that it is an iteration of, or
                        itself */
    bool *in_loop; /* of each set of `from` */
    int *number; /* of each set of `from`: in `to`; -1: another one stands for it */
    struct workflow *to;
    struct workflow *copy; /* of `from`, whose sets are taken */
};

/* Mean and variance of the durations of all that one set stands for, and their numbers of tasks. */
struct pooled {
    double n_tasks, mean, squares;
    double *numbers;
    size_t n;
    bool vary;
};

static struct pooled pool_sets(const struct builder *b, int set)
{
    struct pooled p = { .numbers = xcalloc(b->from->n_sets, sizeof *p.numbers) };
    for (size_t s = 0; s < b->from->n_sets; s++) {
        const struct task_set *x = &b->from->sets[s];
        if (b->stands_for[s] != set)
            continue;
        double mean = dist_mean(x->duration), sd = dist_sd(x->duration);
        p.vary |= p.n > 0 && p.numbers[0] != x->n_tasks;
        p.numbers[p.n++] = x->n_tasks;
        p.n_tasks += x->n_tasks;
        p.mean += x->n_tasks * mean;
        p.squares += x->n_tasks * (mean * mean + sd * sd);
    }
    p.mean /= p.n_tasks;
    p.squares /= p.n_tasks;
    return p;
}

static struct dist *pooled_duration(const struct pooled *p)
{
    double sd = sqrt(fmax(0, p->squares - p->mean * p->mean));
    if (!(sd > 1e-6 * p->mean))
        return dist_constant(p->mean);
    return sd > SESSION_WIDEST_NORMAL_CV * p->mean ? dist_lognormal(p->mean, sd)
                                                   : dist_normal(p->mean, sd);
}

static void make_set(struct builder *b, int set)
{
    struct task_set *to = &b->to->sets[b->number[set]];
    struct pooled p = pool_sets(b, set);
    struct task_set new = *to;
    *to = b->copy->sets[set];
    b->copy->sets[set] = new;
    workflow_drop_dependencies(to);
    to->iteration = 0;
    if (p.n > 1 || b->n_loops == 0) { /* of each task that will be: no list of those that were */
        free(to->durations);
        to->durations = NULL;
    }
    if (p.n > 1) {
        dist_free(to->duration);
        to->duration = pooled_duration(&p);
    }
    if (p.vary) {
        to->decided = xcalloc(1, sizeof *to->decided);
        to->decided->count = COUNT_DRAWN;
        to->decided->number = dist_empirical(p.numbers, p.n);
    }
    free(p.numbers);
}

static bool in_loop(const struct repeated_stages *r, size_t step)
{
    return step >= r->first && step < r->first + r->period * r->times - r->missing;
}

/* The sets of the first time stand for those of the others. Returns how many sets are left. */
static size_t index_sets(struct builder *b)
{
    size_t n = b->from->n_sets;
    b->stands_for = xcalloc(n + 1, sizeof *b->stands_for);
    b->number = xcalloc(n + 1, sizeof *b->number);
    b->in_loop = xcalloc(n + 1, sizeof *b->in_loop);
    for (size_t s = 0; s < n; s++)
        b->stands_for[s] = (int)s;
    for (size_t i = 0; i < b->n_loops; i++) {
        const struct repeated_stages *r = &b->loops[i];
        const struct lane *lane = &b->lanes.at[r->lane];
        for (size_t k = r->first; in_loop(r, k); k++) {
            const struct lane_step *first = &lane->steps[r->first + (k - r->first) % r->period],
                                   *own = &lane->steps[k];
            for (size_t j = 0; j < own->n_sets; j++) {
                b->in_loop[own->sets[j]] = true;
                if (own != first)
                    b->stands_for[own->sets[j]] = first->sets[j < first->n_sets ? j : 0];
            }
        }
    }
    int next = 0;
    for (size_t s = 0; s < n; s++)
        b->number[s] = b->stands_for[s] == (int)s ? next++ : -1;
    return (size_t)next;
}

/* ---- what comes after what ---- */

static void come_after(struct builder *b, int set, int parent)
{
    struct task_set *to = &b->to->sets[b->number[set]];
    int number = b->number[b->stands_for[parent]];
    for (size_t d = 0; d < to->n_dependencies; d++)
        if (to->dependencies[d].parent == number)
            return;
    if (number != b->number[set])
        workflow_add_dependency(to,
                                (struct dependency){ .parent = number, .kind = DEPENDENCY_ALL });
}

static void come_after_step(struct builder *b, const struct lane_step *step,
                            const struct lane_step *before)
{
    for (size_t i = 0; i < step->n_sets; i++)
        for (size_t j = 0; j < before->n_sets && b->number[step->sets[i]] >= 0; j++)
            come_after(b, step->sets[i], before->sets[j]);
}

static const struct repeated_stages *loop_of_lane(const struct builder *b, size_t lane)
{
    for (size_t i = 0; i < b->n_loops; i++)
        if (b->loops[i].lane == (int)lane)
            return &b->loops[i];
    return NULL;
}

/* A loop's sets come after those of their lane, the first time also after what they were recorded
 * to come after, but other loops; others after all that. */
static void order_lane(struct builder *b, size_t number)
{
    const struct lane *lane = &b->lanes.at[number];
    const struct repeated_stages *r = loop_of_lane(b, number);
    for (size_t k = 0; k < lane->n_steps; k++) {
        const struct lane_step *step = &lane->steps[k];
        bool inside = r && in_loop(r, k), again = inside && k >= r->first + r->period;
        if (k > 0)
            come_after_step(b, step, &lane->steps[k - 1]);
        for (size_t i = 0; lane->named && !again && i < step->n_sets; i++) {
            const struct task_set *from = &b->session->workflow->sets[step->sets[i]];
            for (size_t d = 0; d < from->n_dependencies; d++)
                if (!inside || !b->in_loop[from->dependencies[d].parent])
                    come_after(b, step->sets[i], from->dependencies[d].parent);
        }
    }
}

static void add_loop(struct builder *b, struct loop *to, const struct repeated_stages *r,
                     const struct loop_counts *counts)
{
    const struct lane *lane = &b->lanes.at[r->lane];
    to->name = b->n_loops == 1 ? xstrdup("cycle") : str_format("cycle of %s", lane->name);
    for (size_t k = r->first; k < r->first + r->period; k++)
        for (size_t i = 0; i < lane->steps[k].n_sets; i++) {
            to->sets = xrealloc(to->sets, to->n_sets + 1, sizeof *to->sets);
            to->sets[to->n_sets++] = xstrdup(b->from->sets[lane->steps[k].sets[i]].name);
        }
    to->at_least = 1;
    if (counts && counts->n > 0)
        to->stop.after = loop_law(counts->at, counts->n);
    else if (counts)
        to->stop.after = loop_law_about((double)r->times);
    else
        to->stop.probability = 1 / (double)r->times;
}

static void add_campaign(struct builder *b)
{
    struct decisions *d = &b->to->decisions;
    d->n_campaigns = 1;
    d->campaigns = xcalloc(1, sizeof *d->campaigns);
    d->campaigns[0] = (struct campaign){ .name = xstrdup("ensemble"),
                                         .candidates = xstrdup(b->to->sets[0].name),
                                         .in_flight = b->session->window,
                                         .budget = b->session->workflow->n_tasks,
                                         .hit_gain = 1 };
    b->to->sets[0].n_tasks = 1;
}

static int build(struct builder *b, const struct loop_counts *counts, struct error *err)
{
    b->to = workflow_new(b->from->name, index_sets(b));
    b->to->source = b->from->source ? xstrdup(b->from->source) : NULL;
    b->copy = workflow_copy(b->from);
    for (size_t s = 0; s < b->from->n_sets; s++)
        if (b->number[s] >= 0)
            make_set(b, (int)s);
    workflow_free(b->copy);
    for (size_t l = 0; l < b->lanes.n; l++)
        order_lane(b, l);
    struct decisions *d = &b->to->decisions;
    d->n_loops = b->n_loops;
    d->loops = xcalloc(b->n_loops + 1, sizeof *d->loops);
    for (size_t i = 0; i < b->n_loops; i++)
        add_loop(b, &d->loops[i], &b->loops[i], counts);
    if (b->n_loops == 0)
        add_campaign(b);
    workflow_expect_counts(b->to);
    return workflow_finish(b->to, err);
}

struct workflow *session_with_loops(const struct session *s, const struct workflow *from,
                                    const struct loop_counts *counts, struct error *err)
{
    if (!session_decides(s)) {
        error_set(err,
                  has_order(s)
                      ? "%s: no stages repeat three times or more, so nothing in it is read as a "
                        "loop"
                      : "%s: holds no dependencies, so that no workflow with loops follows from it",
                  s->path);
        return NULL;
    }
    struct workflow *own = from ? NULL : session_workflow(s, INFORMATION_DESCRIPTION, NULL, err);
    struct builder b = { .session = s, .from = from ? from : own,
                         .lanes = lanes_of(s->workflow, s->timeline) };
    b.loops = loops_of(s->workflow, &b.lanes, &b.n_loops);
    int status = b.from ? build(&b, counts, err) : -1;
    xfree(b.stands_for, b.number, b.in_loop, b.loops);
    lanes_clear(&b.lanes);
    workflow_free(own);
    if (status == 0)
        return b.to;
    workflow_free(b.to);
    return NULL;
}
