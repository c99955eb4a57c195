/* tests/oracle/plain_decisions.c - every order, rule of overtaking and placement decides as the
 * plain scheduler does.
 *
 * plain_decisions FIRST COUNT: scenarios FIRST .. FIRST + COUNT - 1. Each has unlike nodes (a
 * dozen, every twentieth up to 120), drained ones among them, few or many demands of cores, GPUs,
 * shares of GPUs, memory and ranks, durations that differ within a demand, arrivals over time, and
 * ends earlier and later than expected. After each instant the decisions must be equal: tasks in
 * order, nodes, slots, GPUs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>


#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/dispatch.h"
#include "tests/oracle/plain_scheduler.h"
#include "tests/oracle/range.h"
#include "tests/support/given.h"

enum { STEPS = 60, MOST_RUNNING = 4096 };

struct pair { struct plain_start *plain; uint32_t grant; double end_s; };

struct world {
    uint64_t number;
    const struct workflow *workflow;
    struct dispatch *dispatch;
    struct plain_scheduler *plain;
    uint32_t *arrived;                   /* by set */
    struct pair running[MOST_RUNNING];
    size_t n_running;
    unsigned long decisions, looks, left_out;
};
struct tally { unsigned long decisions, looks, left_out; };

/* Of many nodes, on which much waits from the start. */
static bool is_large(uint64_t number)
{
    return number % 20 == 19;
}

static struct platform *unlike_nodes(uint64_t number)
{
    struct str text = { 0 };
    str_add(&text, "{'name': 'p', 'nodes': [");
    int shapes = given_choice(number, 1, 1, 4), most = is_large(number) ? 30 : 3,
        most_cores = is_large(number) ? 8 : 20;
    for (int s = 0; s < shapes; s++) {
        uint64_t at = 10 + 5 * (uint64_t)s;
        str_addf(&text, "%s{'count': %d, 'cores': %d, 'gpus': %d", s > 0 ? ", " : "",
                 given_choice(number, at, 1, most),
                 given_choice(number, at + 1, 2, most_cores),
                 given_choice(number, at + 2, 0, 4));
        if (given_choice(number, at + 3, 0, 3) > 0)
            str_addf(&text, ", 'memory_mib': %d", given_choice(number, at + 4, 32, 160));
        str_add(&text, "}");
    }
    str_add(&text, "]}");
    struct platform *p = given_platform(text.text);
    str_clear(&text);
    return p;
}

static struct demand any_demand(uint64_t number, uint64_t at)
{
    struct demand d = { .ranks = 1, .cores = given_choice(number, at, 1, 8),
                        .memory_mib = given_choice(number, at + 1, 0, 50) };
    int kind = given_choice(number, at + 2, 0, 9);
    if (kind >= 4 && kind <= 6)
        d.gpus = given_choice(number, at + 3, 1, 2);
    if (kind == 7)
        d.gpu_share = 100000 * given_choice(number, at + 3, 1, 9);
    if (kind >= 8) {
        d.ranks = given_choice(number, at + 3, 2, 5);
        d.one_node = kind == 9;
        d.cores = given_choice(number, at, 1, 3);
        d.gpus = given_choice(number, at + 4, 0, 1);
        d.gpu_share = d.gpus > 0 ? 0 : 250000 * given_choice(number, at + 5, 0, 2);
        d.memory_mib /= 4;
    }
    return d;
}

static double any_duration(uint64_t number, uint64_t at)
{
    return given_choice(number, at, 1, 40) / 4.0;
}

