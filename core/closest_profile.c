#include "core/closest_profile.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/presets.h"
#include "core/scenario.h"

/* RADICAL's profiles say whether EnTK is the client. Another tool's are for its runs only. */
static bool is_candidate(const struct middleware *m, const struct likeness *of,
                         const struct likeness *run)
{
    if (m->n_sessions == 0 || (!of->version && !of->launcher) || (of->entk < 0) != (run->entk < 0))
        return false;
    return of->entk >= 0 || (run->launcher && str_equal(of->launcher, run->launcher));
}

/* Of a look through all profiles: the least distances so far. */
struct search {
    struct closest_profile *out;
    const struct closest_question *q;
    double least, least_barred;
};

/* Is it closer than the one so far, or as close and of a newer release? */
static bool is_better(const struct search *f, double distance, const struct likeness *theirs)
{
    if (!f->out->profile || distance < f->least)
        return true;
    struct likeness so_far = middleware_likeness(f->out->profile);
    return distance <= f->least && likeness_newest(theirs) > likeness_newest(&so_far);
}

static void pass_over(struct search *f, const struct middleware *m, double distance)
{
    if (!(distance < f->least_barred))
        return;
    free(f->out->passed_over);
    f->out->passed_over = xstrdup(m->name);
    f->least_barred = distance;
}

/* Takes the profile, or frees it. */
static void consider(struct search *f, struct middleware *m)
{
    struct closest_profile *out = f->out;
    const struct likeness theirs = middleware_likeness(m);
    double distance = likeness_distance(&f->q->run, &theirs);
    bool candidate = is_candidate(m, &theirs, &f->q->run),
         barred = candidate && f->q->barred && f->q->barred(m, f->q->context);
    bool better = candidate && !barred && is_better(f, distance, &theirs);
    if (barred)
        pass_over(f, m, distance);
    out->n_candidates += candidate && !barred;
    middleware_free(better ? out->profile : m);
    if (!better)
        return;
    f->least = distance;
    out->profile = m;
    out->differences = likeness_compare(&f->q->run, &theirs);
}

int closest_profile_find(struct closest_profile *out, const struct closest_question *q,
                         const char *const *data_dirs, struct error *err)
{
    struct presets presets = presets_find(PRESET_MIDDLEWARE, data_dirs);
    struct search f = { out, q, INFINITY, INFINITY };
    int status = 0;
    *out = (struct closest_profile){ 0 };
    for (size_t i = 0; status == 0 && i < presets.n; i++) {
        struct middleware *m = middleware_open(presets.names[i], data_dirs, json_load, err);
        if (m)
            consider(&f, m);
        status = m ? 0 : -1;
    }
    presets_clear(&presets);
    if (status)
        closest_profile_clear(out);
    if (out->passed_over && out->profile && f.least < f.least_barred) {
        free(out->passed_over);
        out->passed_over = NULL;
    }
    return status;
}

void closest_profile_clear(struct closest_profile *c)
{
    middleware_free(c->profile);
    free(c->passed_over);
    *c = (struct closest_profile){ 0 };
}

void closest_profile_add(struct str *text, const struct closest_profile *c)
{
    str_addf(text, "the closest of %zu shipped profiles", c->n_candidates);
    if (c->differences)
        str_add(text, "; differs in ");
    likeness_add_names(text, c->differences);
}

/* What is known beforehand of a run of `w` on `p`: the platform's name; release and launcher of the
 * platform's record, else the workflow's; the client of the workflow's, else the platform's. Texts
 * are theirs. */
static struct likeness planned_likeness(const struct workflow *w, const struct platform *p)
{
    const struct run_record *of = &w->radical, *there = &p->radical;
    enum client client = of->client != CLIENT_UNKNOWN ? of->client : there->client;
    return (struct likeness){ .machine = p->name,
                              .version = there->version ? there->version : of->version,
                              .launcher = there->launcher ? there->launcher : of->launcher,
                              .generation = -1,
                              .entk = (int)client - CLIENT_ALONE };
}

struct likeness assumed_likeness(const struct workflow *w, const struct platform *p)
{
    struct likeness l = planned_likeness(w, p);
    if (l.entk < 0)
        l.entk = workflow_edge_count(w) > 0 || w->n_pipelines > 0 || w->n_stages > 1;
    return l;
}
