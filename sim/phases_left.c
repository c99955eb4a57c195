/* Staging out that a walltime cuts: the next job goes on with what is left of it. */
#include <math.h>

#include "sim/phases_impl.h"

static struct left *left_of(const struct phases *p, uint32_t set, uint32_t task)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    return &p->left_out[w->sets[set].first_task + task];
}

bool phases_is_left(const struct phases *p, uint32_t task)
{
    return p && p->left_out && p->left_out[task].phase > 0;
}

/* The way stages out and is cut now. */
static void keep(struct phases *p, uint32_t way)
{
    struct way *w = &p->ways[way];
    double amount = flows_stop(p->flows, &w->uses);
    if (p->left_out)
        *left_of(p, w->set, w->task) = (struct left){ w->phase, w->number, amount };
    way_note_left(p, way, amount);
}

void phases_keep_staging(struct phases *p, uint32_t attempt, bool begun)
{
    const struct attempt *a = &p->simulator->drive.attempts.at[attempt];
    uint32_t way = phases_begun_way(p, attempt);
    if (!phases_has(p, a->set) || !phases_stages_out(p, a) || way == NO_WAY)
        return;
    if (begun)
        keep(p, way);
    else if (p->left_out)
        *left_of(p, a->set, a->task) = (struct left){ (uint32_t)p->plans[a->set].after,
                                                      p->ways[way].number, INFINITY };
}

void phases_keep_resumed(struct phases *p)
{
    for (uint32_t way = 0; p->left_out && way < p->n_ways; way++) {
        const struct way *w = &p->ways[way];
        if (!w->resumed || w->told)
            continue;
        keep(p, way);
        chain_staged(p->simulator->chain, &(struct staged_part){ w->set, w->task, way, NAN });
    }
}

bool phases_resume(void *simulator, uint32_t set, uint32_t task)
{
    struct phases *p = ((struct simulator *)simulator)->phases;
    if (!p || !p->left_out || left_of(p, set, task)->phase == 0)
        return false;
    struct left *l = left_of(p, set, task);
    uint32_t way = way_new(p);
    p->ways[way] = (struct way){ .set = set, .task = task, .number = l->number, .attempt = NOBODY,
                                 .phase = l->phase, .first_phase = l->phase,
                                 .last = (uint32_t)p->plans[set].n,
                                 .uses = NO_FLOW, .left = INFINITY, .resumed = true,
                                 .rest = l->amount,
                                 .began_s = p->simulator->drive.engine.now_s };
    way_begin_phase(p, way);
    return true;
}

void way_resumed_staged(struct phases *p, uint32_t way)
{
    struct simulator *s = p->simulator;
    struct way *w = &p->ways[way];
    const struct attempt a = { .set = w->set, .task = w->task, .number = (uint8_t)w->number };
    double now_s = s->drive.engine.now_s, notified_s = execute_notified(s, &a, now_s);
    s->out.wait_s[WAIT_NOTIFY] += notified_s - w->began_s;
    left_of(p, w->set, w->task)->phase = 0;
    chain_staged(s->chain, &(struct staged_part){ w->set, w->task, way, notified_s });
    w->told = w->pending = true;
    driver_push(&s->drive, notified_s, EVENT_PHASE, way);
}

void way_resumed_over(struct phases *p, uint32_t way)
{
    struct simulator *s = p->simulator;
    struct way w = p->ways[way];
    way_forget(p, way);
    s->known_s = s->drive.engine.now_s;
    driver_known_done(&s->drive, w.set, w.task);
    phases_task_over(p, w.set, false);
}
