#include "drive/decide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "drive/driver_impl.h"
#include "num/rng.h"

struct campaign_state {
    struct campaign_result result;
    struct submission *queue;            /* rounds that may be submitted, in order; from `next` on */
    size_t n_queue, next, queue_room;
    struct submission *learnings;        /* that wait for results, in order */
    size_t n_learnings, next_learning, learning_room;
    bool *hit;                           /* of each candidate: known when it is submitted */
    size_t n_candidates;
};

struct decide {
    const struct workflow *workflow;
    const struct realised *made;
    uint64_t seed;
    uint32_t replica;
    uint32_t *left;                      /* tasks of each set */
    double *ended_s;                     /* of each set */
    int *campaign_of;                    /* of each set; -1 */
    bool *learns;                        /* it is a learning of that campaign */
    uint32_t *sets_left;                 /* of each decision point */
    double *began_s;                     /* of each decision point that is a loop's first; NAN */
    size_t *begin;                       /* points that wait for set s: waits[begin[s]] .. */
    int *waits;
    struct campaign_state *campaigns;
    const struct outcomes *known;        /* not owned */
    int8_t *goes_on;                     /* of each set: what its tasks have said */
    struct outcomes *found;
};

/* The points that wait for each set. */
static void list_waits(struct decide *d)
{
    size_t n = d->workflow->n_sets;
    const struct realised *made = d->made;
    d->begin = xcalloc(n + 2, sizeof *d->begin);
    for (size_t p = 0; p < made->n_points; p++)
        for (size_t i = 0; i < made->points[p].n_sets; i++)
            d->begin[made->points[p].sets[i] + 2]++;
    for (size_t s = 2; s < n + 2; s++)
        d->begin[s] += d->begin[s - 1];
    d->waits = xcalloc(d->begin[n + 1] + 1, sizeof *d->waits);
    for (size_t p = 0; p < made->n_points; p++)
        for (size_t i = 0; i < made->points[p].n_sets; i++)
            d->waits[d->begin[made->points[p].sets[i] + 1]++] = (int)p;
}

static void index_campaigns(struct decide *d)
{
    size_t n = d->workflow->n_sets;
    d->campaign_of = xcalloc(n + 1, sizeof *d->campaign_of);
    d->learns = xcalloc(n + 1, sizeof *d->learns);
    memset(d->campaign_of, 0xff, (n + 1) * sizeof *d->campaign_of);
    d->campaigns = xcalloc(d->made->n_campaigns + 1, sizeof *d->campaigns);
    for (size_t i = 0; i < d->made->n_campaigns; i++) {
        const struct realised_campaign *c = &d->made->campaigns[i];
        for (size_t k = 0; k < c->n_rounds; k++) {
            d->campaign_of[c->rounds[k]] = (int)i;
            d->campaigns[i].n_candidates += d->workflow->sets[c->rounds[k]].n_tasks;
        }
        for (size_t k = 0; k < c->n_learnings; k++) {
            d->campaign_of[c->learnings[k]] = (int)i;
            d->learns[c->learnings[k]] = true;
        }
        d->campaigns[i].hit = xcalloc(d->campaigns[i].n_candidates + 1, sizeof *d->campaigns[i].hit);
    }
}

struct decide *decide_new(const struct workflow *w)
{
    if (!w->realised)
        return NULL;
    struct decide *d = xcalloc(1, sizeof *d);
    d->workflow = w;
    d->made = w->realised;
    d->left = xcalloc(w->n_sets + 1, sizeof *d->left);
    d->ended_s = xcalloc(w->n_sets + 1, sizeof *d->ended_s);
    d->sets_left = xcalloc(d->made->n_points + 1, sizeof *d->sets_left);
    d->began_s = xcalloc(d->made->n_points + 1, sizeof *d->began_s);
    d->goes_on = xcalloc(w->n_sets + 1, sizeof *d->goes_on);
    d->found = outcomes_new();
    list_waits(d);
    index_campaigns(d);
    return d;
}

