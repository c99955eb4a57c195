#include "validation/profile_choice.h"

#include <stdlib.h>

#include "core/closest_profile.h"
#include "core/scenario.h"
#include "validation/peers.h"
#include "validation/predict_session.h"
#include "traces/packed_file.h"

static bool is_of_session(const struct middleware *m, const void *session)
{
    return session_is_of_profile(session, m);
}

static int choose_or_name(struct profile_choice *out, const struct closest_question *q,
                          const char *said, const char *const *data_dirs, struct error *err)
{
    *out = (struct profile_choice){ 0 };
    if (said && !str_equal(said, PROFILE_AUTO)) {
        out->profile = middleware_open(said, data_dirs, packed_file_load_json, err);
        return out->profile ? 0 : -1;
    }
    struct closest_profile c;
    if (closest_profile_find(&c, q, data_dirs, err))
        return -1;
    *out = (struct profile_choice){ c.profile, c.n_candidates, c.differences, false,
                                    c.passed_over };
    if (out->profile)
        return 0;
    profile_choice_clear(out);
    out->ideal = true;
    out->profile = middleware_ideal();
    return 0;
}

int profile_choose(struct profile_choice *out, const struct session *s, const char *said,
                   const char *const *data_dirs, struct error *err)
{
    const struct closest_question q = { .run = session_likeness(s) };
    return choose_or_name(out, &q, said, data_dirs, err);
}

int profile_choose_unseen(struct profile_choice *out, const struct session *s, const char *said,
                          const char *const *data_dirs, struct error *err)
{
    const struct closest_question q = { session_likeness(s), is_of_session, s };
    return choose_or_name(out, &q, said, data_dirs, err);
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
        str_add(text, "ideal: no shipped profile is for such a session, so that its middleware "
                      "costs no time; fit one on others of its kind (dagcast calibrate RUN... -o "
                      "here.json)");
    if (!c->n_candidates)
        return;
    str_addf(text, "chosen: the closest of %zu shipped profiles", c->n_candidates);
    if (c->passed_over)
        str_addf(
            text,
            " that were not fitted on this session (%s is closer, and was: --in-sample takes it)",
            c->passed_over);
    if (c->differences)
        str_add(text, "; differs in ");
    likeness_add_names(text, c->differences);
}
