#include "validation/profile_choice.h"

#include "core/presets.h"
#include "core/scenario.h"
#include "validation/peers.h"

static int choose(struct profile_choice *out, const struct session *s, const struct presets *presets, const char *const *data_dirs,
                  struct error *err)
{
    const struct likeness ours = session_likeness(s);
    double least = 0;
    for (size_t i = 0; i < presets->n; i++) {
        struct middleware *m = middleware_open(presets->names[i], data_dirs, err);
        if (!m)
            return -1;
        const struct likeness theirs = middleware_likeness(m);
        double distance = likeness_distance(&ours, &theirs);
        bool measured = m->n_sessions > 0;               /* published figures are no session's */
        bool candidate = measured && (theirs.version || theirs.launcher), closer = candidate && (!out->profile || distance < least);
        out->n_candidates += candidate;
        middleware_free(closer ? out->profile : m);
        if (!closer)
            continue;
        least = distance;
        out->profile = m;
        out->differences = likeness_compare(&ours, &theirs);
    }
    return 0;
}

int profile_choose(struct profile_choice *out, const struct session *s, const char *said, const char *const *data_dirs,
                   struct error *err)
{
    *out = (struct profile_choice){ 0 };
    if (said) {
        out->profile = middleware_open(said, data_dirs, err);
        return out->profile ? 0 : -1;
    }
    if (s->generation != GENERATION_NONE) {
        struct presets presets = presets_find(PRESET_MIDDLEWARE, data_dirs);
        int status = choose(out, s, &presets, data_dirs, err);
        presets_clear(&presets);
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

void profile_choice_clear(struct profile_choice *c)
{
    middleware_free(c->profile);
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
    if (c->differences)
        str_add(text, "; differs in ");
    likeness_add_names(text, c->differences);
}