void decide_free(struct decide *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->made->n_campaigns; i++) {
        free(d->campaigns[i].queue);
        free(d->campaigns[i].learnings);
        free(d->campaigns[i].hit);
    }
    free(d->campaigns);
    free(d->campaign_of);
    free(d->learns);
    free(d->left);
    free(d->ended_s);
    free(d->sets_left);
    free(d->began_s);
    free(d->begin);
    free(d->waits);
    free(d->goes_on);
    outcomes_free(d->found);
    free(d);
}

void decision_said_clear(struct decision_said *said)
{
    for (size_t i = 0; i < said->n_counts; i++)
        free(said->counts[i].set);
    free(said->counts);
    *said = (struct decision_said){ .goes_on = -1 };
}

void decide_begin(struct decide *d, uint64_t seed, uint32_t replica)
{
    d->seed = seed;
    d->replica = replica;
    for (size_t s = 0; s < d->workflow->n_sets; s++)
        d->left[s] = d->workflow->sets[s].n_tasks;
    for (size_t p = 0; p < d->made->n_points; p++) {
        d->sets_left[p] = (uint32_t)d->made->points[p].n_sets;
        d->began_s[p] = NAN;
    }
    for (size_t i = 0; i < d->made->n_campaigns; i++) {
        struct campaign_state *c = &d->campaigns[i];
        c->n_queue = c->next = c->n_learnings = c->next_learning = 0;
        c->result = (struct campaign_result){ .first_s = NAN, .last_s = NAN, .hits_s = NAN };
    }
    memset(d->goes_on, -1, d->workflow->n_sets);
    outcomes_free(d->found);
    d->found = outcomes_new();
}

void decide_know(struct decide *d, const struct outcomes *known)
{
    d->known = known;
}

bool decide_found(const struct decide *d, struct outcomes *found)
{
    const char *name;
    int64_t value;
    for (size_t i = 0; i < outcomes_count(d->found); i++) {
        enum outcome_kind kind = outcomes_at(d->found, i, &name, &value);
        outcomes_set(found, kind, name, value);
    }
    return outcomes_count(d->found) > 0;
}

const struct campaign_result *decide_campaign(const struct decide *d, size_t campaign)
{
    return &d->campaigns[campaign].result;
}

static void find_out(struct driver *driver, enum outcome_kind kind, const char *name, int64_t value)
{
    int64_t known;
    if (outcomes_get(driver->decide->known, kind, name, &known) && known == value)
        return;
    outcomes_set(driver->decide->found, kind, name, value);
    driver->stopping = true;
    driver->engine.stopped = !driver->ops->wait;         /* in real time what runs comes to its end first */
}

/* ---- loops ---- */

double decide_lag(struct decide *d, uint32_t set, double now_s)
{
    const struct task_set *s = &d->workflow->sets[set];
    double until_s = now_s;
    for (size_t i = 0; i < s->n_dependencies; i++)
        if (s->dependencies[i].lag_s > 0)
            until_s = fmax(until_s, d->ended_s[s->dependencies[i].parent] + s->dependencies[i].lag_s);
    return until_s - now_s;
}

/* A loop begins when the first task of its first iteration is ready; a loop around it with the first of those. */
static void note_began(struct decide *d, uint32_t set, double now_s)
{
    for (int p = d->made->point[set]; p >= 0; p = d->made->points[p].around) {
        double *began = &d->began_s[d->made->points[p].of];
        if (isnan(*began))
            *began = now_s;
    }
}

/* What the tasks of the sets that decide have said: an end counts more. */
static int said_of(const struct decide *d, const struct decision_point *p)
{
    int goes_on = -1;
    for (size_t i = 0; i < p->n_sets; i++) {
        int said = d->goes_on[p->sets[i]];
        if (said >= 0 && goes_on != 0)
            goes_on = said;
    }
    return goes_on;
}

static void decide_on(struct driver *driver, int point)
{
    const struct decide *d = driver->decide;
    const struct decision_point *p = &d->made->points[point];
    double budget_s = d->made->from->decisions.loops[p->loop].stop.budget_s;
    const struct loop *l = &d->made->from->decisions.loops[p->loop];
    double took_s = driver->engine.now_s + p->lag_s - d->began_s[p->of];
    if (budget_s > 0 && !p->last && p->iteration >= l->at_least && took_s >= budget_s)
        find_out(driver, OUTCOME_ITERATIONS, p->name, p->iteration);
    int said = said_of(d, p);
    if (said == 0 && !p->last)
        find_out(driver, OUTCOME_ITERATIONS, p->name, p->iteration);
    if (said == 1 && p->last && p->iteration != l->at_most)
        find_out(driver, OUTCOME_GOES_ON, p->name, p->iteration);
}

