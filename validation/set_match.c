#include "validation/set_match.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { NONE = -1 };

const char *match_by_name(enum match_by by)
{
    static const char *const names[MATCHES] = { [MATCH_NAME] = "name", [MATCH_LABEL] = "label",
                                                [MATCH_SHAPE] = "shape" };
    return names[by];
}

/* --- the match -------------------------------------------------------------------------------- */

struct sides { const struct workflow *session, *given; const struct platform *platform; };

static bool same_shape(const struct sides *s, const struct task_set *a, const struct task_set *b)
{
    struct slot_demand x = platform_slots(s->platform, &a->traits->demand),
                       y = platform_slots(s->platform, &b->traits->demand);
    return a->n_tasks == b->n_tasks && x.slots == y.slots && x.ranks == y.ranks &&
           x.gpus == y.gpus && x.gpu_share == y.gpu_share;
}

static bool same_text(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

static bool fits(const struct sides *s, enum match_by by, const struct task_set *measured,
                 const struct task_set *given)
{
    if (by == MATCH_NAME)
        return same_text(measured->name, given->name);
    if (by == MATCH_LABEL)
        return same_text(measured->label, given->label) && measured->iteration == given->iteration;
    return same_shape(s, measured, given);
}

static void match_by(struct set_match *m, const struct sides *s, enum match_by by)
{
    for (size_t g = 0; g < m->n; g++)
        for (size_t k = 0; k < m->n && m->session_of[g] == NONE; k++)
            if (m->given_of[k] == NONE && fits(s, by, &s->session->sets[k], &s->given->sets[g])) {
                m->given_of[k] = (int)g;
                m->session_of[g] = (int)k;
                m->by[k] = by;
            }
}

static void add_set(struct str *words, const struct task_set *set)
{
    str_addf(words, "'%s' (%u task%s of ", set->name, (unsigned)set->n_tasks,
             set->n_tasks == 1 ? "" : "s");
    demand_add_words(words, &set->traits->demand);
    str_add(words, ")");
}

static const char what_to_do[] = "dagcast import SESSION --write-workflow W.json writes the "
                                 "session's sets, to be given their 'after'";

static int refuse(const struct task_set *set, const char *here, const char *there,
                  struct error *err)
{
    struct str words = { 0 };
    add_set(&words, set);
    error_set(err,
              "set %s of the %s has no counterpart in the %s by name, label or shape; expected "
              "every set once on each side; %s",
              words.text, here, there, what_to_do);
    str_clear(&words);
    return -1;
}

static int check(const struct set_match *m, const struct sides *s, struct error *err)
{
    for (size_t g = 0; g < m->n; g++)
        if (m->session_of[g] == NONE)
            return refuse(&s->given->sets[g], "workflow", "session", err);
    for (size_t k = 0; k < m->n; k++) {
        const struct task_set *given = &s->given->sets[m->given_of[k]];
        if (s->session->sets[k].n_tasks != given->n_tasks)
            return error_set(err,
                             "set '%s' has %u tasks in the workflow, '%s' has %u in the session; "
                             "expected the same number",
                             given->name, (unsigned)given->n_tasks, s->session->sets[k].name,
                             (unsigned)s->session->sets[k].n_tasks);
    }
    return 0;
}

static int check_counts(const struct sides *s, struct error *err)
{
    if (s->session->n_sets != s->given->n_sets)
        return error_set(err,
                         "the workflow has %zu task sets, the session %zu; expected every set once "
                         "on each side; %s",
                         s->given->n_sets, s->session->n_sets, what_to_do);
    return 0;
}

static double worst_share(const struct set_match *m, const struct sides *s)
{
    double worst = NAN;
    for (size_t k = 0; k < m->n; k++) {
        double measured_s = dist_mean(s->session->sets[k].duration);
        double share =
            fabs(dist_mean(s->given->sets[m->given_of[k]].duration) - measured_s) / measured_s;
        if (measured_s > 0 && !(share <= worst))
            worst = share;
    }
    return worst;
}

int set_match(struct set_match *out, const struct workflow *session, const struct workflow *given,
              const struct platform *p, struct error *err)
{
    const struct sides s = { session, given, p };
    *out = (struct set_match){ 0 };
    if (check_counts(&s, err))
        return -1;
    size_t n = session->n_sets;
    *out = (struct set_match){ .n = n,
                               .given_of = xcalloc(n, sizeof *out->given_of),
                               .session_of = xcalloc(n, sizeof *out->session_of),
                               .by = xcalloc(n, sizeof *out->by) };
    for (size_t k = 0; k < n; k++)
        out->given_of[k] = out->session_of[k] = NONE;
    for (int by = 0; by < MATCHES; by++)
        match_by(out, &s, (enum match_by)by);
    if (check(out, &s, err)) {
        set_match_clear(out);
        return -1;
    }
    out->worst_share = worst_share(out, &s);
    return 0;
}

void set_match_clear(struct set_match *m)
{
    xfree(m->given_of, m->session_of, m->by);
    *m = (struct set_match){ 0 };
}

/* --- the order -------------------------------------------------------------------------------- */

SORT_BY(by_parent, struct dependency, parent)

static void take_dependencies(struct task_set *to, const struct task_set *from,
                              const struct set_match *m)
{
    workflow_drop_dependencies(to);
    to->n_dependencies = from->n_dependencies;
    to->dependencies = workflow_copy_dependencies(from->dependencies, from->n_dependencies);
    for (size_t d = 0; d < to->n_dependencies; d++)
        to->dependencies[d].parent = m->session_of[to->dependencies[d].parent];
    sort_items(to->dependencies, to->n_dependencies, sizeof *to->dependencies, by_parent);
}

static void renumber(struct stage *stages, size_t n, const struct set_match *m)
{
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < stages[k].n_sets; i++)
            stages[k].sets[i] = m->session_of[stages[k].sets[i]];
}

void set_match_take_order(struct workflow *w, const struct workflow *given,
                          const struct set_match *m)
{
    for (size_t k = 0; k < m->n; k++) {
        const struct task_set *from = &given->sets[m->given_of[k]];
        take_dependencies(&w->sets[k], from, m);
        w->sets[k].iteration = from->iteration;
    }
    w->iterations = given->iterations;
    workflow_copy_order(w, given);
    renumber(w->stages, w->n_stages, m);
    for (size_t p = 0; p < w->n_pipelines; p++)
        renumber(w->pipelines[p].stages, w->pipelines[p].n_stages, m);
}
