#include "validation/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/dispatch.h"
#include "scheduling/order.h"
#include "scheduling/radical.h"
#include "validation/plain_view.h"
#include "validation/replay_run.h"

static const double waited_s = 0.5;
#define IN_TIME_S 0.25
static const double period_step_s = 0.0002;

struct trial { /* the candidate at hand, and what all replays made of each record */
    const struct session *session;
    struct replay *replay;
    struct replay_outcome measured;
    bool *counts;                        /* record -> compared */
    uint64_t **slots;                    /* candidate -> record -> slots */
    double in_time_s;                    /* instants closer than that are equal */
    /* instants count, too, since places tell little or nothing */
    bool plain;
    size_t candidate_room, slots_room;
};

static bool has_waited(const struct timeline_record *r, double in_time_s)
{
    return r->scheduled_s - r->arrived_s > fmax(waited_s, in_time_s);
}

static bool *list_comparable(const struct session *s, const struct replay_outcome *measured,
                             double in_time_s, struct replay *r)
{
    bool *counts = xcalloc(s->timeline->n, sizeof *counts);
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *record = &s->timeline->records[i];
        counts[i] =
            measured->slots[i] != 0 && !isnan(record->arrived_s) && !isnan(record->scheduled_s);
        r->n_placements += counts[i];
        r->n_left_out += !counts[i];
        r->n_waited += counts[i] && has_waited(record, in_time_s);
    }
    return counts;
}