static void set_over(struct driver *driver, uint32_t set)
{
    struct decide *d = driver->decide;
    d->ended_s[set] = driver->engine.now_s;
    for (size_t i = d->begin[set]; i < d->begin[set + 1]; i++)
        if (--d->sets_left[d->waits[i]] == 0)
            decide_on(driver, d->waits[i]);
}

/* ---- campaigns ---- */

static const struct campaign *described(const struct decide *d, int campaign)
{
    return &d->made->from->decisions.campaigns[campaign];
}

static bool draws_hit(const struct decide *d, int campaign, size_t candidate)
{
    const struct campaign *c = described(d, campaign);
    struct rng_stream stream = rng_stream(d->seed, d->replica, RNG_HIT, str_hash(c->name));
    double p = c->hit_probability * pow(c->hit_gain, (double)d->campaigns[campaign].result.n_learnings);
    return rng_uniform(&stream, candidate, 0) < p;
}

static void note_submitted(struct driver *driver, int campaign)
{
    struct decide *d = driver->decide;
    struct campaign_state *c = &d->campaigns[campaign];
    const struct realised_campaign *of = &d->made->campaigns[campaign];
    struct campaign_result *r = &c->result;
    double stale = (double)r->n_results - (double)r->n_learnings * of->every;
    c->hit[r->n_submitted] = draws_hit(d, campaign, r->n_submitted);
    r->n_submitted++;
    r->stale_sum += fmax(0, stale);
    r->stale_most = fmax(r->stale_most, stale);
    if (isnan(r->first_s))
        r->first_s = driver->engine.now_s;
}

static bool time_is_over(struct driver *driver, int campaign)
{
    const struct campaign *c = described(driver->decide, campaign);
    if (c->time_s <= 0 || driver->engine.now_s < c->time_s)
        return false;
    find_out(driver, OUTCOME_CANDIDATES, c->name, (int64_t)driver->decide->campaigns[campaign].result.n_submitted);
    return true;
}

/* Candidates in their order, as many as may be in flight. */
static void let_in(struct driver *driver, int campaign)
{
    struct decide *d = driver->decide;
    struct campaign_state *c = &d->campaigns[campaign];
    uint32_t window = d->made->campaigns[campaign].in_flight;
    while (c->next < c->n_queue && outcomes_count(d->found) == 0) {
        struct submission *next = &c->queue[c->next], one = *next;
        if (window > 0 && c->result.n_submitted - c->result.n_results >= window)
            return;
        if (time_is_over(driver, campaign))
            return;
        one.count = 1;
        note_submitted(driver, campaign);
        submit_open(driver, &one);
        next->first++;
        c->next += --next->count == 0;
    }
}

static void let_learn(struct driver *driver, int campaign)
{
    struct decide *d = driver->decide;
    struct campaign_state *c = &d->campaigns[campaign];
    const struct realised_campaign *of = &d->made->campaigns[campaign];
    while (c->next_learning < c->n_learnings) {
        const struct submission *next = &c->learnings[c->next_learning];
        size_t number = (size_t)d->workflow->sets[next->set].iteration;
        if (of->by_count && c->result.n_results < number * of->every)
            return;
        submit_open(driver, &c->learnings[c->next_learning++]);
    }
}

bool decide_holds(struct driver *driver, const struct submission *part)
{
    struct decide *d = driver->decide;
    int campaign = d->campaign_of[part->set];
    note_began(d, part->set, driver->engine.now_s);
    if (campaign < 0)
        return false;
    struct campaign_state *c = &d->campaigns[campaign];
    if (d->learns[part->set]) {
        xgrow(&c->learnings, &c->learning_room, c->n_learnings + 1, sizeof *c->learnings);
        c->learnings[c->n_learnings++] = *part;
        let_learn(driver, campaign);
    } else {
        xgrow(&c->queue, &c->queue_room, c->n_queue + 1, sizeof *c->queue);
        c->queue[c->n_queue++] = *part;
        let_in(driver, campaign);
    }
    return true;
}

