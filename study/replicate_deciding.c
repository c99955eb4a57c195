/* Replicas of workflows that decide at run time: a simulator for each replica's own workflow. */
#include <math.h>

#include "study/grown.h"
#include "study/replicate_impl.h"

static void refuse(struct team *t, size_t r, const struct error *why)
{
    pthread_mutex_lock(&t->lock);
    if (r < t->refused) {
        t->refused = r;
        t->why = *why;
    }
    pthread_mutex_unlock(&t->lock);
}

/* Nothing takes place: no task, no time. */
static void run_nothing(struct worker *w, size_t r)
{
    w->team->at[r] = (struct replica){ .first_start_s = NAN, .last_stop_s = NAN, .complete = true,
                                       .in_time = true };
    if (w->team->bound_s)
        w->team->bound_s[r] = 0;
}

static int run_session(struct worker *w, size_t r, struct adaptive_session *session,
                       struct error *err)
{
    struct team *t = w->team;
    struct worker one;
    int status = replicate_worker_init(&one, t, &session->scenario, err);
    if (status == 0) {
        if (r == 0 && t->first)
            t->first->workflow = t->first->session = session->workflow;
        replicate_plain(&one, r);
        if (r < t->options->explain)
            explain_path_tell(&t->paths[r], session->workflow);
        bounds_free(one.bounds);         /* they take as much room as a session */
        one.bounds = NULL;
        adaptive_figures_of(&session->scenario, one.simulator, &t->decided[r]);
        bool asked = r < t->options->campaign;
        for (size_t c = 0; asked && c < t->n_campaigns && !replicate_stopped(t); c++)
            t->campaigns[c].at[r] = campaign_run_of(one.simulator, c);
    }
    replicate_worker_clear(&one);
    if (r == 0 && t->first && t->first->session)
        session->workflow = NULL;        /* the timeline's own */
    return status;
}

/* False: somebody wants more than figures, or it is to be written out. */
static bool run_grown(struct worker *w, size_t r)
{
    struct team *t = w->team;
    const struct replicate_options *o = t->options;
    struct grown grown;
    if ((r == 0 && t->first) || r < o->explain || (r < o->campaign && t->n_campaigns > 0) ||
        !grown_run(t->scenario, (uint32_t)(o->from + r),
                   &(struct grown_options){ .bounds = o->bounds, .stop = o->stop }, &grown))
        return false;
    t->at[r] = grown.replica;
    t->decided[r] = grown.figures;
    if (t->bound_s)
        t->bound_s[r] = grown.bound_s;
    return true;
}

void replicate_deciding(struct worker *w, size_t r)
{
    if (run_grown(w, r))
        return;
    struct team *t = w->team;
    struct adaptive_session session;
    struct error err = { "" };
    int status = adaptive_session(t->scenario, (uint32_t)(t->options->from + r), t->options->stop,
                                  &session, &err);
    if (status == 0 && session.workflow->n_sets == 0)
        run_nothing(w, r);
    else if (status == 0)
        status = run_session(w, r, &session, &err);
    if (status != 0 && !replicate_stopped(t))
        refuse(t, r, &err);
    adaptive_session_clear(&session);
}
