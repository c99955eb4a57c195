/* tests/oracle/streamed_traces.c - Chrome traces and CSVs of simulations, written while they run,
 * beside those written from the same replica's stored timeline: the same bytes. And the trace
 * itself, read by the strict parser, beside what the timeline says of it, worked out task by task:
 * no lane holds two tasks at once, the counters are the curves of core/metrics.h, every arrow is
 * the one of plots/chrome_trace.h.
 *
 * streamed_traces FIRST COUNT: scenarios FIRST .. FIRST + COUNT - 1 in every mode, under two
 * schedulers, to the end and into a walltime. streamed_traces large FIRST COUNT: larger ones, of
 * several pieces; only bytes are compared. streamed_traces memory N: the peak memory of streams of
 * 10000 and of N tasks. */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gsl/gsl_errno.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "plots/chrome_trace.h"
#include "sim/simulate.h"
#include "tests/oracle/random_scenario.h"
#include "tests/oracle/read_trace.h"
#include "tests/support/given.h"
#include "tests/support/known_middleware.h"

struct tally { unsigned long runs, refused, records, arrows, unfinished, shared, violations; };

static void complain(struct tally *t, uint64_t number, const struct scenario *s, const char *what)
{
    printf("scenario %llu, %s, %s, walltime %g s: %s\n", (unsigned long long)number,
           mode_name(s->mode), s->scheduler.scheduler ? s->scheduler.scheduler : s->scheduler.order,
           s->walltime_s, what);
    t->violations++;
}

/* A slice for each core and GPU of each record that ran, and the facts of each. */
static bool every_lane_is_there(const struct trace *r, const struct timeline *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots s;
        bool ran = !isnan(t->records[i].started_s);
        if (ran != (r->first[i].pid != -1) ||
            (ran && r->first[i].from != llround(1e6 * t->records[i].started_s)))
            return false;
        for (bool more = ran && timeline_slots_first(t, i, &s); more;
             more = timeline_slots_next(&s))
            n += s.n_cores + s.n_gpus;
    }
    return n == r->n_slices;
}

static bool counters_are_curves(const struct trace *r, const struct timeline *t)
{
    static const enum curve_kind kinds[] = { CURVE_SLOTS, CURVE_GPUS, CURVE_TASKS };
    bool same = true;
    for (int k = 0; k < 3; k++) {
        struct step_curve c = curve_of(t, kinds[k], -1);
        if (kinds[k] == CURVE_GPUS && platform_gpus(t->platform) == 0)
            same = same && r->n_points[k] == 0;
        else
            same = same && r->n_points[k] == c.n;
        for (size_t i = 0; same && i < r->n_points[k]; i++)
            same = r->points[k][i].at == llround(1e6 * c.time_s[i]) &&
                   fabs(r->points[k][i].value - c.value[i]) <= 1e-8 * c.value[i];
        step_curve_clear(&c);
    }
    return same;
}

static bool waits_for(const struct dependency *d, uint32_t parents, uint32_t children, uint32_t p,
                      uint32_t c)
{
    if (d->kind == DEPENDENCY_ALL)
        return true;
    if (d->kind != DEPENDENCY_EDGES)
        return parents > children ? p / (parents / children) == c : c / (children / parents) == p;
    for (size_t k = 0; k < d->n_edges; k++)
        if (d->edges[2 * k] == p && d->edges[2 * k + 1] == c)
            return true;
    return false;
}

/* The record in which the task was done, or in which it first ran; t->n: none. */
static size_t find_record(const struct timeline *t, uint32_t task, bool done)
{
    size_t found = t->n;
    for (size_t i = 0; i < t->n; i++) {
        if (t->records[i].task != task || isnan(t->records[i].started_s) ||
            (done && t->status[i] != TASK_DONE))
            continue;
        if (found == t->n || timeline_attempt(t, i) < timeline_attempt(t, found))
            found = i;
    }
    return found;
}

