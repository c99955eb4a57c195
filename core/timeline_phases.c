#include "core/timeline_phases.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/timeline_impl.h"

const char *phase_kind_name(enum phase_kind k)
{
    static const char *const names[PHASE_KINDS] = { "compute", "move", "ask", "load", "serve" };
    return names[k];
}

double timeline_phase_alone_s(const struct timeline_phase *p)
{
    double took_s = p->to_s - p->from_s;
    if (p->kind == PHASE_COMPUTES)
        return isnan(p->amount) ? NAN : fmin(p->amount, took_s);
    return isnan(p->amount) || isnan(p->full_rate) ? NAN : fmin(p->amount / p->full_rate, took_s);
}

static struct timeline_phases *phases_of(struct timeline *t)
{
    if (!t->phases)
        t->phases = xcalloc(1, sizeof *t->phases);
    return t->phases;
}

void timeline_phases_free(struct timeline_phases *p)
{
    for (size_t i = 0; p && i < p->n_names; i++)
        free(p->names[i]);
    if (!p)
        return;
    xfree(p->names, p->at, p->of, p);
}

void timeline_phases_clear(struct timeline_phases *p)
{
    if (p)
        p->n = p->n_records = 0;
}

void timeline_add_phase(struct timeline *t, const struct timeline_phase *phase)
{
    struct timeline_phases *p = phases_of(t);
    assert(t->n > 0 && phase->name < UINT16_MAX);
    xgrow(&p->of, &p->of_room, t->n, sizeof *p->of);
    while (p->n_records < t->n)
        p->of[p->n_records++] = (struct phase_span){ (uint32_t)p->n, 0 };
    xgrow(&p->at, &p->room, p->n + 1, sizeof *p->at);
    p->at[p->n++] = *phase;
    p->of[t->n - 1].n++;
}

size_t timeline_phases_of(const struct timeline *t, size_t record, struct timeline_phase **first)
{
    const struct timeline_phases *p = t->phases;
    if (!p || record >= p->n_records || p->of[record].n == 0)
        return 0;
    *first = &p->at[p->of[record].first];
    return p->of[record].n;
}

void timeline_drop_phases(struct timeline *t, size_t record, size_t n)
{
    assert(record < t->phases->n_records && t->phases->of[record].n >= n);
    t->phases->of[record].n -= (uint32_t)n;
}

bool timeline_has_phases(const struct timeline *t)
{
    return t->phases && t->phases->n > 0;
}

uint16_t timeline_name_flow(struct timeline *t, const char *name)
{
    struct timeline_phases *p = phases_of(t);
    for (size_t i = 0; i < p->n_names; i++)
        if (str_equal(p->names[i], name))
            return (uint16_t)(i + 1);
    assert(p->n_names < TIMELINE_FLOWS_MOST);
    xgrow(&p->names, &p->name_room, p->n_names + 1, sizeof *p->names);
    p->names[p->n_names++] = xstrdup(name);
    return (uint16_t)p->n_names;
}

const char *timeline_flow_name(const struct timeline *t, uint16_t name)
{
    return name == 0 ? "" : t->phases->names[name - 1];
}

size_t timeline_flow_names(const struct timeline *t)
{
    return t->phases ? t->phases->n_names + 1 : 1;
}

void timeline_copy_phases(struct timeline *to, const struct timeline *from, size_t record,
                          double by_s)
{
    struct timeline_phase *first;
    for (size_t k = 0, n = timeline_phases_of(from, record, &first); k < n; k++) {
        struct timeline_phase phase = first[k];
        phase.from_s += by_s;
        phase.to_s += by_s;
        phase.name = phase.name ? timeline_name_flow(to, timeline_flow_name(from, phase.name)) : 0;
        timeline_add_phase(to, &phase);
    }
}

void timeline_phases_permute(struct timeline_phases *p, size_t n, const uint32_t *from)
{
    if (!p)
        return;
    struct phase_span *of = xcalloc(n, sizeof *of);
    for (size_t i = 0; i < n; i++)
        if (from[i] < p->n_records)
            of[i] = p->of[from[i]];
    free(p->of);
    p->of = of;
    p->n_records = p->of_room = n;
}

int timeline_service_called(const struct timeline *t, const char *name)
{
    const struct workflow *w = t->workflow;
    for (size_t s = 0; w->n_services > 0 && s < w->n_sets; s++)
        if (w->sets[s].traits->service.serves && str_equal(w->sets[s].name, name))
            return (int)s;
    return -1;
}
