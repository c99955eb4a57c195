#include "drive/decide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "drive/decide_impl.h"

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

/* Of a session that grows: what stands in a place is of one description. */
static void index_places(struct decide *d)
{
    const struct workflow *from = d->made->from;
    for (size_t s = 0; s < d->workflow->n_sets && d->made->n_campaigns > 0; s++) {
        int base = d->made->base[s], c = d->campaign_of[s] = workflow_campaign_of(from, base);
        d->learns[s] = c >= 0 && str_equal(from->decisions.campaigns[c].learn,
                                           from->sets[base].name);
    }
    for (size_t i = 0; i < d->made->n_campaigns; i++) {
        struct campaign_state *c = &d->campaigns[i];
        c->n_candidates = (size_t)from->decisions.campaigns[i].budget;
        c->hit = xcalloc(d->workflow->n_sets * d->made->campaigns[i].every, sizeof *c->hit);
    }
}

static void index_campaigns(struct decide *d)
{
    size_t n = d->workflow->n_sets;
    d->campaign_of = xcalloc(n + 1, sizeof *d->campaign_of);
    d->learns = xcalloc(n + 1, sizeof *d->learns);
    memset(d->campaign_of, 0xff, (n + 1) * sizeof *d->campaign_of);
    d->campaigns = xcalloc(d->made->n_campaigns + 1, sizeof *d->campaigns);
    if (d->made->growing)
        index_places(d);
    for (size_t i = 0; i < d->made->n_campaigns && !d->made->growing; i++) {
        const struct realised_campaign *c = &d->made->campaigns[i];
        for (size_t k = 0; k < c->n_rounds; k++) {
            d->campaign_of[c->rounds[k]] = (int)i;
            d->campaigns[i].n_candidates += d->workflow->sets[c->rounds[k]].n_tasks;
        }
        for (size_t k = 0; k < c->n_learnings; k++) {
            d->campaign_of[c->learnings[k]] = (int)i;
            d->learns[c->learnings[k]] = true;
        }
        struct campaign_state *state = &d->campaigns[i];
        state->hit = xcalloc(state->n_candidates + 1, sizeof *state->hit);
        state->result_s = xcalloc(state->n_candidates + 1, sizeof *state->result_s);
        state->result_hit = xcalloc(state->n_candidates + 1, sizeof *state->result_hit);
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
    d->noted = outcomes_new();
    list_waits(d);
    index_campaigns(d);
    return d;
}

void decide_free(struct decide *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->made->n_campaigns; i++) {
        xfree(d->campaigns[i].queue, d->campaigns[i].learnings, d->campaigns[i].hit,
              d->campaigns[i].result_s, d->campaigns[i].result_hit);
    }
    xfree(d->campaigns, d->campaign_of, d->learns, d->left, d->ended_s, d->sets_left, d->began_s,
          d->begin, d->waits, d->goes_on, d->said_cancels);
    outcomes_free(d->noted);
    outcomes_free(d->found);
    free(d);
}

void decision_said_clear(struct decision_said *said)
{
    for (size_t i = 0; i < said->n_counts; i++)
        free(said->counts[i].set);
    for (size_t i = 0; i < said->n_cancels; i++)
        free(said->cancels[i]);
    xfree(said->counts, said->cancels);
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
    outcomes_free(d->noted);
    d->found = outcomes_new();
    d->noted = outcomes_new();
    d->n_said_cancels = 0;
}

void decide_renew(struct decide *d, uint32_t set)
{
    d->left[set] = d->workflow->sets[set].n_tasks;
    d->goes_on[set] = -1;
}

void decide_know(struct decide *d, const struct outcomes *known)
{
    d->known = known;
}

static void add_all(struct outcomes *to, const struct outcomes *from)
{
    const char *name;
    int64_t value;
    for (size_t i = 0; i < outcomes_count(from); i++) {
        enum outcome_kind kind = outcomes_at(from, i, &name, &value);
        outcomes_set(to, kind, name, value);
    }
}

