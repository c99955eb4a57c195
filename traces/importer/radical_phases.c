/* Phases of measured tasks: what the agent's stagers moved for them, and what they asked a service.
 *
 * A task's staging in is one phase, from the first file's start to the last one's stop, of a flow
 * named "staging"; likewise out. Sizes are not recorded. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "traces/importer/radical_requests.h"
#include "traces/session.h"

struct span { double from_s, to_s; };
struct staged { struct span in, out; };                  /* of a record; NAN: none */

static void widen(struct span *to, double from_s, double to_s)
{
    to->from_s = fmin(to->from_s, from_s);
    to->to_s = fmax(to->to_s, to_s);
}

/* By record. *any: some task was staged. free() it. */
static struct staged *staged_of(const struct radical_requests *r, const size_t *record_of,
                                const struct session *s, bool *any)
{
    struct staged *of = xcalloc(s->timeline->n + 1, sizeof *of);
    const struct span none = { NAN, NAN };
    *any = false;
    for (size_t i = 0; i < s->timeline->n; i++)
        of[i] = (struct staged){ none, none };
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_span *span = &r->spans[i];
        const char *name = r->names.at[span->name].text;
        size_t record = record_of[span->task];
        bool in = str_equal(name, "staging_in");
        if (record == SIZE_MAX || (!in && !str_equal(name, "staging_out")))
            continue;
        widen(in ? &of[record].in : &of[record].out, span->start_s - s->zero_epoch_s,
              span->stop_s - s->zero_epoch_s);
        *any = true;
    }
    return of;
}

struct adder { struct timeline *t; uint16_t staging, service; };

/* Within `from_s` and `to_s`, which clocks of other components may have passed by a little. */
static void add(const struct adder *a, enum phase_kind kind, struct span at, struct span within)
{
    double from_s = fmax(at.from_s, within.from_s), to_s = fmin(at.to_s, within.to_s);
    if (isnan(at.from_s) || isnan(within.from_s) || isnan(within.to_s) || !(to_s > from_s))
        return;
    struct timeline_phase p = { .from_s = from_s, .to_s = to_s, .amount = NAN, .full_rate = NAN,
                                .kind = (uint8_t)kind,
                                .name = kind == PHASE_MOVES  ? a->staging
                                        : kind == PHASE_ASKS ? a->service
                                                             : 0 };
    p.amount = kind == PHASE_COMPUTES ? to_s - from_s : kind == PHASE_ASKS ? 1 : (double)NAN;
    timeline_add_phase(a->t, &p);
}

SORT_BY_2(by_record_and_start, struct session_request, record, started_s)

/* Requests of record `i`, from *next on, and what it computes between them. */
static void add_requests(const struct adder *a, const struct timeline_record *r, size_t i,
                         const struct session_request *all, size_t n, size_t *next)
{
    struct span ran = { r->started_s, r->stopped_s }, rest = ran;
    bool any = *next < n && all[*next].record == i;
    for (; *next < n && all[*next].record == i; ++*next) {
        struct span asks = { fmax(all[*next].started_s, rest.from_s), all[*next].stopped_s };
        add(a, PHASE_COMPUTES, (struct span){ rest.from_s, asks.from_s }, ran);
        add(a, PHASE_ASKS, asks, ran);
        rest.from_s = fmax(rest.from_s, asks.to_s);
    }
    if (any)
        add(a, PHASE_COMPUTES, rest, ran);
}

void radical_phases_give(const struct radical_requests *r, const size_t *record_of,
                         struct session *s)
{
    bool any;
    struct staged *staged = staged_of(r, record_of, s, &any);
    size_t n = s->n_services > 0 ? s->n_requests : 0, next = 0;
    if (any || n > 0) {
        struct adder a = { .t = timeline_new(s->workflow, s->platform) };
        struct session_request *all = n > 0 ? xmemdup(s->requests, n * sizeof *all) : NULL;
        if (n > 0)
            qsort(all, n, sizeof *all, by_record_and_start);
        a.staging = timeline_name_flow(a.t, "staging");
        a.service = timeline_name_flow(a.t, s->n_services > 0 ? s->services[0].uid : "service");
        a.t->session_start_s = s->timeline->session_start_s;
        a.t->session_end_s = s->timeline->session_end_s;
        for (size_t i = 0; i < s->timeline->n; i++) {
            timeline_add_copy(a.t, s->timeline, i);
            const struct timeline_record *at = &s->timeline->records[i];
            add(&a, PHASE_MOVES, staged[i].in, (struct span){ at->submitted_s, at->scheduled_s });
            add_requests(&a, at, i, all, n, &next);
            add(&a, PHASE_MOVES, staged[i].out, (struct span){ at->freed_s, at->notified_s });
        }
        timeline_free(s->timeline);
        s->timeline = a.t;
        free(all);
    }
    free(staged);
}
