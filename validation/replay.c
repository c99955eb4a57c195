#include "validation/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/radical.h"
#include "validation/plain_view.h"
#include "validation/replay_impl.h"
#include "validation/replay_run.h"

static const double waited_s = 0.5;
#define IN_TIME_S 0.25

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

static void note_differences(struct replay_trial *t)
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
static size_t list_unexplained(const struct replay_trial *t, const uint64_t *of,
                               const uint64_t *replayed, uint64_t *out)
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

static size_t count_exchanged(const struct replay_trial *t, const uint64_t *replayed)
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

static int replay_all(struct replay_trial *t, struct error *err)
{
    struct replay *r = t->replay;
    if (r->n_placements == 0)
        return error_set(
            err, "%s: no task has a recorded arrival, placement and slots; nothing to replay",
            t->session->name);
    if ((!t->plain && replay_add_radicals(t, err)) || replay_add_queues(t, err))
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
    struct replay_trial t = { .session = s, .replay = r, .plain = plain, .in_time_s = in_time_s };
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

void replay_free(struct replay *r)
{
    if (!r)
        return;
    for (size_t c = 0; c < r->n_candidates; c++)
        free(r->candidates[c].name);
    xfree(r->candidates, r);
}