/* Of those that task c waits for under the dependency, the one that was done last. */
static size_t last_waited_for(const struct timeline *t, const struct task_set *child,
                              const struct dependency *d, uint32_t c)
{
    const struct task_set *parent = &t->workflow->sets[d->parent];
    size_t last = t->n;
    for (uint32_t p = 0; p < parent->n_tasks; p++) {
        size_t done = waits_for(d, parent->n_tasks, child->n_tasks, p, c)
                          ? find_record(t, parent->first_task + p, true)
                          : t->n;
        if (done < t->n &&
            (last == t->n || t->records[done].stopped_s > t->records[last].stopped_s))
            last = done;
    }
    return last;
}

static bool is_tip(const struct tip *a, int64_t at, const struct slice *lane)
{
    return a->at == at && a->pid == lane->pid && a->tid == lane->tid;
}

/* Arrows are numbered by child, dependency, task; every one that is there is right, and every one
 * that should be is there. */
static const char *check_arrows(const struct trace *r, const struct timeline *t)
{
    size_t begin = 0, end = 0;
    int64_t id = 0;
    for (size_t s = 0; s < t->workflow->n_sets; s++) {
        const struct task_set *child = &t->workflow->sets[s];
        for (size_t k = 0; k < child->n_dependencies * child->n_tasks; k++) {
            uint32_t c = (uint32_t)(k % child->n_tasks);
            size_t from = last_waited_for(t, child, &child->dependencies[k / child->n_tasks], c);
            size_t to = find_record(t, child->first_task + c, false);
            id++;
            bool has_begin = begin < r->n_begins && r->begins[begin].id == id,
                 has_end = end < r->n_ends && r->ends[end].id == id;
            if (has_end != (from < t->n && to < t->n) || (has_end && !has_begin))
                return "an arrow is missing, or one too many";
            if (has_end && !is_tip(&r->ends[end], r->first[to].from, &r->first[to]))
                return "an arrow does not lead to its task's start";
            int64_t leave = has_begin && from < t->n
                                ? r->first[from].to - (r->first[from].to > r->first[from].from)
                                : 0;
            if (has_end && !is_tip(&r->begins[begin], leave, &r->first[from]))
                return "an arrow does not come from the task done last";
            begin += has_begin;
            end += has_end;
        }
    }
    return begin == r->n_begins && end == r->n_ends ? NULL : "an arrow of no dependency";
}

static void check_trace(uint64_t number, const struct scenario *s, const char *path,
                        const struct timeline *t, struct tally *tally)
{
    struct trace r = read_trace(path, t);
    const char *wrong = r.flaw;
    if (!wrong && !lanes_hold_one_at_a_time(&r))
        wrong = "a lane holds two tasks at once";
    if (!wrong && !every_lane_is_there(&r, t))
        wrong = "a slice is missing, or one too many";
    if (!wrong && !counters_are_curves(&r, t))
        wrong = "a counter is not its curve";
    if (!wrong)
        wrong = check_arrows(&r, t);
    if (wrong)
        complain(tally, number, s, wrong);
    for (size_t i = 0; i < r.n_slices; i++)
        tally->shared += r.slices[i].tid >= 3064;
    tally->arrows += r.n_ends;
    tally->unfinished += r.n_begins - r.n_ends;
    clear_trace(&r);
}

struct files { char trace[64], stored_trace[64], csv[64], stored_csv[64]; };
struct sinks { struct chrome_trace *trace; struct timeline_csv *csv; };

static void take(void *context, const struct timeline *piece, size_t n)
{
    const struct sinks *sinks = context;
    chrome_trace_add(sinks->trace, piece, n);
    if (sinks->csv)
        timeline_csv_add(sinks->csv, piece, n);
}

static bool same_bytes(const char *a, const char *b)
{
    size_t size_a = 0, size_b = 1;
    char *x = file_load(a, SIZE_MAX / 2, &size_a, NULL),
         *y = file_load(b, SIZE_MAX / 2, &size_b, NULL);
    bool same = x && y && size_a == size_b && memcmp(x, y, size_a) == 0;
    free(x);
    free(y);
    return same;
}

