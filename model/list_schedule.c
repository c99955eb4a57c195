/* An event list of waves. At each instant: the waves that end give back their slots and their
 * path's overhead; sets that became ready queue up, one queue a demand class; then, as long as any
 * first-of-queue fits, the one that arrived first places as many of its tasks as fit. The overhead
 * C is carried along: a wave that starts when its set arrives continues the path of what the set
 * waited for, any other the path of a wave that ended in this instant. */
#include "model/list_schedule_impl.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "model/latency.h"
#include "model/list_groups.h"
#include "model/placing.h"
#include "model/wave_queue.h"
#include "scheduling/demand_classes.h"

#define NO_SET UINT32_MAX

struct set_state {
    uint32_t waiting, running;           /* tasks */
    uint32_t next;                       /* in its class's queue */
    uint64_t arrival;                    /* number of arrival */
    double arrived_s, end_s;
    double arrival_overhead_s, end_overhead_s;
    uint32_t max_tasks;                  /* the wave size that max_s is for */
    double max_s;
};
struct queue { uint32_t first, last; };

/* Many members: the arrays of one schedule, allocated once and used again. */
struct list_schedule {
    const struct scenario *scenario;     /* own */
    struct scenario own;
    struct workflow *folded;             /* without phases; NULL: it has none */
    enum wave_time wave_time;
    struct list_groups *groups;
    struct demand_classes classes;
    struct pool *pool;
    struct latency latency;
    struct set_state *sets;
    struct queue *queues;                /* one a class */
    struct wave_queue events;
    uint64_t arrivals;
    size_t n_waves;
    size_t burst;                        /* tasks placed in this instant */
    double freed_overhead_s;             /* the longest path that ended in this instant */
    double now_s, first_start_s, last_end_s, last_overhead_s;
};

struct list_schedule *list_schedule_new(const struct scenario *s, enum wave_time wave_time,
                                        struct error *err)
{
    if (platform_check(s->platform, s->workflow, err))
        return NULL;
    struct list_schedule *l = xcalloc(1, sizeof *l);
    l->own = *s;
    if (phases_any(s->workflow))
        l->own.workflow = l->folded = phases_folded(s->workflow, s->platform);
    s = l->scenario = &l->own;
    l->wave_time = wave_time;
    l->groups = list_groups_new(s->workflow, s->mode);
    demand_classes_init(&l->classes, s->workflow, s->platform);
    l->pool = pool_new(s->platform, l->classes.demand, l->classes.n);
    pool_claims_tasks(l->pool);
    latency_init(&l->latency, s->middleware);
    l->sets = xcalloc(s->workflow->n_sets, sizeof *l->sets);
    l->queues = xcalloc(l->classes.n, sizeof *l->queues);
    return l;
}

void list_schedule_free(struct list_schedule *l)
{
    if (!l)
        return;
    list_groups_free(l->groups);
    demand_classes_clear(&l->classes);
    workflow_free(l->folded);
    pool_free(l->pool);
    xfree(l->sets, l->queues);
    wave_queue_clear(&l->events);
    free(l);
}

/* When the set's first and its last task may be submitted, in the mean. */
static void release_window(const struct task_set *s, double *first_s, double *last_s)
{
    const struct release *r = &s->release;
    *first_s = *last_s = r->kind == RELEASE_TIME ? r->time_s : 0;
    if (r->kind == RELEASE_GAPS) {
        *first_s = dist_mean(r->gap);
        *last_s = s->n_tasks * *first_s;
    }
    if (r->kind != RELEASE_LIST)
        return;
    *first_s = *last_s = r->list_s[0];
    for (uint32_t t = 1; t < s->n_tasks; t++) {
        *first_s = fmin(*first_s, r->list_s[t]);
        *last_s = fmax(*last_s, r->list_s[t]);
    }
}

static void enqueue(struct list_schedule *l, uint32_t set, double overhead_s)
{
    struct set_state *s = &l->sets[set];
    struct queue *q = &l->queues[l->classes.of_set[set]];
    s->arrival = l->arrivals++;
    s->arrived_s = l->now_s;
    s->arrival_overhead_s = overhead_s;
    s->next = NO_SET;
    if (q->first == NO_SET)
        q->first = set;
    else
        l->sets[q->last].next = set;
    q->last = set;
}

static void submit_group(struct list_schedule *l, int g)
{
    const struct list_group group = list_groups_at(l->groups, g);
    double overhead_s = group.overhead_s + latency_submit(&l->latency, group.cause,
                                                          group.closed_tasks, group.n_tasks);
    for (size_t i = 0; i < group.n_sets; i++) {
        uint32_t set = (uint32_t)group.sets[i];
        double first_s, last_s;
        release_window(&l->scenario->workflow->sets[set], &first_s, &last_s);
        if (first_s > l->now_s)
            wave_queue_push(
                &l->events,
                (struct wave_event){ .time_s = first_s, .set = set, .overhead_s = overhead_s });
        else
            enqueue(l, set, overhead_s);
    }
}

/* Sets that are there now, too. */
static void submit_ready(struct list_schedule *l)
{
    size_t n;
    const int *fresh = list_groups_fresh(l->groups, &n), *ready;
    for (size_t i = 0; i < n; i++)
        l->sets[fresh[i]] =
            (struct set_state){ .waiting = l->scenario->workflow->sets[fresh[i]].n_tasks };
    ready = list_groups_ready(l->groups, &n);
    for (size_t i = 0; i < n; i++)
        submit_group(l, ready[i]);
}

