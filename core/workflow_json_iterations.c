/* Iterations of a workflow's sets: how many, and each as a set of its own. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow_json_impl.h"

static const char *const iteration_fields[] = { "count", "sets", NULL };

enum { MOST_SETS = 2000000 };

/* {"count": n, "sets": [...]}, or a number: all sets. */
static int read_counts(struct reader *r, const struct json *root, struct error *err)
{
    struct json at = json_member(root, "iterations"), sets;
    int64_t count = 1;
    if (!at.value)
        return 0;
    bool whole = cJSON_IsNumber(at.value);
    if (whole && json_as_int(&at, 1, WORKFLOW_MOST_ITERATIONS, &count, err) != 0)
        return -1;
    if (!whole && (json_expect_object(&at, iteration_fields, err) != 0 ||
                   json_need_int(&at, "count", 1, WORKFLOW_MOST_ITERATIONS, &count, err) != 0))
        return -1;
    r->iterations = (int)count;
    if (whole) {
        for (size_t i = 0; i < r->n_written; i++)
            r->written[i].iterations = (int)count;
        return 0;
    }
    sets = json_member(&at, "sets");
    if (json_expect_array(&sets, err) != 0)
        return -1;
    for (struct json e = json_first(&sets); e.value; e = json_next(&e)) {
        const char *name;
        if (json_as_string(&e, &name, err) != 0)
            return -1;
        struct written_set *set = workflow_find_written(r, name);
        if (!set)
            return workflow_no_such_name(&e, "task set", name, r->names, err);
        set->iterations = (int)count;
    }
    return 0;
}

/* A few characters of `iterations` must not fill the memory. */
static int count_sets(const struct reader *r, const struct json *sets, size_t *n, struct error *err)
{
    double values = 0;
    *n = 0;
    for (size_t i = 0; i < r->n_written; i++) {
        size_t times = r->written[i].iterations ? (size_t)r->written[i].iterations : 1;
        *n += times;
        values += (double)times * (double)(times > 1 ? r->written[i].n_values : 1);
    }
    if (*n > MOST_SETS)
        return json_error(sets, err,
                          "with its iterations the workflow has %zu task sets; at most %d are held",
                          *n, MOST_SETS);
    if (values > WORKFLOW_MOST_VALUES)
        return json_error(sets, err,
                          "with its iterations the workflow has %.0f values; at most %d are held",
                          values, WORKFLOW_MOST_VALUES);
    return 0;
}

/* What is written as the name is the label of all iterations. */
static void name_set(struct task_set *set, int iterations, int iteration)
{
    set->iteration = iteration;
    set->label = set->name;
    if (iterations > 1)
        set->name = str_format("%s.%d", set->label, iteration);
}

/* Writes out iterations: `n` sets in all. */
static void repeat_sets(struct reader *r, size_t n)
{
    struct workflow *w = r->workflow;
    struct task_set *all = xcalloc(n, sizeof *all), *to = all;
    for (size_t i = 0; i < r->n_written; i++) {
        struct written_set *written = &r->written[i];
        int times = written->iterations;
        written->first_set = (int)(to - all);
        for (int k = 1; k < times; k++) {
            to[k] = w->sets[i];
            to[k].label = NULL;
            workflow_copy_fields(&to[k]);
        }
        *to = w->sets[i];
        for (int k = 0; k < times; k++)
            name_set(&to[k], times, k + 1);
        to += times > 0 ? times : 1;
    }
    free(w->sets);
    w->sets = all;
    w->n_sets = n;
}

/* Without iterations sets stay where they are. */
static void lay_out(struct reader *r, size_t n_sets)
{
    for (size_t i = 0; i < r->n_written; i++) {
        struct task_set *set = &r->workflow->sets[i];
        r->written[i].first_set = (int)i;
        set->label = set->label ? set->label : set->name;
    }
    if (r->iterations > 0)
        repeat_sets(r, n_sets);
}

int workflow_read_iterations(struct reader *r, const struct json *root, const struct json *sets,
                             struct error *err)
{
    size_t n_sets;
    if (read_counts(r, root, err) != 0 || count_sets(r, sets, &n_sets, err) != 0)
        return -1;
    lay_out(r, n_sets);
    return 0;
}