/* Replica 0, stored in t and as files, then streamed to the others. */
static int write_both(const struct scenario *s, struct simulator *sim, struct timeline *t,
                      const struct files *f, struct error *err)
{
    struct replica r, again;
    simulator_run(sim, 0, t, &r);
    if (chrome_trace_save(t, f->stored_trace, err) || timeline_save_csv(t, f->stored_csv, err))
        return -1;
    struct sinks sinks = { chrome_trace_open(s->workflow, s->platform, f->trace, err), NULL };
    if (!sinks.trace)
        return -1;
    sinks.csv = timeline_csv_open(s->workflow, s->platform, 0, r.session_s, f->csv, err);
    if (!sinks.csv) {
        chrome_trace_abandon(sinks.trace);
        return -1;
    }
    const struct record_sink sink = { take, &sinks };
    simulator_stream(sim, 0, &sink, &again);
    int status = chrome_trace_close(sinks.trace, err);
    return timeline_csv_close(sinks.csv, err) || status ? -1 : 0;
}

static double run_one(uint64_t number, const struct scenario *s, const struct files *f, bool look,
                      struct tally *tally)
{
    struct error err = { "" };
    struct simulator *sim = simulator_new(s, &err);
    if (!sim) {
        tally->refused++;
        return 0;
    }
    struct timeline *t = timeline_new(s->workflow, s->platform);
    tally->runs++;
    if (write_both(s, sim, t, f, &err)) {
        complain(tally, number, s, err.text);
    } else {
        if (!same_bytes(f->trace, f->stored_trace))
            complain(tally, number, s, "the streamed trace is another one");
        if (!same_bytes(f->csv, f->stored_csv))
            complain(tally, number, s, "the streamed CSV is another one");
        if (look)
            check_trace(number, s, f->trace, t, tally);
    }
    double session_s = t->session_end_s;
    tally->records += t->n;
    timeline_free(t);
    simulator_free(sim);
    return session_s;
}

/* In every mode, under dagcast's scheduler and RADICAL's; to the end, then as long as a part of
 * that. */
static void run_all(uint64_t number, struct scenario s, const struct files *f, bool look,
                    struct tally *tally)
{
    for (int m = 0; m < MODES; m++)
        for (int radical = 0; radical < 2; radical++) {
            struct scheduler_options options = { .scheduler = radical ? "radical" : NULL,
                                                 .generation = radical ? "1.33" : NULL };
            s.mode = (enum mode)m;
            s.scheduler = radical ? options : scheduler_options_resolve(&options, s.middleware);
            s.walltime_s = 0;
            s.walltime_s = given_draw(number, (uint64_t)m) * run_one(number, &s, f, look, tally);
            if (s.walltime_s > 0)
                run_one(number, &s, f, look, tally);
        }
}

static void run_small(uint64_t number, const struct files *f, struct tally *tally)
{
    struct random_scenario r = random_scenario_new(number);
    struct middleware *m = number % 3 ? NULL : known_middleware();
    run_all(number,
            (struct scenario){ .workflow = r.workflow,
                               .platform = r.platform,
                               .middleware = m ? m : r.middleware,
                               .seed = number },
            f, true, tally);
    middleware_free(m);
    random_scenario_free(&r);
}

