/* bench/flat.c - time a task as work grows along one axis: rows of CSV for bench/flat.
 *
 *     bench_flat tasks|demands|nodes|sets [MOST [LEAST]]
 *
 * The middle of all axes is 10^6 tasks (demands: 10^5) in 10 sets of 10 demands (cores, memory and
 * GPUs; sets: of one demand, as one set has) on 256 nodes of 48 cores, arrival order with
 * backfilling. Prints axis, value, ns a task, MiB. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "bench/seconds.h"
#include "core/scenario.h"
#include "sim/simulate.h"

enum { ROUNDS = 3 };                     /* at least, and ... */
static const double MEASURED_S = 0.5;    /* ... until this time is over; the best counts */
struct size { size_t tasks, demands, nodes, sets; };

static const struct axis {
    const char *name;
    size_t at;                           /* offset of the member that grows */
    struct size middle;
    size_t values[8];                    /* ended by 0 */
} axes[] = {
    { "tasks", offsetof(struct size, tasks), { 0, 10, 256, 10 },
      { 10000, 100000, 1000000, 10000000 } },
    { "demands", offsetof(struct size, demands), { 100000, 0, 256, 100000 },
      { 10, 100, 1000, 10000, 100000 } },
    { "nodes", offsetof(struct size, nodes), { 1000000, 10, 0, 10 },
      { 16, 160, 1600, 16000, 100000 } },
    { "sets", offsetof(struct size, sets), { 1000000, 1, 256, 0 },
      { 1, 10, 100, 1000, 10000, 100000, 1000000 } },
};

static struct platform *platform_of(size_t nodes)
{
    char *text =
        str_format("{\"name\": \"p\", \"nodes\": [{\"count\": %zu, \"cores\": 48, \"gpus\": 8, "
                   "\"memory_mib\": 1048576}]}",
                   nodes);
    struct json_document *doc = json_parse(text, strlen(text), "bench", NULL);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, NULL);
    assert(p);
    json_free(doc);
    free(text);
    return p;
}

/* Demand d of n: 1 to 16 cores, none to 2 GPUs, memory that no other demand has. */
static struct demand demand_of(size_t d, size_t n)
{
    return (struct demand){ .ranks = 1, .cores = 1 + (int)(d * 7 % 16), .gpus = (int)(d % 3),
                            .memory_mib = 1024 + (int64_t)(d * 7919 % (n < 65536 ? 65536 : n)) };
}

static struct workflow *workflow_of(const struct size *s)
{
    struct workflow *w = workflow_new("flat", s->sets);
    for (size_t i = 0; i < s->sets; i++) {
        struct task_set *set = &w->sets[i];
        set->name = str_format("t%zu", i);
        set->n_tasks = (uint32_t)(s->tasks / s->sets);
        task_traits_own(set)->demand = demand_of(i % s->demands, s->demands);
        set->duration = dist_normal(340, 17);
    }
    if (workflow_finish(w, NULL))
        abort();
    return w;
}

static void measure(const struct axis *axis, size_t value)
{
    struct size size = axis->middle;
    *(size_t *)(void *)((char *)&size + axis->at) = value;
    struct scenario s = { .workflow = workflow_of(&size), .platform = platform_of(size.nodes),
                          .middleware = middleware_ideal(), .mode = MODE_ASYNCHRONOUS, .seed = 1 };
    s.scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 }, s.middleware);
    struct simulator *sim = simulator_new(&s, NULL);
    struct replica out;
    struct rusage usage;
    double best_s = 1e300, sum_s = 0;
    assert(sim);
    for (int i = 0; i < ROUNDS || sum_s < MEASURED_S; i++) {
        double begun_s = seconds();
        simulator_run(sim, 0, NULL, &out);
        double took_s = seconds() - begun_s;
        best_s = took_s < best_s ? took_s : best_s;
        sum_s += took_s;
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("%s,%zu,%.1f,%ld\n", axis->name, value, best_s / (double)s.workflow->n_tasks * 1e9,
           usage.ru_maxrss / 1024);
    fflush(stdout);
}

/* Each size in a process of its own, so that its peak memory is its own. */
static void measure_alone(const struct axis *axis, size_t value)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        measure(axis, value);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
        exit(1);
}

int main(int argc, char **argv)
{
    size_t most = argc > 2 ? strtoul(argv[2], NULL, 10) : SIZE_MAX,
           least = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    gsl_set_error_handler_off();
    for (size_t a = 0; a < sizeof axes / sizeof *axes; a++)
        for (const size_t *v = axes[a].values; argc > 1 && str_equal(argv[1], axes[a].name) && *v;
             v++)
            if (*v >= least && *v <= most)
                measure_alone(&axes[a], *v);
    return 0;
}
