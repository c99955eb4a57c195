#include "cli/words.h"

#include <math.h>

#include "base/escape.h"

const char *words_slots(const struct platform *p, int64_t n)
{
    if (n == 1)
        return p->slot_kind == SLOT_CORE ? "core" : "hardware thread";
    return p->slot_kind == SLOT_CORE ? "cores" : "hardware threads";
}

void words_add_count(struct str *text, size_t n, const char *noun)
{
    str_addf(text, "%zu %s%s", n, noun, n == 1 ? "" : "s");
}

static void add_memory(struct str *text, int64_t mib)
{
    if (mib % 1024 == 0)
        str_addf(text, "%lld GiB of memory", (long long)(mib / 1024));
    else
        str_addf(text, "%lld MiB of memory", (long long)mib);
}

/* "164 of 168 hardware threads, 6 GPUs" */
static void words_add_shape(struct str *text, const struct platform *p, const struct node_shape *s)
{
    int usable = node_shape_usable(s);
    if (usable < s->n_slots)
        escape_addf(text, "%d of %d %s", usable, s->n_slots, words_slots(p, s->n_slots));
    else
        escape_addf(text, "%d %s", usable, words_slots(p, usable));
    if (s->n_gpus) {
        str_add(text, ", ");
        words_add_count(text, (size_t)s->n_gpus, "GPU");
    }
    if (s->memory_mib) {
        str_add(text, ", ");
        add_memory(text, s->memory_mib);
    }
}

static bool differ_in_joins_only(const struct node_shape *a, const struct node_shape *b)
{
    return (a->joins_s > 0 || b->joins_s > 0) && a->n_slots == b->n_slots &&
           a->n_gpus == b->n_gpus && a->memory_mib == b->memory_mib &&
           node_shape_usable(a) == node_shape_usable(b);
}

struct words_alike words_nodes_alike(const struct platform *p, size_t shape)
{
    struct words_alike all = { .from_s = p->shapes[shape].joins_s,
                               .to_s = p->shapes[shape].joins_s };
    for (size_t s = 0; s < p->n_shapes; s++) {
        const struct node_shape *other = &p->shapes[s];
        if (s != shape && !differ_in_joins_only(&p->shapes[shape], other))
            continue;
        if (s < shape)
            return (struct words_alike){ .n = 0 };       /* counted there */
        all.n += platform_nodes_of_shape(p, s);
        all.from_s = other->joins_s < all.from_s ? other->joins_s : all.from_s;
        all.to_s = other->joins_s > all.to_s ? other->joins_s : all.to_s;
    }
    return all;
}

void words_add_joins(struct str *text, const struct words_alike *nodes)
{
    if (nodes->to_s > nodes->from_s)
        str_addf(text, ", coming from %.6g to %.6g s", nodes->from_s, nodes->to_s);
    else if (nodes->to_s > 0)
        str_addf(text, ", from %.6g s on", nodes->to_s);
}

void words_add_nodes(struct str *text, const struct platform *p)
{
    bool first = true;
    for (size_t s = 0; s < p->n_shapes; s++) {
        struct words_alike nodes = words_nodes_alike(p, s);
        if (!nodes.n)
            continue;
        str_add(text, first ? "" : "; ");
        words_add_count(text, nodes.n, "node");
        str_add(text, nodes.n == 1 ? " with " : ", each with ");
        words_add_shape(text, p, &p->shapes[s]);
        words_add_joins(text, &nodes);
        first = false;
    }
    const struct block_rule *r = &p->blocks;
    if (r->nodes <= 0)
        return;
    str_add(text, "; in blocks of ");
    words_add_count(text, (size_t)r->nodes, "node");
    str_addf(text, ", %d at the start", r->init);
    if (r->start)
        str_addf(text, ", each %.3g s after it is asked for", dist_mean(r->start));
}

void words_add_platform(struct str *text, const struct platform *p)
{
    escape_addf(text, "%s: ", p->name);
    words_add_nodes(text, p);
}

void words_add_duration(struct str *text, const struct task_set *s)
{
    if (s->durations)
        str_add(text, "given for each task, ");
    if (dist_is_constant(s->duration))
        str_addf(text, "%.6g s", dist_mean(s->duration));
    else
        str_addf(text, "%s, mean %.6g s, sd %.3g s", dist_family(s->duration),
                 dist_mean(s->duration), dist_sd(s->duration));
}

