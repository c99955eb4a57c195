/* Replays one scheduler after the other: RADICAL's generations, and every order, rule of overtaking
 * and placement. */
#include <math.h>

#include "base/xalloc.h"
#include "scheduling/dispatch.h"
#include "scheduling/order.h"
#include "scheduling/radical.h"
#include "validation/replay.h"
#include "validation/replay_impl.h"
#include "validation/replay_run.h"

static const double period_step_s = 0.0002;

static void score(const struct replay_trial *t, const struct replay_outcome *o,
                  struct replay_candidate *c)
{
    double sum_s = 0;
    size_t n_placed = 0;
    c->n_equal = c->n_equal_in_time = 0;
    for (size_t i = 0; i < o->n; i++) {
        if (!t->counts[i])
            continue;
        bool equal = o->slots[i] == t->measured.slots[i];
        double error_s = fabs(o->scheduled_s[i] - t->measured.scheduled_s[i]);
        c->n_equal += equal;
        c->n_equal_in_time += equal && error_s <= t->in_time_s;
        if (!isnan(error_s)) {
            sum_s += error_s;
            n_placed++;
        }
    }
    c->start_error_s = n_placed > 0 ? sum_s / (double)n_placed : NAN;
}

/* A task placed at another instant is placed elsewhere; instants a tolerance apart are different
 * places. */
static void tell_instants(const struct replay_trial *t, struct replay_outcome *o)
{
    for (size_t i = 0; i < o->n; i++) {
        double late_s = o->scheduled_s[i] - t->measured.scheduled_s[i];
        if (!(fabs(late_s) <= t->in_time_s))
            o->slots[i] =
                ~o->slots[i] ^ (uint64_t)(int64_t)(isnan(late_s) ? 0 : round(late_s / t->in_time_s))
                                   << 1;
    }
}

static bool better(const struct replay_candidate *a, const struct replay_candidate *b)
{
    if (a->n_equal != b->n_equal)
        return a->n_equal > b->n_equal;
    return a->start_error_s < b->start_error_s;
}

/* Replays the candidate with one period; keeps it if it is the best so far. One that can no longer
 * explain as much as the best is given up. */
static int try_period(struct replay_trial *t, struct replay_candidate *c, double period_s,
                      struct replay_outcome *best, struct error *err)
{
    struct replay_candidate now = *c;
    struct replay_outcome outcome;
    struct replay_clock clock = { .period_s = period_s,
                                  .measured = best->n > 0 ? &t->measured : NULL,
                                  .counts = t->counts,
                                  .most_missed = t->replay->n_placements - c->n_equal };
    now.period_s = period_s;
    now.n_periods_as_good = 1;
    if (replay_run(t->session, &c->options, clock, &outcome, err) != 0)
        return -1;
    if (t->plain)
        tell_instants(t, &outcome);
    score(t, &outcome, &now);
    c->n_periods++;
    if (outcome.given_up || (best->n > 0 && !better(&now, c))) {
        c->n_periods_as_good += !outcome.given_up && now.n_equal == c->n_equal;
        replay_outcome_clear(&outcome);
        return 0;
    }
    now.n_periods = c->n_periods;
    if (best->n > 0 && now.n_equal == c->n_equal)
        now.n_periods_as_good = c->n_periods_as_good + 1;
    replay_outcome_clear(best);
    *best = outcome;
    *c = now;
    return 0;
}

/* Where nothing waits the period is of no account. */
static int find_period(struct replay_trial *t, struct replay_candidate *c,
                       struct replay_outcome *best, struct error *err)
{
    int steps = t->replay->n_waited > 0
                    ? (int)lround((REPLAY_LAST_PERIOD_S - REPLAY_FIRST_PERIOD_S) / period_step_s)
                    : 0;
    for (int i = 0; i <= steps; i++)
        if (try_period(t, c, REPLAY_FIRST_PERIOD_S + i * period_step_s, best, err) != 0)
            return -1;
    return 0;
}

