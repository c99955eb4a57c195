#include "validation/leave_one_out.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "traces/calibrate.h"

static bool same_kind(const struct session *a, const struct session *b)
{
    return a->generation == b->generation && a->has_entk == b->has_entk && str_equal(a->launcher, b->launcher);
}

static int predict_one(const struct session *s, const struct session *const *others, size_t n_others, const struct session_question *q,
                       const struct validate_options *o, struct validation *out, struct error *err)
{
    if (!n_others)
        return error_set(err, "%s: no other of these sessions is of its kind (generation %s, %s, launcher %s), so that none is left to "
                         "calibrate on", s->path, session_generation_name(s->generation), s->has_entk ? "EnTK" : "without EnTK",
                         s->launcher ? s->launcher : "unknown");
    struct calibration c;
    if (calibrate(others, n_others, &(struct calibrate_options){ .name = "calibrated on the others" }, &c, err))
        return error_prefix(err, "%s, left out: ", s->name);
    struct session_question one = *q;
    one.session = s;
    one.middleware = c.profile;
    struct validate_options options = *o;
    options.gap_s = baselines_gap_of_sessions(others, n_others);
    int status = validate_session(out, &one, &options, err);
    calibration_clear(&c);
    return status;
}

int leave_one_out(const struct session *const *sessions, size_t n, const struct session_question *q, const struct validate_options *o,
                  struct validation *out, struct error *err)
{
    const struct session **others = xcalloc(n, sizeof *others);
    size_t done = 0;
    for (int status = 0; done < n && status == 0; done += status == 0) {
        size_t n_others = 0;
        for (size_t i = 0; i < n; i++)
            if (i != done && same_kind(sessions[i], sessions[done]))
                others[n_others++] = sessions[i];
        status = predict_one(sessions[done], others, n_others, q, o, &out[done], err);
    }
    free(others);
    if (done == n)
        return 0;
    while (done > 0)
        validation_clear(&out[--done]);
    return -1;
}
