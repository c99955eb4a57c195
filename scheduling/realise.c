#include "scheduling/realise.h"


#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/realise_impl.h"

/* Of each described set: its loop, its campaign, and the sets that its number depends on. */
static void index_description(struct realiser *r)
{
    const struct workflow *w = r->from;
    size_t n = w->n_sets + 1;
    r->loop_of = xcalloc(n, sizeof *r->loop_of);
    r->campaign_of = xcalloc(n, sizeof *r->campaign_of);
    r->counted_by = xcalloc(n, sizeof *r->counted_by);
    r->instead_of = xcalloc(n, sizeof *r->instead_of);
    r->begin = xcalloc(n + 1, sizeof *r->begin);
    for (size_t s = 0; s < w->n_sets; s++)
        r->instead_of[s] = -1;
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct set_decision *d = w->sets[s].decided;
        int other = d ? workflow_find_related(w, (int)s, d->otherwise) : -1;
        r->loop_of[s] = w->decisions.n_loops > 0 ? workflow_loop_of(w, (int)s) : -1;
        r->campaign_of[s] = w->decisions.n_campaigns > 0 ? workflow_campaign_of(w, (int)s) : -1;
        r->counted_by[s] = d ? workflow_find_related(w, (int)s, d->of) : -1;
        if (other >= 0)
            r->instead_of[other] = (int)s;
    }
}

static size_t instances_of(const struct realiser *r, int s)
{
    if (r->loop_of[s] >= 0)
        return r->runs[r->loop_of[s]].offset[r->runs[r->loop_of[s]].n_outer];
    return r->campaign_of[s] >= 0 ? realise_campaign_instances(r, s) : 1;
}

static int count_instances(struct realiser *r, struct error *err)
{
    for (size_t s = 0; s < r->from->n_sets; s++) {
        r->begin[s + 1] = r->begin[s] + instances_of(r, (int)s);
        if (r->begin[s + 1] > DECISIONS_MOST_SETS)
            return error_set(err,
                             "workflow %s: with what was decided it has more than %d task sets, "
                             "with '%s'; end its loops and campaigns sooner (`at_most`, `budget`, "
                             "`time`)",
                             workflow_title(r->from), DECISIONS_MOST_SETS, r->from->sets[s].name);
    }
    return 0;
}

/* ---- names ---- */

static int iteration_of(const struct realiser *r, const struct instance *x)
{
    int campaign = r->campaign_of[x->base];
    if (x->loop < 0)                                     /* of a campaign: the round */
        return x->k + (campaign >= 0 ? r->rounds_before[campaign] : 0);
    const struct loop_run *run = &r->runs[x->loop];
    if (run->around >= 0)
        return run->number[x->outer - 1] + x->k - 1;
    return run->single ? 0 : run->number[x->k - 1];
}

/* Iterations of loops that can only run once have no number. */
static char *name_of(const struct realiser *r, const struct instance *x)
{
    struct str name = { 0 };
    str_add(&name, r->from->sets[x->base].name);
    if (x->loop >= 0) {
        const struct loop_run *run = &r->runs[x->loop];
        if (run->around >= 0 && !r->runs[run->around].single)
            str_addf(&name, ".%d", x->outer);
        if (!run->single)
            str_addf(&name, ".%d", run->before + x->k);
    } else if (x->k > 0) {
        str_addf(&name, ".%d", iteration_of(r, x));
    }
    return str_take(&name);
}

/* ---- sets ---- */

static void lay_out_set(struct realiser *r, int s)
{
    size_t first = r->begin[s], n = r->begin[s + 1] - first, i = first;
    int loop = r->loop_of[s];
    if (loop < 0) {
        for (size_t k = 0; k < n; k++)
            r->at[i++] = (struct instance){ .base = s,
                                            .loop = -1,
                                            .k = r->campaign_of[s] >= 0 ? (int)k + 1 : 0 };
        return;
    }
    const struct loop_run *run = &r->runs[loop];
    for (size_t o = 0; o < run->n_outer; o++)
        for (int k = 1; k <= run->iterations[o]; k++)
            r->at[i++] = (struct instance){
                .base = s, .loop = loop, .outer = run->around >= 0 ? (int)o + 1 : 0, .k = k
            };
}

static void make_set(struct realiser *r, size_t i)
{
    const struct instance *x = &r->at[i];
    struct task_set *to = &r->to->sets[i];
    *to = r->from->sets[x->base];                        /* its fields are shared */
    to->name = name_of(r, x);
    to->stream = str_hash(to->name);
    to->dependencies = NULL;
    to->n_dependencies = 0;
    to->decided = NULL;
    if (x->loop >= 0 || r->campaign_of[x->base] >= 0)
        to->iteration = iteration_of(r, x);
    r->made->base[i] = x->base;
    r->made->lane[i] = x->loop >= 0 ? x->loop + 1
                       : r->campaign_of[x->base] >= 0
                           ? (int)r->from->decisions.n_loops + r->campaign_of[x->base] + 1
                           : 0;
}