static int add_candidate(struct replay_trial *t, char *name,
                         const struct scheduler_options *options, bool polls, struct error *err)
{
    struct replay *r = t->replay;
    struct replay_outcome best = { .n = 0 };
    xgrow(&r->candidates, &t->candidate_room, r->n_candidates + 1, sizeof *r->candidates);
    xgrow(&t->slots, &t->slots_room, r->n_candidates + 1, sizeof *t->slots);
    struct replay_candidate *c = &r->candidates[r->n_candidates];
    *c = (struct replay_candidate){ .name = name, .options = *options };
    t->slots[r->n_candidates++] = NULL;
    int status = polls ? find_period(t, c, &best, err) : try_period(t, c, 0, &best, err);
    if (status == 0) {
        t->slots[r->n_candidates - 1] = best.slots;
        best.slots = NULL;
    }
    replay_outcome_clear(&best);
    return status;
}

static int add_radical(struct replay_trial *t, const char *generation, struct error *err)
{
    struct scheduler_options o = { .scheduler = "radical", .generation = generation,
                                   .order = "arrival", .overtake = "backfill",
                                   .placement = "first_fit" };
    return add_candidate(t, str_format("radical %s", generation), &o, radical_polls(generation),
                         err);
}

int replay_add_radicals(struct replay_trial *t, struct error *err)
{
    const char *own = t->session->version ? radical_generation(t->session->version) : NULL;
    if (own && add_radical(t, own, err) != 0)
        return -1;
    for (size_t g = 0; radical_generation_at(g); g++)
        if (radical_generation_at(g) != own && add_radical(t, radical_generation_at(g), err) != 0)
            return -1;
    return 0;
}

/* The number of the candidate; there is none: their number. */
static size_t find_pair(const struct replay *r, const char *order, const char *overtake,
                        const char *placement)
{
    size_t i = 0;
    for (; i < r->n_candidates; i++) {
        const struct scheduler_options *o = &r->candidates[i].options;
        if (!o->scheduler && str_equal(o->order, order) && str_equal(o->overtake, overtake) &&
            str_equal(o->placement, placement))
            break;
    }
    return i;
}

/* What candidate number `like` did, which decides by the same keys, under another name. */
static void add_alike(struct replay_trial *t, char *name, const struct scheduler_options *options,
                      size_t like)
{
    struct replay *r = t->replay;
    size_t n = r->n_candidates++;
    xgrow(&r->candidates, &t->candidate_room, n + 1, sizeof *r->candidates);
    xgrow(&t->slots, &t->slots_room, n + 1, sizeof *t->slots);
    r->candidates[n] = r->candidates[like];
    r->candidates[n].name = name;
    r->candidates[n].options = *options;
    t->slots[n] = xmemdup(t->slots[like], t->measured.n * sizeof **t->slots);
}

/* alike: an order of the same keys that was tried before; NULL: none */
static int add_pairs(struct replay_trial *t, const char *order, const char *overtake,
                     const struct order_ops *alike, struct error *err)
{
    struct setting_name placement;
    for (size_t i = 0; dispatch_placement_at(i, &placement); i++) {
        struct scheduler_options o = { .order = order, .overtake = overtake,
                                       .placement = placement.name };
        char *name = str_format("%s + %s, %s", order, overtake, placement.name);
        size_t like = alike ? find_pair(t->replay, alike->name, overtake, placement.name)
                            : t->replay->n_candidates;
        if (like < t->replay->n_candidates)
            add_alike(t, name, &o, like);
        else if (add_candidate(t, name, &o, false, err) != 0)
            return -1;
    }
    return 0;
}

int replay_add_queues(struct replay_trial *t, struct error *err)
{
    struct setting_name overtake;
    for (size_t i = 0; order_at(i); i++) {
        if (order_at(i)->random)
            continue;                    /* explains nothing that could be replayed */
        const char *name = order_at(i)->name;
        const struct order_ops *alike =
            order_alike(order_at(i), t->session->workflow, t->session->platform);
        for (size_t k = 0; dispatch_overtake_at(k, &overtake); k++)
            if (str_equal(overtake.name, "conservative") && !str_equal(name, "arrival") &&
                !str_equal(name, "priority"))
                continue;                /* slow, and those who reserve for all go by these two */
            else if (add_pairs(t, name, overtake.name, alike, err) != 0)
                return -1;
    }
    return 0;
}

const struct replay_candidate *replay_find_preset(const struct replay *r,
                                                  const struct scheduler_preset *p)
{
    size_t c =
        p->source ? find_pair(r, p->order, p->overtake, p->placement) : r->n_candidates;
    return c < r->n_candidates ? &r->candidates[c] : NULL;
}