bool decide_found(const struct decide *d, struct outcomes *found)
{
    add_all(found, d->found);
    return outcomes_count(d->found) > 0;
}

bool decide_has_found(const struct decide *d)
{
    return outcomes_count(d->found) > 0;
}

void decide_noted(const struct decide *d, struct outcomes *noted)
{
    add_all(noted, d->noted);
}

const struct campaign_result *decide_campaign(const struct decide *d, size_t campaign)
{
    return &d->campaigns[campaign].result;
}

const double *decide_results(const struct decide *d, size_t campaign, const bool **hit)
{
    *hit = d->campaigns[campaign].result_hit;
    return d->campaigns[campaign].result_s;
}

void decide_find_out(struct driver *driver, enum outcome_kind kind, const char *name, int64_t value)
{
    int64_t known;
    if (driver->decide->made->settled)
        return;
    if (outcomes_get(driver->decide->known, kind, name, &known) && known == value)
        return;
    outcomes_set(driver->decide->found, kind, name, value);
    driver->stopping = true;
    /* in real time what runs comes to its end first */
    driver->engine.stopped = !driver->ops->wait;
}

const struct campaign *decide_described(const struct decide *d, int campaign)
{
    return &d->made->from->decisions.campaigns[campaign];
}

/* By candidate; of a session that grows by place. */
bool *decide_hit(const struct decide *d, int campaign, uint32_t set, uint32_t task)
{
    size_t every = d->made->campaigns[campaign].every;
    size_t round = d->made->growing ? set : (size_t)(d->workflow->sets[set].iteration - 1);
    return &d->campaigns[campaign].hit[round * every + task];
}

/* ---- loops ---- */

double decide_lag(struct decide *d, uint32_t set, double now_s)
{
    const struct task_set *s = &d->workflow->sets[set];
    double until_s = now_s;
    for (size_t i = 0; i < s->n_dependencies; i++)
        if (s->dependencies[i].lag_s > 0)
            until_s =
                fmax(until_s, d->ended_s[s->dependencies[i].parent] + s->dependencies[i].lag_s);
    return until_s - now_s;
}

/* A loop begins when the first task of its first iteration is ready; a loop around it with the
 * first of those. */
void decide_note_began(struct decide *d, uint32_t set, double now_s)
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
    double took_s = submit_as_of_s(driver) + p->lag_s - d->began_s[p->of];
    if (budget_s > 0 && !p->last && p->iteration >= l->at_least && took_s >= budget_s)
        decide_find_out(driver, OUTCOME_ITERATIONS, p->name, p->iteration);
    int said = said_of(d, p);
    if (said == 0 && !p->last)
        decide_find_out(driver, OUTCOME_ITERATIONS, p->name, p->iteration);
    if (said == 1 && p->last && p->iteration != l->at_most)
        decide_find_out(driver, OUTCOME_GOES_ON, p->name, p->iteration);
}

static void set_over(struct driver *driver, uint32_t set)
{
    struct decide *d = driver->decide;
    d->ended_s[set] = submit_as_of_s(driver);
    for (size_t i = d->begin[set]; i < d->begin[set + 1]; i++)
        if (--d->sets_left[d->waits[i]] == 0)
            decide_on(driver, d->waits[i]);
}

bool decide_over(struct driver *driver, uint32_t set, uint32_t task, bool done)
{
    struct decide *d = driver->decide;
    int campaign = d->campaign_of[set];
    bool ended = --d->left[set] == 0;
    if (done && driver->ops->said)
        decide_hear(driver, set, task);
    if (campaign >= 0 && d->learns[set]) {
        d->campaigns[campaign].result.n_learnings += ended;
    } else if (campaign >= 0) {
        decide_candidate_over(driver, campaign, *decide_hit(d, campaign, set, task));
    }
    if (ended)
        set_over(driver, set);
    return ended;
}
