/* Candidates and learnings of campaigns: when they are let in, and what their ends mean. */
#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "drive/decide_impl.h"
#include "num/rng.h"

static bool draws_hit(const struct decide *d, int campaign, size_t candidate)
{
    const struct campaign *c = decide_described(d, campaign);
    struct rng_stream stream = rng_stream(d->seed, d->replica, RNG_HIT, str_hash(c->name));
    double p =
        c->hit_probability * pow(c->hit_gain, (double)d->campaigns[campaign].result.n_learnings);
    return rng_uniform(&stream, candidate, 0) < p;
}

static void note_submitted(struct driver *driver, int campaign, const struct submission *one)
{
    struct decide *d = driver->decide;
    struct campaign_state *c = &d->campaigns[campaign];
    const struct realised_campaign *of = &d->made->campaigns[campaign];
    struct campaign_result *r = &c->result;
    double stale = (double)r->n_results - (double)r->n_learnings * of->every;
    *decide_hit(d, campaign, one->set, one->first) = draws_hit(d, campaign, r->n_submitted);
    r->n_submitted++;
    r->stale_sum += fmax(0, stale);
    r->stale_most = fmax(r->stale_most, stale);
    if (isnan(r->first_s))
        r->first_s = submit_since_start_s(driver);
}

static bool time_is_over(struct driver *driver, int campaign)
{
    const struct campaign *c = decide_described(driver->decide, campaign);
    if (c->time_s <= 0 || driver->decide->made->settled || submit_since_start_s(driver) < c->time_s)
        return false;
    decide_find_out(driver, OUTCOME_CANDIDATES, c->name,
                    (int64_t)driver->decide->campaigns[campaign].result.n_submitted);
    return true;
}

static void keep_part(struct decide *d, const struct submission *part)
{
    struct campaign_state *c = &d->campaigns[d->campaign_of[part->set]];
    if (d->learns[part->set]) {
        xgrow(&c->learnings, &c->learning_room, c->n_learnings + 1, sizeof *c->learnings);
        c->learnings[c->n_learnings++] = *part;
    } else {
        xgrow(&c->queue, &c->queue_room, c->n_queue + 1, sizeof *c->queue);
        c->queue[c->n_queue++] = *part;
    }
}

/* Rounds that take places now: they have been ready since the start. */
static void let_rounds_in(struct driver *driver, uint32_t set)
{
    size_t n;
    const struct ready_run *runs = growing_took(driver->growing, set, &n);
    driver_take_fresh(driver);
    for (size_t i = 0; i < n; i++) {
        struct submission part = { .set = runs[i].set, .first = runs[i].first,
                                   .count = runs[i].count,
                                   .place = submit_place(driver, runs[i].group, runs[i].set) };
        keep_part(driver->decide, &part);
    }
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
        note_submitted(driver, campaign, &one);
        submit_open(driver, &one);
        next->first++;
        c->next += --next->count == 0;
        if (driver->growing)
            let_rounds_in(driver, one.set);
    }
    if (c->next == c->n_queue)
        c->next = c->n_queue = 0;
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
    c->n_learnings = c->next_learning = 0;
}

bool decide_holds(struct driver *driver, const struct submission *part)
{
    struct decide *d = driver->decide;
    int campaign = d->campaign_of[part->set];
    decide_note_began(d, part->set, submit_as_of_s(driver));
    if (campaign < 0)
        return false;
    keep_part(d, part);
    if (d->learns[part->set])
        let_learn(driver, campaign);
    else
        let_in(driver, campaign);
    return true;
}

void decide_candidate_over(struct driver *driver, int campaign, bool hit)
{
    struct decide *d = driver->decide;
    const struct campaign *of = decide_described(d, campaign);
    struct campaign_state *c = &d->campaigns[campaign];
    struct campaign_result *r = &c->result;
    if (c->result_s) {
        c->result_s[r->n_results] = submit_since_start_s(driver);
        c->result_hit[r->n_results] = hit;
    }
    r->n_results++;
    r->last_s = submit_since_start_s(driver);
    r->n_hits += hit;
    if (of->hits > 0 && hit && r->n_hits == (size_t)of->hits) {
        r->hits_s = submit_since_start_s(driver);
        if (r->n_submitted < c->n_candidates)
            decide_find_out(driver, OUTCOME_CANDIDATES, of->name, (int64_t)r->n_submitted);
    }
    let_learn(driver, campaign);
    let_in(driver, campaign);
}
