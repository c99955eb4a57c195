#include "validation/leave_one_out.h"

#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "traces/calibrate.h"
#include "validation/ideal_run.h"

static int refuse(const struct session *s, struct error *err)
{
    if (session_is_plain(s))
        return error_set(err,
                         "no other of these runs is one of %s%s, so that none is left to calibrate "
                         "on; give one more of its kind",
                         s->importer, s->window > 0 ? " with a generator" : "");
    return error_set(err,
                     "no other of these sessions is %s, so that none is left to calibrate on; give "
                     "one more of its kind (generation %s, launcher %s)",
                     s->executed   ? "a run of dagcast execute"
                     : s->has_entk ? "one under EnTK"
                                   : "one without EnTK",
                     session_generation_name(s->generation), s->launcher ? s->launcher : "unknown");
}

/* `q` is of the session; its middleware is calibrated here. */
static int predict_one(const struct session *const *peers, size_t n_peers,
                       const struct session_question *q, const struct validate_options *o,
                       struct validation *out, struct error *err)
{
    struct calibration c;
    double *ideal_s = ideal_makespans(peers, n_peers);
    const struct calibrate_options how = { .name = "calibrated on the others", .ideal_s = ideal_s };
    int failed = calibrate(peers, n_peers, &how, &c, err);
    free(ideal_s);
    if (failed)
        return -1;
    struct session_question one = *q;
    one.middleware = c.profile;
    struct validate_options options = *o;
    options.gap_s = baselines_gap_of_sessions(peers, n_peers);
    int status = validate_session(out, &one, &options, err);
    calibration_clear(&c);
    return status;
}

static void add_labels(struct name_index *index, const struct workflow *w)
{
    for (size_t k = 0; k < w->n_sets; k++)
        name_index_add(index, w->sets[k].label ? w->sets[k].label : w->sets[k].name, (int)k);
}

/* Known by a makespan alone, as WfFormat without starts: what such profiles hold is a time a level
 * of tasks. */
static bool are_other_workflows(const struct session *s, const struct session *const *peers,
                                size_t n_peers)
{
    struct name_index *labels = name_index_new();
    bool shares = is_known(timeline_makespan(s->timeline));
    for (size_t i = 0; i < n_peers; i++)
        add_labels(labels, peers[i]->workflow);
    for (size_t k = 0; k < s->workflow->n_sets && !shares; k++) {
        const struct task_set *set = &s->workflow->sets[k];
        shares = name_index_find(labels, set->label ? set->label : set->name) >= 0;
    }
    name_index_free(labels);
    return !shares;
}

int leave_one_out(struct leave_one_out *out, const struct session *const *sessions, size_t n,
                  const struct session_question *q, const struct validate_options *o,
                  struct error *err)
{
    const struct session **peers = xcalloc(n, sizeof *peers);
    *out = (struct leave_one_out){ .of = xcalloc(n, sizeof *out->of) };
    for (size_t i = 0; i < n; i++) {
        struct error why = { "" };
        unsigned differences;
        size_t n_peers = peers_find(sessions, n, i, o->leave_out, peers, &differences);
        struct validation *v = &out->of[out->n];
        struct session_question of = *q;
        of.session = sessions[i];
        if (n_peers ? predict_one(peers, n_peers, &of, o, v, &why)
                    : refuse(sessions[i], &why)) {
            leave_one_out_skip(out, sessions[i]->name, why.text);
            continue;
        }
        v->n_peers = n_peers;
        v->peers_differ = differences;
        v->of_other_workflows = are_other_workflows(sessions[i], peers, n_peers);
        out->n++;
    }
    free(peers);
    if (out->n > 0)
        return 0;
    error_set(err, "none of these sessions can be predicted from the others%s%s%s%s", n ? "; " : "",
              n ? sessions[0]->path : "", n ? ": " : "", n ? out->skipped[0].why : "");
    leave_one_out_clear(out);
    return -1;
}

void leave_one_out_skip(struct leave_one_out *l, const char *name, const char *why)
{
    xgrow(&l->skipped, &l->skipped_room, l->n_skipped + 1, sizeof *l->skipped);
    l->skipped[l->n_skipped++] = (struct left_out){ xstrdup(name), xstrdup(why) };
}

void leave_one_out_clear(struct leave_one_out *l)
{
    for (size_t i = 0; i < l->n; i++)
        validation_clear(&l->of[i]);
    for (size_t i = 0; i < l->n_skipped; i++) {
        xfree(l->skipped[i].name, l->skipped[i].why);
    }
    xfree(l->of, l->skipped);
    *l = (struct leave_one_out){ 0 };
}
