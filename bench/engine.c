/* bench/engine.c - rates of the simulator on W1 to W8, beside a bare loop on the same durations in
 * the same run.
 *
 *     bench_engine w6|w8 N [ORDER OVERTAKE]
 *     bench_engine WORKLOAD N [--dump FILE]      one line: tasks/s, of the bare loop, their ratio,
 *                                                peak memory
 *
 * Best of several runs each, in turn, so that a slow moment of the machine strikes both. --dump
 * writes FILE.durations (doubles) and FILE.edges (pairs of uint32 task numbers), of W8 FILE.jobs
 * (pairs of uint32: arrival, nodes), for the peers in bench/peers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <gsl/gsl_errno.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "bench/bare_loop.h"
#include "bench/easy_loop.h"
#include "bench/seconds.h"
#include "bench/workloads.h"
#include "core/durations.h"
#include "sim/simulate.h"

static void draw_all(const struct workload *w, double *x)
{
    struct durations *d = durations_new(w->workflow);
    durations_begin(d, w->scenario.seed, 0);
    for (size_t s = 0; s < w->workflow->n_sets; s++)
        durations_block(d, (int)s, 0, w->workflow->sets[s].n_tasks, 0,
                        x + w->workflow->sets[s].first_task);
    durations_free(d);
}

/* The loop with its draws: it does what the simulator must, and nothing else. */
static double bare(const struct workload *w, double *duration_s, double *makespan_s)
{
    double begun = seconds();
    if (w->name[1] == '8') {
        *makespan_s = easy_loop(w->workflow, W8_NODES);
        return seconds() - begun;
    }
    if (w->name[1] > '3') /* W4's would scan 4,608 nodes for each task, W5 has a middleware */
        return 0;
    draw_all(w, duration_s);
    switch (w->name[1]) {
    case '1': *makespan_s = bare_loop_w1(duration_s, w->workflow->n_tasks, 16 * 42); break;
    case '2':
        *makespan_s = bare_loop_w2(duration_s, w->workflow->n_tasks, w->platform->n_nodes);
        break;
    case '3': *makespan_s = bare_loop_w3(w->workflow, duration_s, 16 * 42); break;
    default: break;
    }
    return seconds() - begun;
}

static FILE *open_dump(const char *stem, const char *kind)
{
    char *path = str_format("%s.%s", stem, kind);
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        exit(2);
    }
    free(path);
    return f;
}

static void close_dump(FILE *f)
{
    if (ferror(f) || fclose(f) != 0) {
        perror("dump");
        exit(2);
    }
}

/* When each job arrives, and on how many nodes it runs. */
static void dump_jobs(const char *stem, const struct workload *w)
{
    FILE *f = open_dump(stem, "jobs");
    for (size_t s = 0; s < w->workflow->n_sets; s++) {
        const struct task_set *set = &w->workflow->sets[s];
        uint32_t pair[2] = { (uint32_t)set->release.time_s, (uint32_t)set->traits->demand.ranks };
        fwrite(pair, sizeof pair, 1, f);
    }
    close_dump(f);
}

static void dump(const char *stem, const struct workload *w, const double *duration_s)
{
    FILE *f = open_dump(stem, "durations");
    fwrite(duration_s, sizeof *duration_s, w->workflow->n_tasks, f);
    close_dump(f);
    if (w->name[1] == '8')
        dump_jobs(stem, w);
    f = open_dump(stem, "edges");
    for (size_t s = 0; s < w->workflow->n_sets; s++)
        for (size_t i = 0; i < w->workflow->sets[s].n_dependencies; i++) {
            const struct dependency *d = &w->workflow->sets[s].dependencies[i];
            for (size_t e = 0; e < d->n_edges; e++) {
                uint32_t pair[2] = { w->workflow->sets[d->parent].first_task + d->edges[2 * e],
                                     w->workflow->sets[s].first_task + d->edges[2 * e + 1] };
                fwrite(pair, sizeof pair, 1, f);
            }
        }
    close_dump(f);
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr,
                "usage: bench_engine w1|w2|w3|w4|w5|w6|w7|w8 N [--dump FILE | ORDER OVERTAKE]\n");
        return 2;
    }
    gsl_set_error_handler_off();
    uint32_t n = (uint32_t)strtoul(argv[2], NULL, 10);
    bool named = argc > 4 && strcmp(argv[3], "--dump") != 0;
    struct workload w = workload_make(argv[1], n, named ? argv[3] : NULL, named ? argv[4] : NULL);
    struct error err = { "" };
    struct simulator *sim = simulator_new(&w.scenario, &err);
    if (!sim) {
        fprintf(stderr, "%s\n", err.text);
        return 2;
    }
    size_t tasks = w.workflow->n_tasks;
    int rounds = argv[1][1] == '6' || argv[1][1] == '8' ? 2
                 : tasks < 200000                       ? 9
                 : tasks < 2000000                      ? 5
                                                        : 3;
    double best = 1e300, best_bare = 1e300, bare_makespan = 0;
    struct replica out;
    long before_kib = 0;
    double *duration_s = NULL;
    for (int i = 0; i < rounds; i++) {
        double begun = seconds();
        simulator_run(sim, 0, NULL, &out);
        double took = seconds() - begun;
        best = took < best ? took : best;
        if (i == 0) {
            before_kib = peak_kib();             /* before the bare loop's array of durations */
            duration_s = xcalloc(tasks, sizeof *duration_s);
        }
        took = bare(&w, duration_s, &bare_makespan);
        best_bare = took < best_bare ? took : best_bare;
    }
    printf("%-3s %9zu tasks  %6.2f M tasks/s", argv[1], tasks, (double)tasks / best / 1e6);
    if (best_bare > 0)
        printf("  bare loop %6.2f  ratio %.2f  makespans %s", (double)tasks / best_bare / 1e6,
               best / best_bare, bare_makespan == out.makespan_s ? "equal" : "differ");
    printf("  %.0f ns/task  peak %ld MiB  makespan %.6f s\n", best / (double)tasks * 1e9,
           before_kib / 1024, out.makespan_s);
    if (argc > 4 && strcmp(argv[3], "--dump") == 0) {
        draw_all(&w, duration_s);
        dump(argv[4], &w, duration_s);
    }
    free(duration_s);
    simulator_free(sim);
    workload_clear(&w);
    return 0;
}