static struct workflow *any_work(uint64_t number, const struct platform *p)
{
    struct error err = { "" };
    size_t n = (size_t)given_choice(number, 2, 2, number % 2 ? 120 : 8);
    struct workflow *w = workflow_new("w", n);
    for (size_t s = 0; s < n; s++) {
        struct task_set *set = &w->sets[s];
        uint64_t at = 1000 + 100 * s;
        struct slot_demand slots;
        do {
            task_traits_own(set)->demand = any_demand(number, at);
            slots = platform_slots(p, &set->traits->demand);
            at += 7;
        } while (platform_capacity(p, &slots) == 0);
        free(set->name);
        set->name = str_format("s%zu", s);
        set->n_tasks = (uint32_t)given_choice(number, at + 1, 1, n > 8 ? 4 : 60);
        set->priority = given_choice(number, at + 2, 0, 2);
        set->duration = dist_constant(any_duration(number, at + 3));
        if (given_choice(number, at + 4, 0, 2) > 0)
            continue;
        set->durations = xcalloc(set->n_tasks, sizeof *set->durations);
        for (uint32_t t = 0; t < set->n_tasks; t++)
            set->durations[t] = any_duration(number, 100000 + 1000 * s + t);
    }
    if (workflow_finish(w, &err) != 0) {
        printf("%s\n", err.text);
        exit(2);
    }
    return w;
}

static bool same_parts(const struct pool *pool, uint32_t grant, const struct plain_start *s)
{
    struct grant_walk walk = { grant, 0 };
    struct grant_part part;
    for (size_t i = 0; i < s->n_parts; i++) {
        if (!pool_next_node(pool, &walk, &part))
            return false;
        if (part.node != s->parts[i].node || part.n_slots != s->parts[i].slots ||
            part.gpus != s->parts[i].gpus)
            return false;
    }
    return walk.grant == POOL_NONE;
}

static bool pass_agrees(struct world *w, uint64_t step, double now_s)
{
    size_t n, n_plain;
    const struct decision *got = dispatch_pass(w->dispatch, now_s, &n, NULL);
    struct plain_start **want = plain_pass(w->plain, now_s, &n_plain);
    for (size_t i = 0; i < n_plain; i++) {
        if (i >= n || got[i].set != want[i]->set || got[i].task != want[i]->task ||
            !same_parts(dispatch_pool(w->dispatch), got[i].grant, want[i])) {
            printf("at %g s, decision %zu of %zu: expected task %u.%u on node %u", now_s, i,
                   n_plain, want[i]->set, want[i]->task, want[i]->parts[0].node);
            if (i < n)
                printf(", got %u.%u on node %u", got[i].set, got[i].task,
                       pool_grant_part(dispatch_pool(w->dispatch), got[i].grant).node);
            printf("\n");
            return false;
        }
        /* a half, one and a half, or as expected */
        int pace = given_choice(w->number, 500000 + 1000 * step + i, 0, 5);
        double lasts_s = (want[i]->end_s - now_s) * (pace == 0 ? 0.5 : pace == 1 ? 1.5 : 1);
        w->running[w->n_running++] = (struct pair){ want[i], got[i].grant, now_s + lasts_s };
    }
    if (n > n_plain)
        printf("at %g s: got task %u.%u besides\n", now_s, got[n_plain].set, got[n_plain].task);
    w->decisions += n;
    return n == n_plain;
}

static void end_until(struct world *w, double now_s)
{
    for (size_t i = 0; i < w->n_running;) {
        if (w->running[i].end_s > now_s) {
            i++;
            continue;
        }
        dispatch_freed(w->dispatch, w->running[i].grant);
        plain_freed(w->plain, w->running[i].plain);
        w->running[i] = w->running[--w->n_running];
    }
}

static void arrive(struct world *w, uint64_t step)
{
    uint64_t at_first = is_large(w->number) ? 100 : 8;
    for (uint64_t k = 0; k < (step == 0 ? at_first : 3); k++) {
        uint64_t at = 200000 + 1000 * step + 2 * k;
        uint32_t set = (uint32_t)given_choice(w->number, at, 0, (int)w->workflow->n_sets - 1);
        uint32_t left = w->workflow->sets[set].n_tasks - w->arrived[set];
        if (left == 0)
            continue;
        uint32_t count = (uint32_t)given_choice(w->number, at + 1, 1, (int)left);
        dispatch_ready(w->dispatch, set, w->arrived[set], count, 0);
        plain_ready(w->plain, set, w->arrived[set], count);
        w->arrived[set] += count;
    }
}

static void maybe_drain(struct world *w, uint64_t step, size_t n_nodes)
{
    if (n_nodes < 3 || step % 25 != 24)
        return;
    uint32_t node = (uint32_t)given_choice(w->number, 400000 + step, 0, (int)n_nodes - 1);
    dispatch_drain_node(w->dispatch, node);
    plain_drain(w->plain, node);
}

