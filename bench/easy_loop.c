#include "bench/easy_loop.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"

struct interval { uint32_t begin, end; };        /* nodes begin .. end - 1 */
/* A job's row of the result. Its nodes: n_held intervals of `held`, from first_held on. */
struct job_row { double start_s, end_s; size_t first_held, n_held; };
struct running { double end_s; int nodes; uint32_t job; };
/* Many members: the state of the loop. */
struct easy {
    const struct workflow *workflow;
    double now_s, first_s, last_s;
    int idle;
    struct interval *free;               /* nodes that are free, the highest first */
    size_t n_free, free_room;
    struct interval *held;               /* by all jobs so far, each one's the lowest first */
    size_t n_held, held_room;
    struct job_row *rows;
    struct running *running;             /* soonest end first */
    size_t n_running;
    uint32_t *queue;                     /* waiting jobs in order of arrival, from `head` on */
    size_t head, tail;
};

static int nodes_of(const struct easy *l, uint32_t job)
{
    return l->workflow->sets[job].traits->demand.ranks;
}

static double lasts_s(const struct easy *l, uint32_t job)
{
    return dist_mean(l->workflow->sets[job].duration);
}

/* The lowest free nodes. */
static void allocate(struct easy *l, uint32_t nodes, struct job_row *row)
{
    row->first_held = l->n_held;
    while (nodes > 0) {
        struct interval *lowest = &l->free[l->n_free - 1];
        uint32_t n = lowest->end - lowest->begin < nodes ? lowest->end - lowest->begin : nodes;
        xgrow(&l->held, &l->held_room, l->n_held + 1, sizeof *l->held);
        l->held[l->n_held++] = (struct interval){ lowest->begin, lowest->begin + n };
        lowest->begin += n;
        l->n_free -= lowest->begin == lowest->end;
        nodes -= n;
    }
    row->n_held = l->n_held - row->first_held;
}

static void insert_free(struct easy *l, struct interval given)
{
    size_t low = 0, high = l->n_free;    /* the first one that is below `given` */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (l->free[middle].begin > given.begin)
            low = middle + 1;
        else
            high = middle;
    }
    bool joins_above = low > 0 && l->free[low - 1].begin == given.end,
         joins_below = low < l->n_free && l->free[low].end == given.begin;
    if (joins_above && joins_below) {
        l->free[low - 1].begin = l->free[low].begin;
        memmove(l->free + low, l->free + low + 1, (--l->n_free - low) * sizeof *l->free);
    } else if (joins_above) {
        l->free[low - 1].begin = given.begin;
    } else if (joins_below) {
        l->free[low].end = given.end;
    } else {
        xgrow(&l->free, &l->free_room, l->n_free + 1, sizeof *l->free);
        memmove(l->free + low + 1, l->free + low, (l->n_free++ - low) * sizeof *l->free);
        l->free[low] = given;
    }
}

static void give_back(struct easy *l, const struct running *r)
{
    const struct job_row *row = &l->rows[r->job];
    for (size_t i = 0; i < row->n_held; i++)
        insert_free(l, l->held[row->first_held + i]);
    l->idle += r->nodes;
}

static void start(struct easy *l, uint32_t job)
{
    struct running r = { l->now_s + lasts_s(l, job), nodes_of(l, job), job };
    l->rows[job] = (struct job_row){ .start_s = l->now_s, .end_s = r.end_s };
    allocate(l, (uint32_t)r.nodes, &l->rows[job]);
    size_t at = l->n_running++;
    for (; at > 0 && l->running[at - 1].end_s > r.end_s; at--)
        l->running[at] = l->running[at - 1];
    l->running[at] = r;
    l->idle -= r.nodes;
    l->first_s = fmin(l->first_s, l->now_s);
    l->last_s = fmax(l->last_s, r.end_s);
}

/* When the first waiting job can start if nothing else does, and how many nodes it leaves then. */
static double reserve(const struct easy *l, int *spare)
{
    int need = nodes_of(l, l->queue[l->head]), idle = l->idle;
    size_t i = 0;
    while (idle < need)
        idle += l->running[i++].nodes;
    double at_s = l->running[i - 1].end_s;
    for (; i < l->n_running && l->running[i].end_s == at_s; i++)
        idle += l->running[i].nodes;
    *spare = idle - need;
    return at_s;
}

static void backfill(struct easy *l)
{
    int spare;
    double reserved_s = reserve(l, &spare);
    size_t kept = l->head + 1;
    for (size_t i = l->head + 1; i < l->tail; i++) {
        uint32_t job = l->queue[i];
        bool ends = l->now_s + lasts_s(l, job) <= reserved_s;
        if (nodes_of(l, job) > l->idle || (!ends && nodes_of(l, job) > spare)) {
            l->queue[kept++] = job;
            continue;
        }
        spare -= ends ? 0 : nodes_of(l, job);
        start(l, job);
    }
    l->tail = kept;
}

static void pass(struct easy *l)
{
    while (l->head < l->tail && nodes_of(l, l->queue[l->head]) <= l->idle)
        start(l, l->queue[l->head++]);
    if (l->head < l->tail && l->idle > 0)
        backfill(l);
    if (l->head == l->tail)
        l->head = l->tail = 0;
}

static void end_due(struct easy *l)
{
    size_t n = 0;
    while (n < l->n_running && l->running[n].end_s == l->now_s)
        give_back(l, &l->running[n++]);
    l->n_running -= n;
    memmove(l->running, l->running + n, l->n_running * sizeof *l->running);
}

double easy_loop(const struct workflow *w, size_t nodes)
{
    struct easy l = { .workflow = w, .first_s = INFINITY, .idle = (int)nodes };
    l.running = xcalloc(nodes + 1, sizeof *l.running);
    l.queue = xcalloc(w->n_sets + 1, sizeof *l.queue);
    l.rows = xcalloc(w->n_sets, sizeof *l.rows);
    insert_free(&l, (struct interval){ 0, (uint32_t)nodes });
    for (uint32_t next = 0; next < w->n_sets || l.n_running > 0;) {
        double arrival_s = next < w->n_sets ? w->sets[next].release.time_s : INFINITY;
        double end_s = l.n_running > 0 ? l.running[0].end_s : INFINITY;
        l.now_s = fmin(arrival_s, end_s);
        end_due(&l);
        for (; next < w->n_sets && w->sets[next].release.time_s == l.now_s; next++)
            l.queue[l.tail++] = next;
        pass(&l);
    }
    xfree(l.running, l.queue, l.rows, l.free, l.held);
    return l.last_s - l.first_s;
}
