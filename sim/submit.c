/* From ready to the scheduler: releases, the client that submits in bulks, the agent. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/releases.h"
#include "sim/simulate_impl.h"

static void prepare_release(struct simulator *s, size_t i)
{
    const struct task_set *set = &s->scenario.workflow->sets[i];
    if (set->release.kind == RELEASE_NONE)
        return;
    if (!s->release_s[i])
        s->release_s[i] = xcalloc(set->n_tasks, sizeof **s->release_s);
    releases_of(set, s->scenario.seed, s->replica, s->release_s[i]);
}

static void forget_held(struct simulator *s)
{
    for (size_t h = 0; h < s->n_held; h++)
        free(s->held[h].tasks);
    s->n_held = 0;
}

void submit_begin(struct simulator *s)
{
    const struct workflow *w = s->scenario.workflow;
    if (s->n_bulks == 0) {
        xgrow(&s->bulks, &s->bulk_room, 1, sizeof *s->bulks);
        s->bulks[s->n_bulks++] = (struct bulk){ 0 };
        s->release_s = xcalloc(w->n_sets, sizeof *s->release_s);
        s->cold_set = xcalloc(w->n_sets, sizeof *s->cold_set);
    }
    s->free_bulk = 0;
    for (size_t b = s->n_bulks; b-- > 1;) {
        s->bulks[b].next = s->free_bulk;
        s->free_bulk = (uint32_t)b;
    }
    s->bulks[0].n = 0;
    s->n_due = 0;
    forget_held(s);
    s->client_busy = s->first_bulk_done = s->open_unsorted = false;
    s->cold_bulks_seen = 0;
    memset(s->cold_set, 0, w->n_sets * sizeof *s->cold_set);
    for (size_t i = 0; i < w->n_sets; i++)
        prepare_release(s, i);
}

void submit_clear(struct simulator *s)
{
    forget_held(s);
    for (size_t b = 0; b < s->n_bulks; b++)
        free(s->bulks[b].parts);
    for (size_t i = 0; s->release_s && i < s->scenario.workflow->n_sets; i++)
        free(s->release_s[i]);
    free(s->bulks);
    free(s->release_s);
    free(s->cold_set);
    free(s->due);
    free(s->held);
}

static int compare_submissions(const void *a, const void *b)
{
    const struct submission *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    if (x->set != y->set)
        return x->set < y->set ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->attempt > y->attempt) - (x->attempt < y->attempt);
}

/* Into the open bulk; it is put in the order (place, set, task) when it is taken. */
static void open_add_part(struct simulator *s, const struct submission *part)
{
    struct bulk *open = &s->bulks[0];
    simulate_note(s, part, MOMENT_READY);
    s->out.wait_s[WAIT_CLIENT] -= s->engine.now_s * part->count;
    if (open->n > 0) {
        struct submission *tail = &open->parts[open->n - 1];
        if (tail->set == part->set && tail->attempt == part->attempt && tail->first + tail->count == part->first &&
            !s->scenario.task_order) {
            tail->count += part->count;
            return;
        }
        s->open_unsorted |= compare_submissions(tail, part) > 0;
    }
    xgrow(&open->parts, &open->room, open->n + 1, sizeof *open->parts);
    open->parts[open->n++] = *part;
}

static void open_add(struct simulator *s, const struct submission *part)
{
    const uint32_t *order = s->scenario.task_order;
    if (!order) {
        open_add_part(s, part);
        return;
    }
    order += s->scenario.workflow->sets[part->set].first_task;
    for (uint32_t t = part->first; t < part->first + part->count; t++)
        open_add_part(s, &(struct submission){ .set = part->set, .first = t, .count = 1, .attempt = part->attempt,
                                               .place = (int)order[t] });
}

struct timed_task { double release_s; uint32_t task; };

static int compare_timed(const void *a, const void *b)
{
    const struct timed_task *x = a, *y = b;
    if (x->release_s != y->release_s)
        return x->release_s < y->release_s ? -1 : 1;
    return (x->task > y->task) - (x->task < y->task);
}