/* The plain one looks every so many seconds; the other only when it has said so: else there must be
 * nothing to find. */
static bool looks_agree(struct world *w, uint64_t step, double every_s, double from_s, double to_s)
{
    double look_s = (floor(from_s / every_s) + 1) * every_s;
    for (; look_s < to_s; look_s += every_s) {
        bool asked = dispatch_look_s(w->dispatch) == look_s;
        size_t n_plain = 0;
        w->looks += asked;
        w->left_out += !asked;
        if (asked && !pass_agrees(w, step, look_s))
            return false;
        if (!asked)
            plain_pass(w->plain, look_s, &n_plain);
        if (n_plain > 0) {
            printf("the look at %g s was left out, and would have started %zu\n", look_s, n_plain);
            return false;
        }
    }
    return true;
}

static bool agrees(uint64_t number, const struct workflow *workflow, const struct platform *p,
                   const struct scheduler_options *o, struct tally *t)
{
    struct error err = { "" };
    struct world *w = xcalloc(1, sizeof *w);
    *w = (struct world){ .number = number,
                         .workflow = workflow,
                         .dispatch = dispatch_new(workflow, p, o, &err),
                         .plain = plain_new(workflow, p, o),
                         .arrived = xcalloc(workflow->n_sets, sizeof *w->arrived) };
    bool ok = true;
    double now_s = 0;
    for (uint64_t step = 0; ok && step < STEPS; step++) {
        end_until(w, now_s);
        arrive(w, step);
        maybe_drain(w, step, p->n_nodes);
        ok = pass_agrees(w, step, now_s);
        double next_s = now_s + given_choice(number, 300000 + step, 0, 8) / 4.0;
        if (ok && o->overtake_every.s > 0)
            ok = looks_agree(w, step, o->overtake_every.s, now_s, next_s);
        now_s = next_s;
    }
    if (!ok)
        printf("scenario %llu: %s, %s every %g s, %s\n", (unsigned long long)number, o->order,
               o->overtake, o->overtake_every.s, o->placement);
    t->decisions += w->decisions;
    t->looks += w->looks;
    t->left_out += w->left_out;
    dispatch_free(w->dispatch);
    plain_free(w->plain);
    free(w->arrived);
    free(w);
    return ok;
}

/* Of the 9 x 4 x 6 triples each scenario takes every fifth, from its number on: at each
 * change, and every 0.75, 2 or 8 s. */
static unsigned long check(uint64_t number, struct tally *t)
{
    struct platform *p = unlike_nodes(number);
    struct workflow *w = any_work(number, p);
    struct setting_name order, overtake, placement;
    static const double every_s[] = { 0.75, 2, 8 };
    unsigned long wrong = 0, triple = number;
    for (size_t i = 0; dispatch_order_at(i, &order); i++)
        for (size_t k = 0; dispatch_overtake_at(k, &overtake); k++)
            for (size_t m = 0; dispatch_placement_at(m, &placement); m++) {
                struct scheduler_options o = { .order = order.name, .overtake = overtake.name,
                                               .placement = placement.name };
                if (triple++ % 5 != 0)
                    continue;
                wrong += !agrees(number, w, p, &o, t);
                o.overtake_every = (struct overtake_every){ true, every_s[triple % 3] };
                wrong += !agrees(number, w, p, &o, t);
            }
    workflow_free(w);
    platform_free(p);
    return wrong;
}

int main(int argc, char **argv)
{
    struct oracle_range range;
    if (!oracle_range(argc, argv, "plain_decisions", &range))
        return 2;
    unsigned long wrong = 0;
    struct tally t = { 0 };
    for (uint64_t number = range.first; number < range.end; number++)
        wrong += check(number, &t);
    printf("%llu scenarios, %lu decisions, %lu looks and %lu left out, %lu runs that "
           "decided otherwise\n",
           (unsigned long long)(range.end - range.first), t.decisions, t.looks, t.left_out, wrong);
    return wrong > 0 || t.decisions == 0 || t.looks == 0 || t.left_out == 0;
}
