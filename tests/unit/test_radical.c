/* RADICAL-Pilot's scheduler through the dispatch contract. */
#include <string.h>

#include "num/rng.h"
#include "scheduling/bisection.h"
#include "scheduling/radical.h"
#include "scheduling/dispatch.h"
#include "tests/support/unit.h"

enum { MOST_SETS = 12, MOST_NODES = 6, MOST_TASKS = 4000 };

static struct node_shape shape;
static uint16_t shape_of[MOST_NODES];
static struct task_set sets[MOST_SETS];
static struct task_traits traits[MOST_SETS];
static char name[] = "node";

static struct platform nodes(size_t n, int slots, int gpus)
{
    shape = (struct node_shape){ .name = name, .cores = slots, .threads_per_core = 1,
                                 .n_slots = slots, .n_gpus = gpus };
    return (struct platform){ .name = name, .n_shapes = 1, .shapes = &shape, .n_nodes = n,
                              .shape_of = shape_of };
}

static struct workflow workflow_of(const struct demand *demands, size_t n, uint32_t tasks_each)
{
    for (size_t i = 0; i < n; i++) {
        traits[i] = (struct task_traits){ .demand = demands[i] };
        sets[i] = (struct task_set){ .name = name, .n_tasks = tasks_each, .traits = &traits[i] };
        sets[i].first_task = (uint32_t)i * tasks_each;
    }
    return (struct workflow){ .name = name, .n_sets = n, .sets = sets,
                              .n_tasks = (uint32_t)n * tasks_each };
}

