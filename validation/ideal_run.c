#include "validation/ideal_run.h"

#include <math.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/session_io.h"
#include "study/replicate.h"
#include "traces/session_workflow.h"
#include "validation/predict_session.h"

/* The scenario's platform, to be freed, now has the flow for the session's files. */
static struct platform *add_files(struct session_scenario *asked, const struct session *s,
                                  double rate)
{
    struct platform *own = platform_copy(asked->scenario.platform);
    session_io_add(s, asked->workflow);
    session_io_add_flow(own, rate);
    asked->scenario.platform = own;
    return own;
}

/* rate: of the file system, 0: files take no time. */
static int run(struct ideal_run *out, const struct session *s, const struct middleware *ideal,
               double rate, struct error *err)
{
    struct session_question q = {
        .session = s, .middleware = ideal, .level = INFORMATION_MEASURED, .seed = 1
    };
    struct session_scenario asked;
    struct replicas one;
    if (session_scenario_init(&asked, &q, err))
        return -1;
    struct platform *own = rate > 0 ? add_files(&asked, s, rate) : NULL;
    int status = replicate(&asked.scenario,
                           &(struct replicate_options){ .replicas = 1, .threads = 1 }, &one, err);
    if (status == 0) {
        out->makespan_s = one.at[0].makespan_s;
        out->imputed = s->timeline->n ? asked.imputed - asked.never_ran : 0;
        replicas_clear(&one);
    }
    session_scenario_clear(&asked);
    platform_free(own);
    return status;
}

int ideal_run(struct ideal_run *out, const struct session *s, struct error *err)
{
    struct middleware *ideal = middleware_ideal();
    int status = run(out, s, ideal, 0, err);
    middleware_free(ideal);
    return status;
}

int ideal_run_io(struct ideal_run *out, const struct session *s, double rate, struct error *err)
{
    struct middleware *ideal = middleware_ideal();
    int status = session_io_check(s, err) || run(out, s, ideal, rate, err) ? -1 : 0;
    middleware_free(ideal);
    return status;
}

double *ideal_makespans(const struct session *const *sessions, size_t n)
{
    double *out = xcalloc(n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        struct ideal_run r;
        bool without_starts = session_is_plain(sessions[i]) && sessions[i]->timeline->n == 0 &&
                              is_known(sessions[i]->recorded_makespan_s);
        out[i] = without_starts && ideal_run(&r, sessions[i], NULL) == 0 ? r.makespan_s
                                                                         : (double)NAN;
    }
    return out;
}