void words_add_scheduler(struct str *text, const struct scheduler_options *o)
{
    if (o->scheduler) {
        escape_addf(text, "%s%s%s (its own order, overtake and placement)", o->scheduler,
                    o->generation ? " of generation " : "", o->generation ? o->generation : "");
    } else {
        str_addf(text, "order %s, overtake %s", o->order, o->overtake);
        if (o->overtake_every.s > 0)
            str_addf(text, " every %g s", o->overtake_every.s);
        str_addf(text, ", placement %s", o->placement);
    }
}

static bool may_fail(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].traits->failure_probability > 0)
            return true;
    return false;
}

static void add_share(struct str *text, double share)
{
    if (share < 1 && share >= 0.9995)                    /* would read 100.0 % */
        str_add(text, "almost all");
    else
        str_addf(text, "%.1f %%", 100 * share);
}

bool words_add_incomplete(struct str *text, const struct scenario *s, const double share[MODES])
{
    bool fail = may_fail(s->workflow), walltime = s->walltime_s > 0;
    double least = 1;
    for (int m = 0; m < MODES; m++)
        least = fmin(least, share[m]);
    if (least >= 1)
        return false;
    str_add(text, "Not all tasks are done: ");
    for (int m = 0; m < MODES; m++) {
        str_add(text, m == 0 ? "" : m == MODES - 1 ? " and " : ", ");
        add_share(text, share[m]);
        str_addf(text, " of the %s", mode_name((enum mode)m));
    }
    str_add(
        text,
        " replicas finished them. Makespans are of what ran, and are no basis for a comparison");
    if (fail || walltime)
        str_addf(
            text, "; %s would let more of them finish",
            !fail ? "a longer walltime"
            : !walltime
                ? "more retries of the sets that fail"
                : "more retries of the sets that fail, or a longer walltime where it was reached,");
    str_add(text, ". ");
    return true;
}

bool words_add_cut_runs(struct str *text, const struct scenario *s, const char *const *names,
                        const double *share, size_t n)
{
    double least = 1;
    for (size_t i = 0; i < n; i++)
        least = fmin(least, share[i]);
    if (least >= 1)
        return false;
    str_add(text, "CUT RUNS: ");
    for (size_t i = 0; i < n; i++) {
        str_add(text, i == 0 ? "" : i == n - 1 ? " and " : ", ");
        add_share(text, share[i]);
        str_addf(text, " of the %s", names[i]);
    }
    str_add(text, " replicas did every task");
    if (s->walltime_s > 0)
        str_addf(text, " (walltime %.6g s)", s->walltime_s);
    str_add(text, "; the others' makespans are of what ran until they were cut, not of the whole "
                  "workflow");
    if (s->workflow->n_services > 0 && s->walltime_s <= 0)
        str_add(text, ". A run ends when clients hold all the slots that their service needs, or "
                      "wait behind a task that needs the service's: use more nodes");
    str_add(text, "\n");
    return true;
}

void words_add_one_replica(struct str *text, size_t replicas)
{
    if (replicas == 1)
        str_add(text, "One replica is one possible makespan, without a spread, an interval or "
                      "quantiles; --replicas 100 gives them. ");
}

void words_add_modes(struct str *text, const char *name, const struct two_modes *m)
{
    if (m->found)
        str_addf(text,
                 "Bimodal (%s): %.0f %% of the replicas take about %.1f s, %.0f %% about %.1f s, "
                 "with a gap of %.1f s between; the mean describes neither. ",
                 name, 100 * m->share_low, m->low, 100 * m->share_high, m->high, m->gap);
}

void words_add_order(struct str *text, const char *name, const struct pipeline_orders *o)
{
    if (pipeline_orders_matter(o))
        str_addf(text,
                 "The order of submission matters (%s): %.1f s in file order, %.1f to %.1f s over "
                 "%s%zu orders (%.1f %%). ",
                 name, o->file_s, o->best_s, o->worst_s, o->all ? "all " : "", o->n_orders,
                 100 * (o->worst_s - o->best_s) / o->file_s);
}

void words_add_jobs(struct str *text, const struct scenario *s)
{
    const struct allocation *a = &s->allocation;
    size_t pilots = platform_pilots(s->platform);
    if (pilots > 1)
        str_addf(text, ", %zu jobs side by side", pilots);
    if (a->jobs > 1)
        str_addf(text, pilots > 1 ? ", each at most %d times" : ", at most %d jobs", a->jobs);
    if (!a->wait)
        return;
    double mean_s = queue_wait_mean(a->wait);
    str_addf(text, "%s waiting ", a->jobs > 1 || pilots > 1 ? ", each" : ", a job");
    if (isnan(mean_s))
        str_add(text, "in the queue as past jobs did");
    else
        str_addf(text, "%.6g s in the queue%s", mean_s,
                 queue_wait_is_random(a->wait) ? " on average" : "");
}
