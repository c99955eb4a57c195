/* What of loops and campaigns cannot be decided, each in one sentence. */
#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/workflow_impl.h"

enum { MOST_SETS = 10000 };

int workflow_refuse_set(const struct workflow *w, const char *of_kind, const char *of,
                        const char *name, struct error *err)
{
    struct name_index *names = name_index_new();
    bool repeated = false;
    for (size_t s = 0; s < w->n_sets; s++) {
        name_index_add(names, w->sets[s].name, (int)s);
        repeated |= str_equal(w->sets[s].label, name);
    }
    const char *near = name_index_nearest(names, name);
    error_set(err, "%s '%s': there is no task set '%s'%s%s%s", of_kind, of, name,
              repeated ? "; a set that `iterations` repeats is not decided on as a whole"
              : near   ? "; did you mean '"
                       : "",
              repeated || !near ? "" : near, repeated || !near ? "" : "'?");
    name_index_free(names);
    return -1;
}

/* ---- loops ---- */

static bool can_stop(const struct loop *l)
{
    const struct loop_stop *s = &l->stop;
    bool gains = s->gain && (dist_mean(s->gain) > 0 || s->reaches == 0);
    return s->probability > 0 || s->after || gains || s->budget_s > 0 || l->at_most > 0;
}

static int check_loop_sets(const struct workflow *w, const struct loop *l, struct error *err)
{
    for (size_t i = 0; i < l->n_sets; i++) {
        int set = workflow_find_set(w, l->sets[i]);
        if (set < 0)
            return workflow_refuse_set(w, "loop", l->name, l->sets[i], err);
        if (w->sets[set].iteration > 0)
            return error_set(err, "loop '%s': task set '%s' is repeated by `iterations` already",
                             l->name, l->sets[i]);
        for (size_t k = 0; k < i; k++)
            if (str_equal(l->sets[k], l->sets[i]))
                return error_set(err, "loop '%s': names task set '%s' twice", l->name, l->sets[i]);
    }
    if (l->decided_by && !loop_holds(l, l->decided_by))
        return error_set(err, "loop '%s': is decided by '%s'; expected one of its sets", l->name,
                         l->decided_by);
    return 0;
}

/* Two loops have no set in common, or one lies inside the other. */
static int check_nesting(const struct workflow *w, const struct loop *l, const struct loop *other,
                         struct error *err)
{
    size_t common = 0;
    for (size_t i = 0; i < l->n_sets; i++)
        common += loop_holds(other, l->sets[i]);
    if (common > 0 && (common < l->n_sets || l->n_sets == other->n_sets) && common < other->n_sets)
        return error_set(
            err, "workflow %s: loops '%s' and '%s' share some sets; one must lie inside the other",
            workflow_title(w), l->name, other->name);
    if (common == l->n_sets && l->n_sets == other->n_sets)
        return error_set(err, "workflow %s: loops '%s' and '%s' repeat the same sets",
                         workflow_title(w),
                         l->name, other->name);
    return 0;
}

static int check_depth(const struct workflow *w, int loop, struct error *err)
{
    int inside = 0;
    const struct loop *l = &w->decisions.loops[loop];
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        inside += (int)i != loop && w->decisions.loops[i].n_sets > l->n_sets &&
                  loop_holds(&w->decisions.loops[i], l->sets[0]);
    if (inside > 1)
        return error_set(err, "loop '%s': lies in a loop that lies in a loop; loops nest one level",
                         l->name);
    return 0;
}

/* A set outside that comes after one of these and before another would wait for their end, and they
 * for it. */
static int check_between(const struct workflow *w, const char *what, const bool *inside,
                         struct error *err)
{
    bool *before = xmemdup(inside, w->n_sets * sizeof *inside),
         *after = xmemdup(inside, w->n_sets * sizeof *inside);
    workflow_mark_before(w, before);
    workflow_mark_after(w, after);
    int status = 0;
    for (size_t s = 0; s < w->n_sets && status == 0; s++)
        if (before[s] && after[s] && !inside[s])
            status = error_set(
                err,
                "%s: '%s' comes after one of its sets and before another, so it would wait for the "
                "decision that waits for it",
                what, w->sets[s].name);
    xfree(before, after);
    return status;
}

static int check_between_sets(const struct workflow *w, const struct loop *l, struct error *err)
{
    bool *inside = xcalloc(w->n_sets, sizeof *inside);
    for (size_t i = 0; i < l->n_sets; i++)
        inside[workflow_find_set(w, l->sets[i])] = true;
    char *what = str_format("loop '%s'", l->name);
    int status = check_between(w, what, inside, err);
    xfree(what, inside);
    return status;
}

static int check_loop(const struct workflow *w, int loop, struct error *err)
{
    const struct loop *l = &w->decisions.loops[loop];
    if (check_loop_sets(w, l, err) != 0)
        return -1;
    for (int i = 0; i < loop; i++)
        if (check_nesting(w, l, &w->decisions.loops[i], err) != 0)
            return -1;
    if (!can_stop(l))
        return error_set(
            err, "loop '%s': can never end; give `stop` something that happens, or `at_most`",
            l->name);
    return check_between_sets(w, l, err);
}

/* ---- campaigns ---- */