static void score(const struct trial *t, const struct replay_outcome *o, struct replay_candidate *c)
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
static void tell_instants(const struct trial *t, struct replay_outcome *o)
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
static int try_period(struct trial *t, struct replay_candidate *c, double period_s,
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
static int find_period(struct trial *t, struct replay_candidate *c, struct replay_outcome *best,
                       struct error *err)
{
    int steps = t->replay->n_waited > 0
                    ? (int)lround((REPLAY_LAST_PERIOD_S - REPLAY_FIRST_PERIOD_S) / period_step_s)
                    : 0;
    for (int i = 0; i <= steps; i++)
        if (try_period(t, c, REPLAY_FIRST_PERIOD_S + i * period_step_s, best, err) != 0)
            return -1;
    return 0;
}

static int add_candidate(struct trial *t, char *name, const struct scheduler_options *options,
                         bool polls, struct error *err)
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

static int add_radical(struct trial *t, const char *generation, struct error *err)
{
    struct scheduler_options o = { .scheduler = "radical", .generation = generation,
                                   .order = "arrival", .overtake = "backfill",
                                   .placement = "first_fit" };
    return add_candidate(t, str_format("radical %s", generation), &o, radical_polls(generation),
                         err);
}

/* The session's own generation first: of equals it is to stand above the others. */
static int add_radicals(struct trial *t, struct error *err)
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
static void add_alike(struct trial *t, char *name, const struct scheduler_options *options,
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
static int add_pairs(struct trial *t, const char *order, const char *overtake,
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

static int add_queues(struct trial *t, struct error *err)
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

static bool same_placement(const struct replay_candidate *a, const struct replay_candidate *b)
{
    return !a->options.scheduler && !b->options.scheduler &&
           str_equal(a->options.placement, b->options.placement);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void note_differences(struct trial *t)
{
    struct replay *r = t->replay;
    for (size_t i = 0; i < t->measured.n; i++) {
        bool differ = false;
        for (size_t c = 1; t->counts[i] && c < r->n_candidates; c++) {
            differ |= t->slots[c][i] != t->slots[0][i];
            for (size_t k = c; k-- > 0 && !r->order_identifiable && r->n_waited > 0;)
                r->order_identifiable = same_placement(&r->candidates[c], &r->candidates[k]) &&
                                        t->slots[c][i] != t->slots[k][i];
        }
        r->n_differ += differ;
        for (size_t c = 0; differ && c < r->n_candidates; c++)
            r->candidates[c].n_equal_where_differ += t->slots[c][i] == t->measured.slots[i];
    }
}

/* Slots of tasks that waited and are not explained, told apart by their sets; ascending. */
static size_t list_unexplained(const struct trial *t, const uint64_t *of, const uint64_t *replayed,
                               uint64_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < t->measured.n; i++) {
        const struct timeline_record *r = &t->session->timeline->records[i];
        uint64_t set = (uint64_t)workflow_set_of_task(t->session->workflow, r->task);
        if (t->counts[i] && has_waited(r, t->in_time_s) && replayed[i] != t->measured.slots[i])
            out[n++] = of[i] ^ (set + 1) * UINT64_C(0x9e3779b97f4a7c15);
    }
    qsort(out, n, sizeof *out, by_value);
    return n;
}

static size_t count_exchanged(const struct trial *t, const uint64_t *replayed)
{
    uint64_t *a = xcalloc(t->measured.n + 1, sizeof *a), *b = xcalloc(t->measured.n + 1, sizeof *b);
    size_t n = list_unexplained(t, t->measured.slots, replayed, a), common = 0;
    list_unexplained(t, replayed, replayed, b);
    for (size_t i = 0, k = 0; i < n && k < n;) {
        uint64_t x = a[i], y = b[k];
        common += x == y;
        i += x <= y;
        k += y <= x;
    }
    xfree(a, b);
    return common;
}

/* Stable: the order of the registries decides what is left. */
static void rank_candidates(struct replay *r)
{
    for (size_t i = 1; i < r->n_candidates; i++) {
        struct replay_candidate c = r->candidates[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct replay_candidate *before = &r->candidates[at - 1];
            if (before->n_equal_where_differ > c.n_equal_where_differ ||
                (before->n_equal_where_differ == c.n_equal_where_differ &&
                 before->n_equal_in_time >= c.n_equal_in_time))
                break;
            r->candidates[at] = r->candidates[at - 1];
        }
        r->candidates[at] = c;
    }
}

static void tell_step_by_step(struct replay *r, const struct session *s)
{
    for (size_t g = 0; radical_generation_at(g) && r->n_told < REPLAY_TOLD_MOST; g++) {
        struct replay_told told = { .name = radical_generation_at(g) };
        if (!replay_steps(s, told.name, &told.steps))
            continue;
        size_t at = r->n_told++;
        for (; at > 0 && r->told[at - 1].steps.n_explained < told.steps.n_explained; at--)
            r->told[at] = r->told[at - 1];
        r->told[at] = told;
    }
}

static int replay_all(struct trial *t, struct error *err)
{
    struct replay *r = t->replay;
    if (r->n_placements == 0)
        return error_set(
            err, "%s: no task has a recorded arrival, placement and slots; nothing to replay",
            t->session->name);
    if ((!t->plain && add_radicals(t, err)) || add_queues(t, err))
        return -1;
    note_differences(t);
    for (size_t c = 0; c < r->n_candidates && !t->plain; c++)
        r->candidates[c].n_exchanged = count_exchanged(t, t->slots[c]);
    rank_candidates(r);
    if (r->n_waited > 0 && !t->plain)
        tell_step_by_step(r, t->session);
    return 0;
}

static struct replay *replay_timed(const struct session *s, bool plain, double in_time_s,
                                   struct error *err)
{
    struct replay *r = xcalloc(1, sizeof *r);
    struct trial t = { .session = s, .replay = r, .plain = plain, .in_time_s = in_time_s };
    replay_measured(s, &t.measured);
    t.counts = list_comparable(s, &t.measured, in_time_s, r);
    r->plain = plain;
    r->in_time_s = in_time_s;
    int status = replay_all(&t, err);
    for (size_t c = 0; c < r->n_candidates; c++)
        free(t.slots[c]);
    xfree(t.slots, t.counts);
    replay_outcome_clear(&t.measured);
    if (status == 0)
        return r;
    replay_free(r);
    return NULL;
}

struct replay *replay_session(const struct session *s, struct error *err)
{
    if (session_is_plain(s)) {
        struct plain_view view;
        plain_view_init(&view, s);
        struct replay *r = replay_timed(&view.session, true, view.tolerance_s, err);
        plain_view_clear(&view);
        return r;
    }
    if (s->tasks)
        return replay_timed(s, false, IN_TIME_S, err);
    error_set(err, "%s: has no arrivals and slots of its tasks, so there is nothing to replay",
              s->name);
    return NULL;
}

const struct replay_candidate *replay_find_preset(const struct replay *r,
                                                  const struct scheduler_preset *p)
{
    size_t c =
        p->source ? find_pair(r, p->order, p->overtake, p->placement) : r->n_candidates;
    return c < r->n_candidates ? &r->candidates[c] : NULL;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    for (size_t c = 0; c < r->n_candidates; c++)
        free(r->candidates[c].name);
    xfree(r->candidates, r);
}
