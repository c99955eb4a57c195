/* Where a way begins and ends: the list of those under way, oldest first, and the free list. */
#include <math.h>

#include "base/xalloc.h"
#include "sim/phases_impl.h"

uint32_t way_new(struct phases *p)
{
    uint32_t way = p->unused;
    if (way != NO_WAY) {
        p->unused = p->ways[way].next;
        return way;
    }
    xgrow(&p->ways, &p->room, p->n_ways + 1, sizeof *p->ways);
    if (p->noted)
        xgrow(&p->did, &p->did_room, (p->n_ways + 1) * p->most, sizeof *p->did);
    return (uint32_t)p->n_ways++;
}

void way_forget(struct phases *p, uint32_t way)
{
    p->ways[way].attempt = NOBODY;
    p->ways[way].resumed = false;
    p->ways[way].next = p->unused;
    p->unused = way;
}

/* the youngest under way */
static void way_append(struct phases *p, uint32_t way)
{
    p->ways[way].before = p->last;
    p->ways[way].next = NO_WAY;
    *(p->last == NO_WAY ? &p->first : &p->ways[p->last].next) = way;
    p->last = way;
}

void way_unlink(struct phases *p, uint32_t way)
{
    const struct way *w = &p->ways[way];
    *(w->before == NO_WAY ? &p->first : &p->ways[w->before].next) = w->next;
    *(w->next == NO_WAY ? &p->last : &p->ways[w->next].before) = w->before;
}

static void way_of_attempt(struct phases *p, uint32_t attempt, uint32_t way)
{
    size_t room = p->way_of_room;
    xgrow(&p->way_of, &p->way_of_room, (size_t)attempt + 1, sizeof *p->way_of);
    for (; room < p->way_of_room; room++)
        p->way_of[room] = NO_WAY;
    p->way_of[attempt] = way;
}

double phases_oldest_s(const struct phases *p)
{
    return p->first == NO_WAY ? INFINITY : p->ways[p->first].began_s;
}

void phases_start(struct phases *p, uint32_t attempt, double extra_s)
{
    struct driver *d = &p->simulator->drive;
    const struct attempt *a = &d->attempts.at[attempt];
    const struct plan *plan = &p->plans[a->set];
    uint32_t way = way_new(p);
    struct way *w = &p->ways[way];
    *w = (struct way){ .set = a->set, .task = a->task, .number = driver_tries(d, a),
                       .attempt = attempt, .skip_s = phases_saved(p, a) ? *phases_saved(p, a) : 0,
                       .phase = (uint32_t)plan->inside, .last = (uint32_t)plan->after,
                       .uses = NO_FLOW, .extra_s = extra_s, .left = INFINITY,
                       .began_s = d->engine.now_s };
    double share;
    if (!plan->serves &&
        durations_fails(p->simulator->durations, (int)a->set, a->task, w->number, &share))
        w->left = share * way_total_alone_s(p, w);
    way_append(p, way);
    way_of_attempt(p, attempt, way);
    if (a->started_s > d->engine.now_s) {
        w->pending = true;
        driver_push(d, a->started_s, EVENT_PHASE, way);
    } else
        way_begin_phase(p, way);
}

/* It is under way no more; an event of its own may still come. */
static void leave(struct phases *p, uint32_t way)
{
    way_unlink(p, way);
    p->ways[way].attempt = NOBODY;
    if (p->ways[way].pending)
        p->ways[way].dead = true;
    else
        way_forget(p, way);
}

void phases_lose(struct phases *p, uint32_t attempt)
{
    uint32_t way = p->way_of[attempt];
    struct way *w = &p->ways[way];
    bool serves = p->plans[w->set].serves;
    if (serves && services_drop(p->services, w->set, way))
        flows_serve(p->flows, (int)w->set, -1);
    if (!serves)
        flows_stop(p->flows, &w->uses);
    phases_keep(p, attempt);
    p->lost = way;
    leave(p, way);
}

uint32_t phases_begun_way(const struct phases *p, uint32_t attempt)
{
    uint32_t way = attempt < p->way_of_room ? p->way_of[attempt] : NO_WAY;
    return way == NO_WAY || p->ways[way].attempt != attempt ? NO_WAY : way;
}

void phases_cancel(struct phases *p, uint32_t attempt)
{
    uint32_t way = phases_begun_way(p, attempt);
    if (way == NO_WAY)
        return;
    flows_stop(p->flows, &p->ways[way].uses);
    p->ways[way].cut = true;
    way_note_cut(p, way);
}

bool phases_stage_out(struct phases *p, uint32_t attempt)
{
    uint32_t way = phases_begun_way(p, attempt);
    if (way == NO_WAY)
        return false;                    /* cancelled before */
    struct way *w = &p->ways[way];
    const struct plan *plan = &p->plans[w->set];
    if (phases_stages_out(p, &p->simulator->drive.attempts.at[attempt])) {
        w->phase = (uint32_t)plan->after;
        w->last = (uint32_t)plan->n;
        w->left = INFINITY;
        way_begin_phase(p, way);
        return true;
    }
    leave(p, way);
    return false;
}

bool phases_stage_in(void *simulator, const struct submission *part, double submitted_s)
{
    struct phases *p = ((struct simulator *)simulator)->phases;
    if (!p || p->plans[part->set].inside == 0)
        return false;
    for (uint32_t t = 0; t < part->count; t++) {
        uint32_t way = way_new(p);
        p->ways[way] = (struct way){ .set = part->set, .task = part->first + t,
                                     .number = part->attempt, .attempt = NOBODY,
                                     .last = (uint32_t)p->plans[part->set].inside,
                                     .uses = NO_FLOW, .submitted_s = submitted_s,
                                     .left = INFINITY, .stages_in = true,
                                     .began_s = p->simulator->drive.engine.now_s };
        way_begin_phase(p, way);
    }
    return true;
}
