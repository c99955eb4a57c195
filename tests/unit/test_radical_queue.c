/* RADICAL-Pilot's scheduler before 0.90 among many demands, which an index goes through. */
#include "num/rng.h"
#include "scheduling/dispatch.h"
#include "tests/support/unit.h"

enum { USED = 6, MOST_SETS = 40, TASKS = 100, NODES = 3, SLOTS = 48, ROUNDS = 400 };

static struct task_set sets[MOST_SETS];
static struct task_traits traits[MOST_SETS];
static char name[] = "x";

/* Sets beyond those used never come in; their demands are others. */
static struct workflow workflow_of(size_t n_sets)
{
    static const int cores[USED] = { 2, 3, 5, 7, 11, 13 };
    for (size_t i = 0; i < n_sets; i++) {
        int ranks = i == 3 ? 12 : 1;             /* over nodes */
        traits[i].demand = (struct demand){ .ranks = ranks, .cores = cores[i % USED] };
        if (i >= USED)
            traits[i].demand = (struct demand){ .ranks = 1, .cores = 14 + (int)(i - USED) };
        sets[i] = (struct task_set){ .name = name, .n_tasks = TASKS, .traits = &traits[i],
                                     .first_task = (uint32_t)i * TASKS };
    }
    return (struct workflow){ .name = name, .n_sets = n_sets, .sets = sets,
                              .n_tasks = (uint32_t)n_sets * TASKS };
}

struct placed { uint32_t set, task, node, round; };

/* What a session of random arrivals and ends decides; returns how many were placed. */
static size_t run(size_t n_sets, const char *generation, struct placed *out)
{
    static uint16_t shape_of[NODES];
    struct node_shape shape = { .name = name, .cores = SLOTS, .threads_per_core = 1,
                                .n_slots = SLOTS };
    struct platform p = { .name = name, .n_shapes = 1, .shapes = &shape, .n_nodes = NODES,
                          .shape_of = shape_of };
    struct workflow w = workflow_of(n_sets);
    struct scheduler_options o = { .scheduler = "radical", .generation = generation };
    struct dispatch *d = dispatch_new(&w, &p, &o, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(d);
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 0);
    uint32_t come[USED] = { 0 }, grants[USED * TASKS];
    size_t n_placed = 0, n_running = 0, n;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t set = (uint32_t)(rng_uniform(&stream, i, 0) * USED),
                 count = (uint32_t)(rng_uniform(&stream, i, 1) * 4);
        if (come[set] + count <= TASKS)
            dispatch_ready(d, set, come[set], count, 0);
        come[set] += come[set] + count <= TASKS ? count : 0;
        if (n_running > 0) {
            size_t ended = (size_t)(rng_uniform(&stream, i, 2) * (double)n_running);
            dispatch_freed(d, grants[ended]);
            grants[ended] = grants[--n_running];
        }
        const struct decision *got = dispatch_pass(d, 0, &n, NULL);
        for (size_t k = 0; k < n; k++) {
            grants[n_running++] = got[k].grant;
            uint32_t node = pool_grant_node(dispatch_pool(d), got[k].grant);
            out[n_placed++] = (struct placed){ got[k].set, got[k].task, node, i };
        }
    }
    dispatch_free(d);
    return n_placed;
}

static void decides_alike_among_many_demands(void)
{
    static const char *const generations[] = { "0.70", "0.73" };
    static struct placed few[USED * TASKS], many[USED * TASKS];
    for (size_t g = 0; g < 2; g++) {
        size_t n = run(USED, generations[g], few);
        unit_must_be(n, >, 100);
        unit_must_be(run(MOST_SETS, generations[g], many), ==, n);
        for (size_t i = 0; i < n; i++) {
            unit_must_be(many[i].set, ==, few[i].set);
            unit_must_be(many[i].task, ==, few[i].task);
            unit_must_be(many[i].node, ==, few[i].node);
            unit_must_be(many[i].round, ==, few[i].round);
        }
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(decides_alike_among_many_demands),
        { NULL, NULL },
    };
    return unit_run("radical_queue", tests);
}