static int check_between_learning(const struct workflow *w, const struct campaign *c,
                                  struct error *err)
{
    bool *inside = xcalloc(w->n_sets, sizeof *inside);
    inside[workflow_find_set(w, c->candidates)] = inside[workflow_find_set(w, c->learn)] = true;
    char *what = str_format("campaign '%s'", c->name);
    int status = check_between(w, what, inside, err);
    xfree(what, inside);
    return status;
}

/* A campaign that only its hits end, and that is expected to need more rounds than a session can
 * hold. */
static int check_reach(const struct campaign *c, struct error *err)
{
    double candidates = campaign_expected(c), every = c->every > 0 ? c->every : 1000;
    if (c->budget > 0 || c->time_s > 0 || candidates / every <= DECISIONS_MOST_SETS)
        return 0;
    return error_set(err,
                     "campaign '%s': is expected to need %s%.3g candidates for its %lld hits; give "
                     "it a `budget` or a `time`",
                     c->name, candidates < 1e9 ? "" : "more than ", fmin(candidates, 1e9),
                     (long long)c->hits);
}

static int check_campaign(const struct workflow *w, const struct campaign *c, struct error *err)
{
    int candidates = workflow_find_set(w, c->candidates),
        learn = c->learn ? workflow_find_set(w, c->learn) : -1;
    if (candidates < 0)
        return workflow_refuse_set(w, "campaign", c->name, c->candidates, err);
    if (c->learn && learn < 0)
        return workflow_refuse_set(w, "campaign", c->name, c->learn, err);
    const struct task_set *set = &w->sets[candidates];
    if (set->n_tasks != 1 || set->decided || set->durations || set->release.kind != RELEASE_NONE)
        return error_set(err,
                         "campaign '%s': says how many '%s' there are and when, so the set has no "
                         "tasks, durations, release or decisions of its own",
                         c->name, set->name);
    if (set->traits->service.serves || (learn >= 0 && w->sets[learn].traits->service.serves))
        return error_set(err,
                         "campaign '%s': '%s' is a service, which lasts as long as its clients; it "
                         "is not a candidate or a learning",
                         c->name, set->traits->service.serves ? set->name : c->learn);
    if (learn >= 0 && w->sets[learn].decided)
        return error_set(err, "campaign '%s': its learning '%s' cannot be decided on too", c->name,
                         c->learn);
    if (learn >= 0 && workflow_comes_after(w, candidates, learn))
        return error_set(err, "campaign '%s': '%s' comes after '%s', which learns from it", c->name,
                         set->name, c->learn);
    for (int i = 0; i < (int)w->decisions.n_loops; i++)
        if (loop_holds(&w->decisions.loops[i], c->candidates) ||
            (c->learn && loop_holds(&w->decisions.loops[i], c->learn)))
            return error_set(
                err, "campaign '%s': cannot lie in loop '%s'; a campaign repeats its sets itself",
                c->name, w->decisions.loops[i].name);
    for (const struct campaign *other = w->decisions.campaigns; other < c; other++)
        if (str_equal(other->candidates, c->candidates) || str_equal(other->learn, c->candidates) ||
            (c->learn &&
             (str_equal(other->candidates, c->learn) || str_equal(other->learn, c->learn))))
            return error_set(err, "campaigns '%s' and '%s' have a set in common", other->name,
                             c->name);
    if (check_reach(c, err))
        return -1;
    return learn >= 0 ? check_between_learning(w, c, err) : 0;
}

static int check_names(const struct workflow *w, struct error *err)
{
    const struct decisions *d = &w->decisions;
    struct name_index *names = name_index_new();
    int status = 0;
    for (size_t i = 0; i < d->n_loops + d->n_campaigns && status == 0; i++) {
        const char *name = i < d->n_loops ? d->loops[i].name : d->campaigns[i - d->n_loops].name;
        if (name_index_add(names, name, (int)i) >= 0)
            status = error_set(err, "workflow %s: two loops or campaigns are called '%s'",
                               workflow_title(w),
                               name);
    }
    name_index_free(names);
    return status;
}

int workflow_check_decisions(const struct workflow *w, struct error *err)
{
    const struct decisions *d = &w->decisions;
    bool repeats = d->n_loops + d->n_campaigns > 0;
    if (!workflow_decides(w))
        return 0;
    if (repeats && w->n_stages + w->n_pipelines > 0)
        return error_set(err,
                         "workflow %s: has `stages` or `pipelines` beside loops or campaigns, "
                         "whose sets are not known beforehand; say `after` instead",
                         workflow_title(w));
    if (w->n_sets > MOST_SETS)
        return error_set(
            err,
            "workflow %s: has decisions and %zu task sets; with decisions, at most %d are held",
            workflow_title(w), w->n_sets, MOST_SETS);
    if (check_names(w, err) != 0)
        return -1;
    for (size_t i = 0; i < d->n_loops; i++)
        if (check_loop(w, (int)i, err) != 0)
            return -1;
    for (size_t i = 0; i < d->n_loops; i++)
        if (check_depth(w, (int)i, err) != 0)
            return -1;
    for (size_t i = 0; i < d->n_campaigns; i++)
        if (check_campaign(w, &d->campaigns[i], err) != 0)
            return -1;
    for (size_t s = 0; s < w->n_sets; s++)
        if (workflow_check_decided_set(w, (int)s, err) != 0)
            return -1;
    return 0;
}