/* Indices of the part's tasks in the order of release, or NULL if they stand so already. */
static uint32_t *release_order(const double *release_s, const struct submission *part)
{
    bool sorted = true;
    for (uint32_t t = 1; t < part->count && sorted; t++)
        sorted = release_s[part->first + t - 1] <= release_s[part->first + t];
    if (sorted)
        return NULL;
    struct timed_task *timed = xcalloc(part->count, sizeof *timed);
    for (uint32_t t = 0; t < part->count; t++)
        timed[t] = (struct timed_task){ release_s[part->first + t], part->first + t };
    qsort(timed, part->count, sizeof *timed, compare_timed);
    uint32_t *tasks = xcalloc(part->count, sizeof *tasks);
    for (uint32_t t = 0; t < part->count; t++)
        tasks[t] = timed[t].task;
    free(timed);
    return tasks;
}

static uint32_t held_task(const struct held *h)
{
    return h->tasks ? h->tasks[h->next] : h->part.first + (uint32_t)h->next;
}

/* Lets go what is due, and comes back for the rest. */
static void release_held(struct simulator *s, uint32_t subject)
{
    struct held *h = &s->held[subject];
    const double *release_s = s->release_s[h->part.set];
    for (; h->next < h->part.count && release_s[held_task(h)] <= s->engine.now_s; h->next++) {
        struct submission one = h->part;
        one.first = held_task(h);
        one.count = 1;
        open_add(s, &one);
    }
    if (h->next < h->part.count)
        simulate_push(s, release_s[held_task(h)], EVENT_RELEASED, subject);
}

static void hold_or_open(struct simulator *s, const struct submission *part)
{
    simulate_note(s, part, MOMENT_DUE);
    if (!s->release_s[part->set] || part->attempt > 0) {
        open_add(s, part);
        return;
    }
    xgrow(&s->held, &s->held_room, s->n_held + 1, sizeof *s->held);
    s->held[s->n_held++] = (struct held){ .part = *part, .tasks = release_order(s->release_s[part->set], part) };
    release_held(s, (uint32_t)s->n_held - 1);
}

/* The draw belongs to the run(), not to its pipelines: all of them are submitted at once. It has the name of the first one's first set. */
static double next_run_delay(struct simulator *s, const struct ready_run *run)
{
    double given = stations_given(s->stations, STATION_NEXT_RUN, run->set, run->first);
    if (!isnan(given))
        return given;
    struct readiness_group own = readiness_group(s->readiness, (size_t)run->group);
    struct readiness_group first = readiness_group(s->readiness, (size_t)(own.run >= 0 ? own.run : run->group));
    return stations_draw(s->stations, STATION_NEXT_RUN, (uint32_t)first.sets[0], 0, 0);
}

/* What the client does between the end of a stage (or of a run()) and the next one's submission. */
static double closing_delay(struct simulator *s, const struct ready_run *run)
{
    if (run->cause != SUBMIT_NEXT_STAGE && run->cause != SUBMIT_NEXT_RUN)
        return run->cause == SUBMIT_START ? stations_draw(s->stations, STATION_BOOTSTRAP, run->set, 0, 0) : 0;
    double next_s = run->cause == SUBMIT_NEXT_RUN ? next_run_delay(s, run)
                                                  : stations_draw(s->stations, STATION_NEXT_STAGE, run->set, run->first, 0);
    return next_s +
           run->closed_tasks * stations_draw(s->stations, STATION_CLOSE_TASK, run->set, run->first, 0);
}

void submit_ready(struct simulator *s, const struct ready_run *runs, size_t n)
{
    double delay = 0;
    for (size_t i = 0; i < n; i++) {
        struct submission part = { .set = runs[i].set, .first = runs[i].first, .count = runs[i].count,
                                   .place = s->group_place[runs[i].group] };
        bool same = i > 0 && runs[i].group == runs[i - 1].group && runs[i].cause == runs[i - 1].cause;
        if (!s->direct && !same && !(runs[i].cause == SUBMIT_START && i > 0))
            delay = closing_delay(s, &runs[i]);      /* one draw a group; bootstrap: one a session */
        if (delay <= 0) {
            hold_or_open(s, &part);
            continue;
        }
        xgrow(&s->due, &s->due_room, s->n_due + 1, sizeof *s->due);
        s->due[s->n_due] = part;
        simulate_push(s, s->engine.now_s + delay, EVENT_DUE, (uint32_t)s->n_due++);
    }
}

void submit_retry(struct simulator *s, uint32_t set, uint32_t task, uint32_t attempt)
{
    struct submission part = { .set = set, .first = task, .count = 1, .attempt = attempt,
                               .place = s->group_place[readiness_group_of_set(s->readiness, (int)set)] };
    hold_or_open(s, &part);
}