static void run_large(uint64_t number, const struct files *f, struct tally *tally)
{
    const struct given_limits limits = { .max_sets = 5, .max_tasks = 3000, .varying = true };
    struct workflow *w = given_random_workflow(number, &limits);
    struct platform *p = given_random_platform(number);
    struct middleware *m = number % 2 ? middleware_ideal() : known_middleware();
    for (size_t s = 0; s < w->n_sets; s += 2) {
        task_traits_own(&w->sets[s])->failure_probability = 0.05;
        task_traits_own(&w->sets[s])->retries = 1;
    }
    run_all(number,
            (struct scenario){ .workflow = w, .platform = p, .middleware = m, .seed = number }, f,
            false, tally);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* Two sets of n / 2 tasks, in stages, task by task; the second shares GPUs. */
static void stream_many(uint32_t n, const char *path)
{
    char *json = str_format("{'task_sets': [{'name': 'a', 'tasks': %u, "
                            "'duration': {'distribution': 'exponential', 'mean': 9}}, "
                            "{'name': 'b', 'tasks': %u, 'gpus': 0.25, 'duration': "
                            "{'distribution': 'exponential', 'mean': 9}, "
                            "'after': [{'set': 'a', 'kind': 'each'}]}]}",
                            (unsigned)n / 2, (unsigned)n / 2);
    struct workflow *w = given_workflow(json);
    struct platform *p = given_platform("{'nodes': [{'count': 4, 'cores': 40, 'gpus': 4}]}");
    struct middleware *m = middleware_ideal();
    struct scheduler_options options = { 0 };
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_SEQUENTIAL,
                          .seed = 3,
                          .scheduler = scheduler_options_resolve(&options, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    struct sinks sinks = { chrome_trace_open(w, p, path, NULL), NULL };
    const struct record_sink sink = { take, &sinks };
    struct replica r;
    simulator_stream(sim, 0, &sink, &r);
    chrome_trace_close(sinks.trace, NULL);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
    free(json);
}

/* A mebibyte is two bytes a task of half a million: less than one time, or one lane, of each. */
static int check_memory(uint32_t n, const char *path)
{
    stream_many(10000, path);
    long few = peak_kib();
    stream_many(n, path);
    long many = peak_kib();
    printf("%ld KiB for 10000 tasks, %ld KiB for %u\n", few, many, (unsigned)n);
    return many - few <= 1024 ? 0 : 1;
}

static struct files name_files(const char *folder)
{
    struct files f;
    snprintf(f.trace, sizeof f.trace, "%s/streamed.json", folder);
    snprintf(f.stored_trace, sizeof f.stored_trace, "%s/stored.json", folder);
    snprintf(f.csv, sizeof f.csv, "%s/streamed.csv", folder);
    snprintf(f.stored_csv, sizeof f.stored_csv, "%s/stored.csv", folder);
    return f;
}

static int compare_all(bool large, int64_t first, int64_t count, const struct files *f)
{
    struct tally t = { 0 };
    for (int64_t i = first; i < first + count; i++) {
        if (large)
            run_large((uint64_t)i, f, &t);
        else
            run_small((uint64_t)i, f, &t);
    }
    printf("%lu runs (%lu refused), %lu records, %lu arrows (%lu more without their ends), %lu "
           "slices beside another on a GPU: %lu "
           "violations\n",
           t.runs, t.refused, t.records, t.arrows, t.unfinished, t.shared, t.violations);
    return t.violations == 0 && t.runs > 0 && (large || (t.arrows > 0 && t.shared > 0)) ? 0 : 1;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/dagcast-streamed-XXXXXX";
    bool large = argc == 4 && str_equal(argv[1], "large"),
         memory = argc == 3 && str_equal(argv[1], "memory");
    int64_t first = 0, count = 0;
    if (!memory && ((argc != 3 && !large) || !str_to_int64(argv[argc - 2], &first))) {
        fprintf(stderr, "usage: streamed_traces [large] FIRST COUNT | memory N\n");
        return 2;
    }
    if (!str_to_int64(argv[argc - 1], &count) || !mkdtemp(folder))
        return 2;
    gsl_set_error_handler_off();
    struct files f = name_files(folder);
    int status =
        memory ? check_memory((uint32_t)count, f.trace) : compare_all(large, first, count, &f);
    unlink(f.trace);
    unlink(f.stored_trace);
    unlink(f.csv);
    unlink(f.stored_csv);
    rmdir(folder);
    return status;
}