static void candidate_over(struct driver *driver, int campaign, size_t candidate)
{
    struct decide *d = driver->decide;
    const struct campaign *of = described(d, campaign);
    struct campaign_state *c = &d->campaigns[campaign];
    struct campaign_result *r = &c->result;
    r->n_results++;
    r->last_s = driver->engine.now_s;
    r->n_hits += c->hit[candidate];
    if (of->hits > 0 && c->hit[candidate] && r->n_hits == (size_t)of->hits) {
        r->hits_s = driver->engine.now_s;
        if (r->n_submitted < c->n_candidates)
            find_out(driver, OUTCOME_CANDIDATES, of->name, (int64_t)r->n_submitted);
    }
    let_learn(driver, campaign);
    let_in(driver, campaign);
}

/* ---- what tasks say ---- */

/* The instance of the described set `base` that comes next after this one: of this iteration if it comes after the deciding set,
 * else of the next; outside of loops, the only one. NULL: which one is not clear. */
static char *next_instance(const struct decide *d, uint32_t set, int base)
{
    const struct workflow *from = d->made->from;
    const char *name = d->workflow->sets[set].name;
    int own = d->made->base[set], loop = workflow_loop_of(from, base);
    if (loop < 0)
        return workflow_campaign_of(from, base) < 0 ? xstrdup(from->sets[base].name) : NULL;
    if (workflow_loop_of(from, own) != loop)
        return NULL;
    const char *suffix = name + strlen(from->sets[own].name), *last = strrchr(suffix, '.');
    if (!last)
        return xstrdup(from->sets[base].name);
    int k = atoi(last + 1);
    return str_format("%s%.*s.%d", from->sets[base].name, (int)(last - suffix), suffix, workflow_comes_after(from, base, own) ? k : k + 1);
}

static int64_t planned_tasks(const struct decide *d, const char *name)
{
    int planned = workflow_find_set(d->workflow, name);
    return planned >= 0 ? d->workflow->sets[planned].n_tasks : 0;
}

/* A number that was realised already, or that is not of the described sets, changes nothing. */
static void hear_count(struct driver *driver, uint32_t set, const struct said_count *count)
{
    const struct decide *d = driver->decide;
    int base = workflow_find_set(d->made->from, count->set);
    char *name = base >= 0 ? next_instance(d, set, base) : NULL;
    if (name && planned_tasks(d, name) != count->tasks)
        find_out(driver, OUTCOME_TASKS, name, count->tasks);
    free(name);
}

static void hear(struct driver *driver, uint32_t set, uint32_t task)
{
    struct decide *d = driver->decide;
    struct decision_said said = { .goes_on = -1 };
    if (!driver->ops->said(driver->world, set, task, &said))
        return;
    for (size_t i = 0; i < said.n_counts; i++)
        hear_count(driver, set, &said.counts[i]);
    if (said.goes_on >= 0 && d->goes_on[set] != 0)
        d->goes_on[set] = (int8_t)said.goes_on;
    int campaign = d->campaign_of[set];
    if (said.goes_on == 0 && campaign >= 0) {
        const struct campaign_result *r = &d->campaigns[campaign].result;
        if (r->n_submitted < d->campaigns[campaign].n_candidates)
            find_out(driver, OUTCOME_CANDIDATES, described(d, campaign)->name, (int64_t)r->n_submitted);
    }
    decision_said_clear(&said);
}

bool decide_over(struct driver *driver, uint32_t set, uint32_t task, bool done)
{
    struct decide *d = driver->decide;
    int campaign = d->campaign_of[set];
    bool ended = --d->left[set] == 0;
    if (done && driver->ops->said)
        hear(driver, set, task);
    if (campaign >= 0 && d->learns[set]) {
        d->campaigns[campaign].result.n_learnings += ended;
    } else if (campaign >= 0) {
        size_t before = (size_t)(d->workflow->sets[set].iteration - 1) * d->made->campaigns[campaign].every;
        candidate_over(driver, campaign, before + task);
    }
    if (ended)
        set_over(driver, set);
    return ended;
}
