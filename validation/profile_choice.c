#include "validation/profile_choice.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/presets.h"
#include "core/scenario.h"
#include "validation/peers.h"
#include "validation/predict_session.h"

/* Of a look through all profiles: the closest that may be taken, and the closest that was fitted on the session. */
struct search {
    struct profile_choice *out;
    const struct session *session;
    struct likeness ours;
    bool unseen;                         /* one that was fitted on the session may not be taken */
    double least, least_seen;
};

static void pass_over(struct search *f, const struct middleware *m, double distance)
{
    if (f->out->passed_over && distance >= f->least_seen)
        return;
    free(f->out->passed_over);
    f->out->passed_over = xstrdup(m->name);
    f->least_seen = distance;
}

/* Takes the profile, or frees it. */
static void consider(struct search *f, struct middleware *m)
{
    struct profile_choice *out = f->out;
    const struct likeness theirs = middleware_likeness(m);
    double distance = likeness_distance(&f->ours, &theirs);
    bool measured = m->n_sessions > 0;                   /* published figures are no session's */
    bool candidate = measured && (theirs.version || theirs.launcher);
    bool seen = candidate && f->unseen && session_is_of_profile(f->session, m);
    bool closer = candidate && !seen && (!out->profile || distance < f->least);
    if (seen)
        pass_over(f, m, distance);
    out->n_candidates += candidate && !seen;
    middleware_free(closer ? out->profile : m);
    if (!closer)
        return;
    f->least = distance;
    out->profile = m;
    out->differences = likeness_compare(&f->ours, &theirs);
}

static int choose(struct search *f, const char *const *data_dirs, struct error *err)
{
    struct presets presets = presets_find(PRESET_MIDDLEWARE, data_dirs);
    int status = 0;
    for (size_t i = 0; status == 0 && i < presets.n; i++) {
        struct middleware *m = middleware_open(presets.names[i], data_dirs, err);
        if (m)
            consider(f, m);
        status = m ? 0 : -1;
    }
    presets_clear(&presets);
    if (f->out->passed_over && f->out->profile && f->least < f->least_seen) {
        free(f->out->passed_over);       /* the one that is taken is closer */
        f->out->passed_over = NULL;
    }
    return status;
}

static int choose_or_name(struct search *f, const char *said, const char *const *data_dirs, struct error *err)
{
    struct profile_choice *out = f->out;
    *out = (struct profile_choice){ 0 };
    if (said) {
        out->profile = middleware_open(said, data_dirs, err);
        return out->profile ? 0 : -1;
    }
    if (f->session->generation != GENERATION_NONE) {
        f->ours = session_likeness(f->session);
        int status = choose(f, data_dirs, err);
        if (status == 0 && out->profile)
            return 0;
        profile_choice_clear(out);
        if (status)
            return -1;
    }
    out->ideal = true;
    out->profile = middleware_ideal();
    return 0;
}

int profile_choose(struct profile_choice *out, const struct session *s, const char *said, const char *const *data_dirs,
                   struct error *err)
{
    struct search f = { .out = out, .session = s };
    return choose_or_name(&f, said, data_dirs, err);
}

int profile_choose_unseen(struct profile_choice *out, const struct session *s, const char *said, const char *const *data_dirs,
                          struct error *err)
{
    struct search f = { .out = out, .session = s, .unseen = true };
    return choose_or_name(&f, said, data_dirs, err);
}

void profile_choice_clear(struct profile_choice *c)
{
    middleware_free(c->profile);
    free(c->passed_over);
    *c = (struct profile_choice){ 0 };
}

void profile_choice_add(struct str *text, const struct profile_choice *c)
{
    if (c->ideal)
        str_add(text, "ideal: no shipped profile is for such a session, so that its middleware costs no time; fit one on others of its "
                "kind (dagcast calibrate RUN... -o here.json)");
    if (!c->n_candidates)
        return;
    str_addf(text, "chosen: the closest of %zu shipped profiles", c->n_candidates);
    if (c->passed_over)
        str_addf(text, " that were not fitted on this session (%s is closer, and was: --in-sample takes it)", c->passed_over);
    if (c->differences)
        str_add(text, "; differs in ");
    likeness_add_names(text, c->differences);
}