static double wave_duration(struct list_schedule *l, uint32_t set, uint32_t tasks)
{
    const struct dist *d = l->scenario->workflow->sets[set].duration;
    struct set_state *s = &l->sets[set];
    uint32_t size = l->wave_time == WAVE_MEAN ? 1 : tasks;
    if (s->max_tasks != size) {
        s->max_tasks = size;
        s->max_s = size == 1 ? dist_mean(d) : dist_expected_max(d, size);
    }
    return s->max_s;
}

static void start_wave(struct list_schedule *l, uint32_t set, struct placed wave)
{
    const struct task_set *ts = &l->scenario->workflow->sets[set];
    struct set_state *s = &l->sets[set];
    uint32_t tasks = (uint32_t)wave.tasks;
    bool first_burst =
        list_groups_cause(l->groups, (int)set) == SUBMIT_START && s->arrived_s == l->now_s;
    double duration_s = wave_duration(l, set, tasks), start_s = l->now_s;
    s->waiting -= tasks;
    s->running += tasks;
    if (s->waiting == 0) {               /* its last task cannot start before its release */
        double first_s, last_s;
        release_window(ts, &first_s, &last_s);
        start_s = fmax(start_s, last_s);
    }
    l->burst += tasks;
    l->n_waves++;
    double overhead_s = s->arrived_s == l->now_s ? s->arrival_overhead_s : l->freed_overhead_s;
    overhead_s += latency_launch(&l->latency, l->burst, first_burst);
    overhead_s +=
        latency_execute(&l->latency, duration_s, latency_cold(&l->latency, ts, first_burst));
    l->first_start_s = fmin(l->first_start_s, l->now_s);
    wave_queue_push(&l->events, (struct wave_event){ .time_s = start_s + duration_s,
                                                     .set = set,
                                                     .tasks = tasks,
                                                     .grant = wave.grant,
                                                     .overhead_s = overhead_s });
}

/* The class whose first waiting set arrived first, among those that have room; -1: none. */
static int next_class(const struct list_schedule *l)
{
    int best = -1;
    for (size_t c = 0; c < l->classes.n; c++) {
        uint32_t set = l->queues[c].first;
        if (set == NO_SET ||
            (best >= 0 && l->sets[l->queues[best].first].arrival < l->sets[set].arrival))
            continue;
        if (pool_holds_task(l->pool, c))
            best = (int)c;
    }
    return best;
}

static void place_waiting(struct list_schedule *l)
{
    for (int c; (c = next_class(l)) >= 0;) {
        uint32_t set = l->queues[c].first;
        struct placed wave = placing_put(l->pool, (size_t)c, l->sets[set].waiting);
        assert(wave.tasks > 0);
        start_wave(l, set, wave);
        if (l->sets[set].waiting == 0)
            l->queues[c].first = l->sets[set].next;
    }
}

static void end_wave(struct list_schedule *l, const struct wave_event *ev)
{
    struct set_state *s = &l->sets[ev->set];
    pool_release(l->pool, ev->grant);
    l->freed_overhead_s = fmax(l->freed_overhead_s, ev->overhead_s + latency_reuse(&l->latency));
    s->running -= ev->tasks;
    s->end_overhead_s =
        s->end_s == ev->time_s ? fmax(s->end_overhead_s, ev->overhead_s) : ev->overhead_s;
    s->end_s = ev->time_s;
    l->last_overhead_s =
        l->last_end_s == ev->time_s ? fmax(l->last_overhead_s, ev->overhead_s) : ev->overhead_s;
    l->last_end_s = ev->time_s;
    if (s->running == 0 && s->waiting == 0)
        list_groups_over(l->groups, (int)ev->set, l->now_s, s->end_overhead_s);
}

static void begin(struct list_schedule *l)
{
    const struct workflow *w = l->scenario->workflow;
    pool_reset(l->pool);
    wave_queue_reset(&l->events);
    l->arrivals = 0;
    l->n_waves = l->burst = 0;
    l->now_s = l->last_end_s = l->last_overhead_s = 0;
    l->first_start_s = INFINITY;
    for (size_t c = 0; c < l->classes.n; c++)
        l->queues[c] = (struct queue){ NO_SET, NO_SET };
    for (size_t s = 0; s < w->n_sets; s++)
        l->sets[s] = (struct set_state){ .waiting = w->sets[s].n_tasks };
    list_groups_begin(l->groups);
}

bool list_schedule_run(struct list_schedule *l, struct makespan_form *out)
{
    begin(l);
    submit_ready(l);
    place_waiting(l);
    while (l->events.n > 0 && !list_groups_is_full(l->groups)) {
        l->now_s = l->events.heap[0].time_s;
        l->burst = 0;
        l->freed_overhead_s = -INFINITY;
        while (l->events.n > 0 && l->events.heap[0].time_s == l->now_s) {
            struct wave_event ev = wave_queue_pop(&l->events);
            if (ev.tasks > 0)
                end_wave(l, &ev);
            else
                enqueue(l, ev.set, ev.overhead_s);
        }
        submit_ready(l);
        place_waiting(l);
    }
    *out = (struct makespan_form){ .schedule_s = l->last_end_s - l->first_start_s,
                                   .overhead_s = l->last_overhead_s,
                                   .n_waves = l->n_waves };
    out->makespan_s = out->schedule_s + out->overhead_s;
    return !list_groups_is_full(l->groups);
}