static struct dispatch *radical(const struct workflow *w, const struct platform *p,
                                const char *generation)
{
    struct error err = { 0 };
    struct scheduler_options o = { .scheduler = "radical", .generation = generation };
    struct dispatch *d = dispatch_new(w, p, &o, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    return d;
}

static const struct decision *pass(struct dispatch *d, size_t *n, bool *retry)
{
    return dispatch_pass(d, 0, n, retry);
}

/* Sets of one core each are a10 .. j1 of the worked sequence; set 10 fills the node first. */
static void is_one(const struct decision *got, size_t n, uint32_t set, uint32_t task)
{
    unit_must_be(n, ==, 1);
    unit_must_be(got[0].set, ==, set);
    unit_must_be(got[0].task, ==, task);
}

static void follows_the_worked_sequence(void)
{
    struct demand demands[11];
    for (int i = 0; i < 10; i++)
        demands[i] = (struct demand){ .ranks = 1, .cores = 10 - i };
    demands[10] = (struct demand){ .ranks = 1, .cores = 12 };
    struct platform p = nodes(1, 12, 0);
    struct workflow w = workflow_of(demands, 11, 1);
    struct dispatch *d = radical(&w, &p, "1.9");
    size_t n;
    bool retry;
    dispatch_ready(d, 10, 0, 1, 0);
    uint32_t filler = pass(d, &n, &retry)[0].grant;
    unit_is(n, ==, 1);
    CU_ASSERT_FALSE(retry);
    for (uint32_t s = 0; s < 10; s++)
        dispatch_ready(d, s, 0, 1, 0);
    pass(d, &n, &retry);
    unit_is(n, ==, 0);
    CU_ASSERT(retry);
    unit_is(dispatch_waiting(d), ==, 10);
    dispatch_freed(d, filler);
    const struct decision *got = pass(d, &n, &retry);
    static const uint32_t smallest_first[] = { 9, 8, 7, 6 };
    unit_must_be(n, ==, 4);
    for (size_t i = 0; i < 4; i++)
        unit_is(got[i].set, ==, smallest_first[i]);
    unit_is(dispatch_cancel_waiting(d), ==, 6);
    unit_is(dispatch_waiting(d), ==, 0);
    pass(d, &n, &retry);
    unit_is(n, ==, 0);
    CU_ASSERT_FALSE(retry);
    dispatch_free(d);
}

static void tasks_of_more_ranks_come_in_first(void)
{
    const struct demand demands[] = { { .ranks = 1, .cores = 8 },
                                      { .ranks = 3, .cores = 1, .one_node = true },
                                      { .ranks = 2, .cores = 4, .one_node = true } };
    struct platform p = nodes(1, 20, 0);
    struct workflow w = workflow_of(demands, 3, 2);
    struct dispatch *d = radical(&w, &p, "1.4");
    size_t n;
    for (uint32_t s = 0; s < 3; s++)
        dispatch_ready(d, s, 0, 1, 0);
    const struct decision *got = pass(d, &n, NULL);
    unit_must_be(n, ==, 3);
    unit_is(got[0].set, ==, 1);
    unit_is(got[1].set, ==, 2);
    unit_is(got[2].set, ==, 0);
    dispatch_free(d);
}

/* Size of 1.33: tasks without GPUs have none, so they are the small end; before, they are sorted by
 * what they hold. */
static void generations_differ_by_what_they_call_large(void)
{
    const struct demand demands[] = { { .ranks = 1, .cores = 9 },
                                      { .ranks = 1, .cores = 2, .gpus = 1 },
                                      { .ranks = 1, .cores = 10 } };
    static const struct {
        const char *generation;
        uint32_t first;
    } cases[] = { { "1.9.2", 1 }, { "1.33", 0 } };
    for (size_t c = 0; c < 2; c++) {
        struct platform p = nodes(1, 10, 2);
        struct workflow w = workflow_of(demands, 3, 1);
        struct dispatch *d = radical(&w, &p, cases[c].generation);
        size_t n;
        dispatch_ready(d, 2, 0, 1, 0);
        uint32_t filler = pass(d, &n, NULL)[0].grant;
        dispatch_ready(d, 0, 0, 1, 0);
        dispatch_ready(d, 1, 0, 1, 0);
        pass(d, &n, NULL);
        dispatch_freed(d, filler);
        const struct decision *got = pass(d, &n, NULL);
        unit_must_be(n, ==, 1);
        unit_is(got[0].set, ==, cases[c].first);
        dispatch_free(d);
    }
}

static void old_ones_serve_first_come_and_a_head_blocks(void)
{
    const struct demand demands[] = { { .ranks = 1, .cores = 7 }, { .ranks = 1, .cores = 2 } };
    struct platform p = nodes(2, 10, 0);
    struct workflow w = workflow_of(demands, 2, 20);
    struct dispatch *d = radical(&w, &p, "0.70");
    size_t n;
    bool retry;
    dispatch_ready(d, 0, 0, 4, 0);
    const struct decision *got = pass(d, &n, &retry);
    unit_must_be(n, ==, 2);
    CU_ASSERT_FALSE_FATAL(retry);
    uint32_t grants[] = { got[0].grant, got[1].grant };
    /* 3 slots are left on each node: two come in past the pool, one waits behind it */
    dispatch_ready(d, 1, 0, 3, 0);
    got = pass(d, &n, &retry);
    unit_must_be(n, ==, 2);
    unit_must_be(got[0].set, ==, 1);
    unit_is(pool_grant_part(dispatch_pool(d), got[0].grant).node, ==, 0);
    unit_is(pool_grant_part(dispatch_pool(d), got[1].grant).node, ==, 1);
    /* 3 slots on node 0: enough for the last, not for the head */
    dispatch_freed(d, got[0].grant);
    pass(d, &n, &retry);
    unit_is(n, ==, 0);
    unit_is(dispatch_waiting(d), ==, 3);
    dispatch_freed(d, grants[0]);
    got = pass(d, &n, &retry);
    is_one(got, n, 0, 2);
    dispatch_free(d);
}

/* The same, but who does not fit lets others pass, in order of arrival. */
static void later_old_ones_let_others_pass(void)
{
    const struct demand demands[] = { { .ranks = 1, .cores = 7 }, { .ranks = 1, .cores = 2 },
                                      { .ranks = 1, .cores = 3 } };
    struct platform p = nodes(1, 10, 0);
    struct workflow w = workflow_of(demands, 3, 30);
    struct dispatch *d = radical(&w, &p, "0.73");
    size_t n;
    bool retry;
    dispatch_ready(d, 0, 0, 3, 0);
    uint32_t large = pass(d, &n, &retry)[0].grant;
    dispatch_ready(d, 2, 0, 2, 0);               /* one of them fills the node */
    dispatch_ready(d, 1, 0, 2, 0);
    const struct decision *got = pass(d, &n, &retry);
    is_one(got, n, 2, 0);
    unit_must_be(dispatch_waiting(d), ==, 5);
    /* 3 slots: not for 7, but for the 3 that came in before the 2s */
    dispatch_freed(d, got[0].grant);
    got = pass(d, &n, &retry);
    is_one(got, n, 2, 1);
    CU_ASSERT_FALSE(retry);
    /* 7 slots: the oldest has them, and nothing is left for the others */
    dispatch_freed(d, large);
    got = pass(d, &n, &retry);
    is_one(got, n, 0, 1);
    unit_is(dispatch_waiting(d), ==, 3);
    CU_ASSERT_STRING_EQUAL(radical_generation("0.73.1"), "0.73");
    CU_ASSERT_STRING_EQUAL(radical_generation("0.72.2"), "0.70");
    CU_ASSERT_FALSE(radical_polls("0.73"));
    CU_ASSERT(radical_polls("0.90"));
    CU_ASSERT(radical_polls("1.33"));
    dispatch_free(d);
}

/* The loop on plain arrays and plain numbers: single-node tasks, pool sorted anew in each turn. */
struct plain_task { uint32_t set, task; };
struct plain {
    int slots[MOST_NODES], gpus[MOST_NODES];
    size_t n_nodes, n_pool, n_in, n_freed, n_done;
    uint32_t pointer;
    struct plain_task pool[MOST_TASKS], next[MOST_TASKS], in[MOST_TASKS], done[MOST_TASKS];
    uint32_t node_of[MOST_SETS][MOST_TASKS / MOST_SETS];
    struct plain_task freed[MOST_TASKS];
    bool looks, product;
};

static double size_of(const struct plain *p, uint32_t set)
{
    const struct demand *d = &sets[set].traits->demand;
    return p->product ? (double)d->ranks * d->gpus * d->cores
                      : (double)(d->ranks + d->gpus) * d->cores;
}

static bool plain_place(struct plain *p, struct plain_task t)
{
    const struct demand *d = &sets[t.set].traits->demand;
    for (uint32_t i = 0; i < p->n_nodes; i++) {
        uint32_t node = (p->pointer + i) % (uint32_t)p->n_nodes;
        if (p->slots[node] < d->ranks * d->cores || p->gpus[node] < d->ranks * d->gpus)
            continue;
        p->slots[node] -= d->ranks * d->cores;
        p->gpus[node] -= d->ranks * d->gpus;
        p->pointer = p->node_of[t.set][t.task] = node;
        p->done[p->n_done++] = t;
        return true;
    }
    return false;
}

static bool plain_try(void *user, size_t i)
{
    struct plain *p = user;
    return plain_place(p, p->pool[i]);
}

static void sort(struct plain_task *tasks, size_t n, const struct plain *p, bool by_ranks)
{
    for (size_t i = 1; i < n; i++) {
        struct plain_task t = tasks[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct plain_task *before = &tasks[at - 1];
            bool larger =
                by_ranks ? sets[before->set].traits->demand.ranks < sets[t.set].traits->demand.ranks
                         : size_of(p, before->set) < size_of(p, t.set);
            if (!larger)
                break;
            tasks[at] = *before;
        }
        tasks[at] = t;
    }
}

static bool plain_try_pool(struct plain *p, struct bisection *b)
{
    size_t n = 0;
    sort(p->pool, p->n_pool, p, false);
    bisection_run(b, p->n_pool, plain_try, p);
    for (size_t i = 0; i < b->n_refused; i++)
        for (size_t at = b->refused[i].high + 1; at-- > b->refused[i].low;)
            p->next[n++] = p->pool[at];
    memcpy(p->pool, p->next, n * sizeof *p->next);
    bool moved = n < p->n_pool;
    p->n_pool = n;
    return moved;
}

static bool plain_turn(struct plain *p, struct bisection *b)
{
    bool moved = false, left = false, refused = false;
    if (p->looks) {
        moved = plain_try_pool(p, b);
        left = p->n_pool > 0;
    }
    moved |= p->n_in > 0 || p->n_freed > 0;
    sort(p->in, p->n_in, p, true);
    for (size_t i = 0; i < p->n_in; i++)
        if (!plain_place(p, p->in[i])) {
            p->pool[p->n_pool++] = p->in[i];
            refused = true;
        }
    p->looks &= !(left && refused);
    p->looks |= p->n_freed > 0;
    for (size_t i = 0; i < p->n_freed; i++) {
        const struct demand *d = &sets[p->freed[i].set].traits->demand;
        uint32_t node = p->node_of[p->freed[i].set][p->freed[i].task];
        p->slots[node] += d->ranks * d->cores;
        p->gpus[node] += d->ranks * d->gpus;
    }
    p->n_in = p->n_freed = 0;
    return moved;
}

struct running { struct plain_task task; uint32_t grant; };

static void compare_pass(struct dispatch *d, struct plain *p, struct bisection *b,
                         struct running *running, size_t *n_running)
{
    size_t n;
    bool retry;
    const struct decision *got = dispatch_pass(d, 0, &n, &retry);
    p->n_done = 0;
    while (plain_turn(p, b))
        continue;
    unit_must_be(n, ==, p->n_done);
    unit_must_be(retry, ==, (p->looks && p->n_pool > 0));
    for (size_t i = 0; i < n; i++) {
        unit_must_be(got[i].set, ==, p->done[i].set);
        unit_must_be(got[i].task, ==, p->done[i].task);
        unit_must_be(pool_grant_part(dispatch_pool(d), got[i].grant).node, ==,
                     p->node_of[got[i].set][got[i].task]);
        running[(*n_running)++] = (struct running){ p->done[i], got[i].grant };
    }
}

static void compare_runs(const struct demand *demands, size_t n_sets, const char *generation,
                         bool product, uint32_t seed)
{
    static struct plain p;
    static struct running running[MOST_TASKS];
    struct platform platform = nodes(5, 40, 4);
    struct workflow w = workflow_of(demands, n_sets, MOST_TASKS / MOST_SETS);
    struct dispatch *d = radical(&w, &platform, generation);
    struct bisection b = { 0 };
    struct rng_stream stream = rng_stream(seed, 0, RNG_TEST, 0);
    uint32_t next_task[MOST_SETS] = { 0 };
    size_t n_running = 0;
    p = (struct plain){ .n_nodes = 5, .looks = true, .product = product };
    for (size_t i = 0; i < 5; i++) {
        p.slots[i] = 40;
        p.gpus[i] = 4;
    }
    for (uint32_t step = 0; step < 1000; step++) {
        uint32_t s = (uint32_t)(rng_uniform(&stream, step, 0) * (double)n_sets);
        uint32_t count = (uint32_t)(rng_uniform(&stream, step, 1) * 12);
        if (step % 7 == 0 && p.n_pool < 120 && next_task[s] + count < sets[s].n_tasks) {
            dispatch_ready(d, s, next_task[s], count, 0);
            for (uint32_t i = 0; i < count; i++)
                p.in[p.n_in++] = (struct plain_task){ s, next_task[s]++ };
        }
        while (n_running > 0 && rng_uniform(&stream, step, 2 + (uint32_t)n_running) < 0.2) {
            size_t which = (size_t)(rng_uniform(&stream, step, 1000 + (uint32_t)n_running) *
                                    (double)n_running);
            dispatch_freed(d, running[which].grant);
            p.freed[p.n_freed++] = running[which].task;
            running[which] = running[--n_running];
        }
        compare_pass(d, &p, &b, running, &n_running);
    }
    bisection_clear(&b);
    dispatch_free(d);
}

static void agrees_with_a_plain_loop(void)
{
    const struct demand distinct[] = { { .ranks = 1, .cores = 4 },
                                       { .ranks = 1, .cores = 16, .gpus = 1 },
                                       { .ranks = 1, .cores = 39 },
                                       { .ranks = 3, .cores = 7, .one_node = true },
                                       { .ranks = 1, .cores = 1, .gpus = 4 } };
    const struct demand alike[] = { { .ranks = 1, .cores = 8 },
                                    { .ranks = 2, .cores = 4, .one_node = true },
                                    { .ranks = 1, .cores = 4, .gpus = 1 },
                                    { .ranks = 1, .cores = 2, .gpus = 3 },
                                    { .ranks = 8, .cores = 1, .one_node = true },
                                    { .ranks = 1, .cores = 40 } };
    for (uint32_t seed = 0; seed < 4; seed++) {
        compare_runs(distinct, 5, "1.9", false, seed);
        compare_runs(alike, 6, "1.4", false, seed);
        compare_runs(distinct, 5, "1.33", true, seed);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(follows_the_worked_sequence), UNIT_TEST(tasks_of_more_ranks_come_in_first),
        UNIT_TEST(generations_differ_by_what_they_call_large),
        UNIT_TEST(old_ones_serve_first_come_and_a_head_blocks),
        UNIT_TEST(later_old_ones_let_others_pass),
        UNIT_TEST(agrees_with_a_plain_loop),
        { NULL, NULL },
    };
    return unit_run("radical", tests);
}