static void note_campaign_sets(struct realiser *r)
{
    for (size_t i = 0; i < r->made->n_campaigns; i++) {
        struct realised_campaign *c = &r->made->campaigns[i];
        const struct campaign *of = &r->from->decisions.campaigns[i];
        int candidates = workflow_find_set(r->from, of->candidates),
            learn = of->learn ? workflow_find_set(r->from, of->learn) : -1;
        for (size_t k = 0; k < c->n_rounds; k++)
            c->rounds[k] = (int)(r->begin[candidates] + k);
        for (size_t k = 0; k < c->n_learnings; k++)
            c->learnings[k] = (int)(r->begin[learn] + k);
    }
}

static int make_sets(struct realiser *r, struct error *err)
{
    size_t n = r->begin[r->from->n_sets];
    r->at = xcalloc(n + 1, sizeof *r->at);
    r->to->n_sets = n;
    r->to->sets = xcalloc(n + 1, sizeof *r->to->sets);
    r->made->base = xcalloc(n + 1, sizeof *r->made->base);
    r->made->lane = xcalloc(n + 1, sizeof *r->made->lane);
    r->made->point = xcalloc(n + 1, sizeof *r->made->point);
    for (size_t s = 0; s < r->from->n_sets; s++)
        lay_out_set(r, (int)s);
    for (size_t i = 0; i < n; i++)
        make_set(r, i);
    note_campaign_sets(r);
    double tasks = 0;
    for (size_t i = 0; i < n; i++) {
        bool of_campaign = r->campaign_of[r->at[i].base] >= 0;
        uint32_t own = of_campaign ? realise_campaign_tasks(r, &r->at[i]) : realise_tasks(r, i);
        r->at[i].n_tasks = r->to->sets[i].n_tasks = own;
        tasks += own;
        if (tasks > UINT32_MAX / 2)
            return error_set(
                err,
                "workflow %s: with what was decided it has more than %u tasks, with task set '%s'",
                workflow_title(r->from), UINT32_MAX / 2, r->to->sets[i].name);
    }
    return 0;
}

static void number_tasks(struct workflow *w)
{
    uint32_t next = 0;
    for (size_t s = 0; s < w->n_sets; s++) {
        w->sets[s].first_task = next;
        next += w->sets[s].n_tasks;
        w->n_services += w->sets[s].traits->service.serves;
        if (w->sets[s].iteration > w->iterations)
            w->iterations = w->sets[s].iteration;
    }
    w->n_tasks = next;
}

static struct workflow *begin_workflow(const struct workflow *from, struct realised *made)
{
    struct workflow *to = xcalloc(1, sizeof *to);
    to->name = xstrdup(from->name);
    to->source = from->source ? xstrdup(from->source) : NULL;
    to->session_sd = from->session_sd;
    to->on_failure = from->on_failure;
    to->iterations = 1;
    to->realised = made;
    made->from = from;
    made->shares = true;
    return to;
}

static int make(struct realiser *r, struct error *err)
{
    if (realise_loops(r, err) != 0)
        return -1;
    realise_campaigns(r);
    if (count_instances(r, err) != 0 || make_sets(r, err) != 0)
        return -1;
    realise_points(r);
    realise_dependencies(r);
    realise_cancels(r);
    /* As written: there are none beside loops and campaigns, so each set has one instance. */
    workflow_copy_order(r->to, r->from);
    r->to->iterations = r->from->iterations;
    realise_prune(r->to);
    number_tasks(r->to);
    return 0;
}

static void clear(struct realiser *r)
{
    realise_loops_clear(r);
    xfree(r->loop_of, r->campaign_of, r->counted_by, r->instead_of, r->begin, r->at, r->candidates,
          r->rounds_before);
}

struct workflow *workflow_realise(const struct workflow *w, const struct realise_options *o,
                                  struct error *err)
{
    struct realiser r = { .from = w, .options = o, .made = xcalloc(1, sizeof *r.made) };
    r.to = begin_workflow(w, r.made);
    index_description(&r);
    int status = make(&r, err);
    clear(&r);
    if (status == 0)
        return r.to;
    workflow_free(r.to);
    return NULL;
}

int workflow_iterations(const struct workflow *w, const struct realise_options *o, int *n,
                        struct error *err)
{
    struct realiser r = { .from = w, .options = o, .made = xcalloc(1, sizeof *r.made) };
    const struct decisions *d = &w->decisions;
    int status = realise_loops(&r, err);
    if (status == 0)
        realise_campaigns(&r);
    for (size_t i = 0; i < d->n_loops && status == 0; i++)
        n[i] = r.runs[i].iterations[0];
    for (size_t i = 0; i < d->n_campaigns && status == 0; i++)
        n[d->n_loops + i] = (int)r.made->campaigns[i].n_rounds;
    clear(&r);
    realised_free(r.made);
    return status;
}
