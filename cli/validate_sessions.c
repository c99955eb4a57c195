/* cli/validate_sessions.c - the sessions of `dagcast validate`: loads them, chooses a profile for
 * each, predicts each, and draws the outcomes of its loops. */
#include "cli/validate_impl.h"

#include <math.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/closest_profile.h"
#include "traces/importer.h"

int validate_leaves_out(const struct validate_call *o)
{
    int unit = 0;
    if (!o->leave_out)
        return o->leave_one_out ? LEAVE_OUT_SESSION : LEAVE_OUTS;
    while (unit < LEAVE_OUTS && !str_equal(o->leave_out, leave_out_name((enum leave_out)unit)))
        unit++;
    return unit < LEAVE_OUTS ? unit : -1;
}

void validate_work_clear(struct validate_work *w)
{
    leave_one_out_clear(&w->out);
    leave_one_out_clear(&w->unread);
    for (size_t i = 0; i < w->n; i++) {
        session_free(w->sessions[i]);
        profile_choice_clear(&w->profiles[i]);
    }
    xfree(w->sessions, w->drawn.at, w->profiles);
}

int validate_load(struct validate_work *w, const struct invocation *call, struct error *err)
{
    const struct validate_call *o = call->options;
    w->sessions = xcalloc(call->operands.n, sizeof *w->sessions);
    w->profiles = xcalloc(call->operands.n, sizeof *w->profiles);
    for (size_t i = 0; i < call->operands.n; i++) {
        struct session *s = importer_load(call->operands.at[i], NULL, err);
        if (s)
            w->sessions[w->n++] = s;
        else if (o->keep_going)
            leave_one_out_skip(&w->unread, call->operands.at[i], err->text);
        else
            return -1;
    }
    return w->n > 0
               ? 0
               : error_set(err, "none of these sessions can be read; %s", w->unread.skipped[0].why);
}

/* The settings of each session, but the profile and replicas, which are not the session's. */
static size_t settings_of(const struct validate_call *o, struct setting_change *out)
{
    struct setting_value said[SETTINGS];
    memcpy(said, o->scenario.said, sizeof said);
    said[SETTING_MIDDLEWARE].said = said[SETTING_REPLICAS].said = false;
    return setting_list(said, out);
}

static int validate_one(struct validate_work *w, size_t i, struct session_question *q,
                        const struct validate_options *options, const struct validate_call *o,
                        struct error *err)
{
    struct validation *v = &w->out.of[w->out.n];
    const char *profile = o->scenario.said[SETTING_MIDDLEWARE].text;
    q->session = w->sessions[i];
    if ((o->in_sample ? profile_choose : profile_choose_unseen)(&w->profiles[i], q->session,
                                                                profile, w->data_dirs, err))
        return -1;
    q->middleware = w->profiles[i].profile;
    if (validate_session(v, q, options, err))
        return -1;
    v->choice = &w->profiles[i];
    w->out.n++;
    return 0;
}

int validate_all(struct validate_work *w, const struct validate_call *o, int level,
                 struct error *err)
{
    int unit = validate_leaves_out(o);
    struct validate_options options = { .replicas =
                                            (size_t)o->scenario.said[SETTING_REPLICAS].number,
                                        .gap_s = NAN, .leave_out = (enum leave_out)unit };
    struct setting_change settings[SETTINGS];
    struct session_question q = { .level = level, .seed = 1, .settings = settings,
                                  .n_settings = settings_of(o, settings) };
    if (unit != LEAVE_OUTS)
        return leave_one_out(&w->out, (const struct session *const *)w->sessions, w->n, &q,
                             &options, err);
    w->out.of = xcalloc(w->n, sizeof *w->out.of);
    for (size_t i = 0; i < w->n; i++) {
        int status = validate_one(w, i, &q, &options, o, err);
        if (status && !o->keep_going)
            return -1;
        if (status)
            leave_one_out_skip(&w->out, w->sessions[i]->name, err->text);
    }
    return w->out.n > 0 ? 0
                        : error_set(err, "none of these sessions can be predicted; %s",
                                    w->out.skipped[0].why);
}

/* Runs of one kind: of the same client, launcher and generation. */
static bool are_alike(const struct session *a, const struct session *b)
{
    const struct likeness x = session_likeness(a), y = session_likeness(b);
    return (likeness_compare(&x, &y) & DIFFERS_IN_KIND) == 0;
}

void validate_draw_outcomes(struct validate_work *w)
{
    w->drawn = (struct drawn_predictions){ .at = xcalloc(w->out.n + 1, sizeof *w->drawn.at) };
    for (size_t i = 0; i < w->out.n; i++) {
        struct loop_counts others = { 0 };
        for (size_t k = 0; k < w->n; k++)
            if (w->sessions[k] != w->out.of[i].session &&
                are_alike(w->sessions[k], w->out.of[i].session))
                loop_counts_add(&others, w->sessions[k]);
        struct drawn_prediction *next = &w->drawn.at[w->drawn.n];
        drawn_predict(next, &w->out.of[i], &others);
        w->drawn.n += next->done || next->why.text[0];
        loop_counts_clear(&others);
    }
}