void submit_on_due(struct simulator *s, uint32_t due)
{
    struct submission part = s->due[due];
    hold_or_open(s, &part);
}

void submit_on_released(struct simulator *s, uint32_t held)
{
    release_held(s, held);
}

static size_t bulk_tasks(const struct bulk *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++)
        n += b->parts[i].count;
    return n;
}

static void deliver(struct simulator *s, const struct bulk *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct submission *part = &b->parts[i];
        s->out.wait_s[WAIT_QUEUE] -= s->engine.now_s * part->count;
        dispatch_ready(s->dispatch, part->set, part->first, part->count, part->attempt);
    }
    if (s->sink)
        record_arrived(s, b);
    s->dispatch_changed = true;
}

/* A bulk starts cold if it is large and among the first such ones (COLD_BURST). */
static void mark_cold(struct simulator *s, const struct bulk *b)
{
    const struct middleware *m = s->scenario.middleware;
    bool cold = m->cold_rule == COLD_BURST && bulk_tasks(b) >= (size_t)m->cold_burst && s->cold_bulks_seen < m->cold_bulks;
    s->cold_bulks_seen += cold;
    for (size_t i = 0; i < b->n; i++)
        s->cold_set[b->parts[i].set] = cold;
}

static double bulk_cost(const struct simulator *s, const struct bulk *b)
{
    const struct submission *head = &b->parts[0];
    double cost = stations_draw(s->stations, STATION_CLIENT_BASE, head->set, head->first, head->attempt) +
                  (double)bulk_tasks(b) * stations_draw(s->stations, STATION_CLIENT_TASK, head->set, head->first, head->attempt);
    return s->first_bulk_done ? cost : cost + stations_draw(s->stations, STATION_CLIENT_FIRST, head->set, head->first, head->attempt);
}

/* Moves the open bulk's parts to a bulk of their own; the open one takes its memory in exchange. */
static uint32_t take_open(struct simulator *s)
{
    uint32_t b = s->free_bulk;
    if (b != 0) {
        s->free_bulk = s->bulks[b].next;
    } else {
        xgrow(&s->bulks, &s->bulk_room, s->n_bulks + 1, sizeof *s->bulks);
        b = (uint32_t)s->n_bulks++;
        s->bulks[b] = (struct bulk){ 0 };
    }
    struct bulk taken = s->bulks[0];
    s->bulks[0] = s->bulks[b];
    s->bulks[0].n = 0;
    s->bulks[b] = taken;
    return b;
}

static void note_left(struct simulator *s, const struct bulk *b)
{
    for (size_t i = 0; i < b->n; i++)
        simulate_note(s, &b->parts[i], MOMENT_LEFT);
}

void submit_settle(struct simulator *s)
{
    struct bulk *open = &s->bulks[0];
    if (open->n == 0 || s->client_busy)
        return;
    if (s->open_unsorted)
        qsort(open->parts, open->n, sizeof *open->parts, compare_submissions);
    s->open_unsorted = false;
    mark_cold(s, open);
    open->submitted_s = s->engine.now_s;
    if (s->direct) {
        note_left(s, open);
        s->out.wait_s[WAIT_CLIENT] += s->engine.now_s * (double)bulk_tasks(open);
        deliver(s, open);
        open->n = 0;
        return;
    }
    uint32_t b = take_open(s);
    double left_s = s->engine.now_s + bulk_cost(s, &s->bulks[b]);
    s->first_bulk_done = s->client_busy = true;
    simulate_push(s, left_s, EVENT_BULK_LEFT, b);
}

void submit_on_left(struct simulator *s, uint32_t b)
{
    const struct bulk *bulk = &s->bulks[b];
    const struct submission *head = &bulk->parts[0];
    s->client_busy = false;
    note_left(s, bulk);
    double latency = stations_draw(s->stations, STATION_AGENT, head->set, head->first, head->attempt);
    double arrived_s = stations_tick(s->stations, POLL_AGENT, s->engine.now_s + latency), n = (double)bulk_tasks(bulk);
    s->out.wait_s[WAIT_CLIENT] += s->engine.now_s * n;
    s->out.wait_s[WAIT_AGENT] += (arrived_s - s->engine.now_s) * n;
    simulate_push(s, arrived_s, EVENT_ARRIVED, b);
}

void submit_on_arrived(struct simulator *s, uint32_t b)
{
    deliver(s, &s->bulks[b]);
    s->bulks[b].next = s->free_bulk;
    s->free_bulk = b;
}
