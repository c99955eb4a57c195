#include "model/critical_path.h"

#include <math.h>
#include <stdlib.h>

#include "core/longest_path.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static double length(const struct workflow *w, enum mode mode, const struct durations *d,
                     double slope)
{
    struct critical_path *c = critical_path_new(w, mode);
    double length_s = critical_path_length(c, d, slope);
    critical_path_free(c);
    return length_s;
}

/* a -> b, a -> c -> d: lengths by hand. */
static void barriers_lengthen_the_path(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': ["
                       "{'name': 'a', 'tasks': 2, 'cores': 1, 'duration': 3.5},"
                       "{'name': 'b', 'tasks': 1, 'cores': 1, 'duration': 20.25, 'after': ['a']},"
                       "{'name': 'c', 'tasks': 1, 'cores': 1, 'duration': 4, 'after': ['a']},"
                       "{'name': 'd', 'tasks': 3, 'cores': 1, 'duration': 5.5, 'after': ['c']}]}");
    CU_ASSERT_EQUAL(length(w, MODE_SEQUENTIAL, NULL, 1), 3.5 + 20.25 + 5.5);
    CU_ASSERT_EQUAL(length(w, MODE_ASYNCHRONOUS, NULL, 1), 3.5 + 20.25);
    unit_alike(length(w, MODE_ASYNCHRONOUS, NULL, 1.5), 1.5 * 23.75, 1e-15);
    workflow_free(w);
}

/* The longest path by the definition, task by task, visiting dependencies again and again until
 * nothing changes. */
static bool must_wait(const struct workflow *w, const struct dependency *d, size_t set,
                      uint32_t from, uint32_t to)
{
    uint32_t parents = w->sets[d->parent].n_tasks, children = w->sets[set].n_tasks;
    bool listed = false;
    for (size_t e = 0; e < d->n_edges; e++)
        listed = listed || (d->edges[2 * e] == from && d->edges[2 * e + 1] == to);
    switch (d->kind) {
    case DEPENDENCY_EACH: return from == to;
    case DEPENDENCY_BLOCK:
        return (uint64_t)from * children / parents == to ||
               (uint64_t)to * parents / children == from;
    case DEPENDENCY_EDGES: return listed;
    default: return true;
    }
}

static double length_by_relaxation(const struct workflow *w, const struct durations *d)
{
    double stop[64] = { 0 }, longest = 0;
    for (size_t s = 0; s < w->n_sets; s++)       /* sets are given after what they depend on */
        for (uint32_t t = 0; t < w->sets[s].n_tasks; t++) {
            double start = 0;
            for (size_t k = 0; k < w->sets[s].n_dependencies; k++) {
                const struct dependency *dep = &w->sets[s].dependencies[k];
                const struct task_set *parent = &w->sets[dep->parent];
                for (uint32_t from = 0; from < parent->n_tasks; from++)
                    if (must_wait(w, dep, s, from, t))
                        start = fmax(start, stop[parent->first_task + from]);
            }
            stop[w->sets[s].first_task + t] = start + durations_at(d, (int)s, t, 0);
            longest = fmax(longest, stop[w->sets[s].first_task + t]);
        }
    return longest;
}

static void follows_dependencies_task_by_task(void)
{
    static const struct given_limits limits = { .max_sets = 8, .max_tasks = 8, .varying = true };
    for (uint64_t number = 0; number < 500; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct durations *d = durations_new(w);
        durations_begin(d, number, 3);
        double asynchronous_s = length(w, MODE_ASYNCHRONOUS, d, 1);
        unit_alike(asynchronous_s, length_by_relaxation(w, d), 1e-12);
        unit_is(asynchronous_s, <=, length(w, MODE_PIPELINED, d, 1) * (1 + 1e-12));
        unit_is(asynchronous_s, <=, length(w, MODE_SEQUENTIAL, d, 1) * (1 + 1e-12));
        durations_free(d);
        workflow_free(w);
    }
}

/* Sequential: the sum over levels of the longest task, from durations drawn one by one. */
static void sequential_is_the_sum_of_the_stages_longest(void)
{
    static const struct given_limits limits = { .max_sets = 8, .max_tasks = 8, .varying = true };
    for (uint64_t number = 0; number < 200; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct durations *d = durations_new(w);
        durations_begin(d, 11, (uint32_t)number);
        int *level = longest_path_levels(w, path_graph_of(w, 0));
        double longest[8] = { 0 }, sum = 0;
        for (size_t s = 0; s < w->n_sets; s++)
            for (uint32_t t = 0; t < w->sets[s].n_tasks; t++)
                longest[level[s]] = fmax(longest[level[s]], durations_at(d, (int)s, t, 0));
        for (int l = 0; l < 8; l++)
            sum += longest[l];
        unit_alike(length(w, MODE_SEQUENTIAL, d, 1), sum, 1e-12);
        free(level);
        durations_free(d);
        workflow_free(w);
    }
}

/* A task that may fail is sure to take only its shortest attempt. A large set goes in blocks, and
 * sums and maxima are those of all. */
static void retries_count_with_the_shortest_attempt(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2500, 'cores': 1, 'retries': 2,"
        " 'failure_probability': 0.25, 'duration': {'distribution': 'exponential', 'mean': 9}}]}");
    struct durations *d = durations_new(w);
    struct critical_path *c = critical_path_new(w, MODE_SEQUENTIAL);
    durations_begin(d, 7, 0);
    double longest = 0, sum = 0;
    for (uint32_t t = 0; t < 2500; t++) {
        double shortest = fmin(durations_at(d, 0, t, 0),
                               fmin(durations_at(d, 0, t, 1), durations_at(d, 0, t, 2)));
        longest = fmax(longest, shortest);
        sum += shortest;
    }
    CU_ASSERT_EQUAL(critical_path_length(c, d, 1), longest);
    CU_ASSERT_EQUAL(critical_path_work(c)[0], sum);
    critical_path_free(c);
    durations_free(d);
    workflow_free(w);
}

/* 3000 tasks with durations t + 0.5, the longest first or last, then one that waits for all, or
 * each for its own. */
static void given_durations_of_a_large_set_are_all_seen(void)
{
    for (int descending = 0; descending < 2; descending++) {
        struct workflow *w = given_workflow(
            "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3000, 'duration': 1}, {'name': "
            "'b', 'duration': "
            "2.25, 'after': ['a']}, {'name': 'c', 'tasks': 3000, 'duration': 7.25, 'after': "
            "[{'set': 'a', 'kind': 'each'}]}]}");
        w->sets[0].durations = malloc(3000 * sizeof *w->sets[0].durations);
        for (int t = 0; t < 3000; t++)
            w->sets[0].durations[t] = (descending ? 2999 - t : t) + 0.5;
        CU_ASSERT_EQUAL(length(w, MODE_SEQUENTIAL, NULL, 1), 2999.5 + 7.25);
        CU_ASSERT_EQUAL(length(w, MODE_ASYNCHRONOUS, NULL, 1), 2999.5 + 7.25);
        w->sets[0].durations[1500] = 5000;
        CU_ASSERT_EQUAL(length(w, MODE_SEQUENTIAL, NULL, 1), 5000 + 7.25);
        workflow_free(w);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(barriers_lengthen_the_path),
        UNIT_TEST(follows_dependencies_task_by_task),
        UNIT_TEST(sequential_is_the_sum_of_the_stages_longest),
        UNIT_TEST(retries_count_with_the_shortest_attempt),
        UNIT_TEST(given_durations_of_a_large_set_are_all_seen),
        { NULL, NULL },
    };
    return unit_run("critical_path", tests);
}
