#include "study/replicate.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "model/bounds.h"
#include "sim/randomness.h"
#include "study/grown.h"

/* a chunk is what a thread takes at once; it divides TEST_EVERY */
enum { TEST_EVERY = 64, CHUNK = 8 };

/* What the threads share; all of it under `lock` but the results, whose elements each belong to one
 * thread until its chunk is done. */
struct team {
    const struct replicate_options *options;
    pthread_mutex_t lock;
    size_t next;                         /* first replica not yet taken */
    size_t limit;                        /* replicas that count: lowered by the stopping rule */
    size_t prefix;                       /* replicas before this are complete */
    bool *done;                          /* by chunk */
    double mean, squares;                /* of the makespans of the prefix, after Welford */
    struct replica *at;
    double *bound_s;
    const struct scenario *scenario;
    struct timeline *first;              /* of replica 0 */
    /* of the replicas to explain that are not yet in `explanation` */
    struct explain_path *paths;
    struct explanation explanation;      /* of the prefix */
    struct adaptive_figures *decided;    /* NULL: nothing is decided at run time */
    /* of each campaign, of the first options->campaign replicas; none: not asked for */
    size_t n_campaigns;
    struct campaign_runs *campaigns;
    /* the first replica that could not be run; SIZE_MAX: none */
    size_t refused;
    struct error why;
};

struct worker {
    struct team *team;
    struct simulator *simulator;
    const struct scenario *scenario;
    struct bounds_work *bounds;          /* NULL: not yet made, or not asked for */
    struct workflow *sure;               /* what they are of; NULL: the scenario's workflow */
    struct durations *durations;
    struct explainer *explainer;         /* NULL: not asked for */
    struct timeline *timeline;           /* of the replica that is explained; NULL: not asked for */
    pthread_t thread;
};

static bool stopped(const struct team *t)
{
    return t->options->stop && atomic_load(t->options->stop);
}

static bool precise_enough(const struct team *t)
{
    double n = (double)t->prefix, variance = t->squares / (n - 1);
    return t->options->precision > 0 && 2 * sqrt(variance / n) <= t->options->precision * t->mean;
}

/* Moves the prefix over chunks that are done, in order, and tests the rule where it is due. */
static void advance(struct team *t)
{
    while (t->prefix < t->limit && t->done[t->prefix / CHUNK]) {
        if (t->prefix < t->options->explain) {
            explanation_add(&t->explanation, t->scenario->workflow, &t->paths[t->prefix]);
            explain_path_clear(&t->paths[t->prefix]);
        }
        double x = t->at[t->prefix++].makespan_s, deviation = x - t->mean;
        t->mean += deviation / (double)t->prefix;
        t->squares += deviation * (x - t->mean);
        if (t->prefix % TEST_EVERY == 0 && precise_enough(t))
            t->limit = t->prefix;
    }
}

static void simulate(struct worker *w, size_t r)
{
    struct team *t = w->team;
    struct timeline *timeline = r == 0 && t->first ? t->first : w->timeline;
    if (r < t->options->explain)
        explainer_run(w->explainer, w->simulator, (uint32_t)r, timeline, &t->paths[r], &t->at[r]);
    else
        simulator_run(w->simulator, (uint32_t)(t->options->from + r), r == 0 ? t->first : NULL,
                      &t->at[r]);
}

/* Once a replica has run, whose peak is over; what they refuse the simulator has refused. */
static void prepare_bounds(struct worker *w)
{
    const struct scenario *s = w->scenario;
    if (w->bounds)
        return;
    if (s->workflow->realised && s->workflow->realised->n_cancels > 0)
        w->sure = realised_surely(s->workflow);
    const struct workflow *of = w->sure ? w->sure : s->workflow;
    w->durations = durations_new(of);
    w->bounds = bounds_new(of, s->platform, w->sure ? MODE_ASYNCHRONOUS : s->mode, NULL);
    assert(w->bounds);
}

static void run_plain(struct worker *w, size_t r)
{
    simulate(w, r);
    if (!w->team->options->bounds || stopped(w->team))
        return;
    struct bounds b;
    prepare_bounds(w);
    durations_begin(w->durations, w->scenario->seed, (uint32_t)(w->team->options->from + r));
    bounds_run(w->bounds, w->durations, w->scenario->middleware->execute_slope, &b);
    w->team->bound_s[r] = b.best_s;
}

/* ---- workflows that decide at run time: a simulator for each replica's own workflow ---- */

static int worker_init(struct worker *w, struct team *t, const struct scenario *s,
                       struct error *err);
static void worker_clear(struct worker *w);

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
    int status = worker_init(&one, t, &session->scenario, err);
    if (status == 0) {
        if (r == 0 && t->first)
            t->first->workflow = t->first->session = session->workflow;
        run_plain(&one, r);
        if (r < t->options->explain)
            explain_path_tell(&t->paths[r], session->workflow);
        bounds_free(one.bounds);         /* they take as much room as a session */
        one.bounds = NULL;
        adaptive_figures_of(&session->scenario, one.simulator, &t->decided[r]);
        for (size_t c = 0; c < t->n_campaigns && r < t->options->campaign && !stopped(t); c++)
            t->campaigns[c].at[r] = campaign_run_of(one.simulator, c);
    }
    worker_clear(&one);
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

static void run_deciding(struct worker *w, size_t r)
{
    struct team *t = w->team;
    struct adaptive_session session;
    struct error err = { "" };
    int status = adaptive_session(t->scenario, (uint32_t)(t->options->from + r), t->options->stop,
                                  &session, &err);
    if (status == 0 && session.workflow->n_sets == 0)
        run_nothing(w, r);
    else if (status == 0)
        status = run_session(w, r, &session, &err);
    if (status != 0 && !stopped(t))
        refuse(t, r, &err);
    adaptive_session_clear(&session);
}

static void run_one(struct worker *w, size_t r)
{
    if (w->team->decided && !run_grown(w, r))
        run_deciding(w, r);
    else if (!w->team->decided)
        run_plain(w, r);
}

/* Takes the next chunk: its first replica and how many; 0 when there is none. */
static size_t take(struct team *t, size_t *first)
{
    pthread_mutex_lock(&t->lock);
    *first = t->next;
    size_t n = t->next < t->limit ? t->limit - t->next : 0;
    if (n > CHUNK)
        n = CHUNK;
    t->next += n;
    pthread_mutex_unlock(&t->lock);
    return n;
}

static void *work(void *worker)
{
    struct worker *w = worker;
    struct team *t = w->team;
    size_t first, n;
    while ((n = take(t, &first)) > 0) {
        for (size_t i = 0; i < n; i++) {
            if (stopped(t))
                return NULL;
            run_one(w, first + i);
            if (stopped(t))              /* the replica may have ended early */
                return NULL;
            progress_step(t->options->progress, 1);
        }
        pthread_mutex_lock(&t->lock);
        t->done[first / CHUNK] = true;
        advance(t);
        pthread_mutex_unlock(&t->lock);
    }
    return NULL;
}

static int worker_init(struct worker *w, struct team *t, const struct scenario *s,
                       struct error *err)
{
    *w = (struct worker){ .team = t, .scenario = s, .simulator = simulator_new(s, err) };
    if (!w->simulator)
        return -1;
    simulator_stop_on(w->simulator, t->options->stop);
    if (t->options->explain > 0) {
        w->explainer = explainer_new(s);
        w->timeline = timeline_new(s->workflow, s->platform);
    }
    return 0;
}

static void worker_clear(struct worker *w)
{
    simulator_free(w->simulator);
    bounds_free(w->bounds);
    realised_surely_free(w->sure);
    explainer_free(w->explainer);
    timeline_free(w->timeline);
    durations_free(w->durations);
}

/* The calling thread works too; a thread that cannot be started is work for the others. */
static void run_all(struct worker *workers, size_t n)
{
    size_t started = 1;
    while (started < n &&
           pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (size_t i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}

static size_t useful_threads(const struct replicate_options *o)
{
    size_t chunks = (o->replicas + CHUNK - 1) / CHUNK;
    return (size_t)o->threads < chunks ? (size_t)o->threads : chunks;
}

static void team_init(struct team *t, const struct scenario *s, const struct replicate_options *o)
{
    pthread_mutex_init(&t->lock, NULL);
    t->done = xcalloc(o->replicas / CHUNK + 1, sizeof *t->done);
    t->at = xcalloc(o->replicas, sizeof *t->at);
    t->bound_s = o->bounds ? xcalloc(o->replicas, sizeof *t->bound_s) : NULL;
    t->decided = workflow_decides(s->workflow) ? xcalloc(o->replicas, sizeof *t->decided) : NULL;
    t->first = o->keep_first ? timeline_new(s->workflow, s->platform) : NULL;
    t->n_campaigns = o->campaign > 0 ? s->workflow->decisions.n_campaigns : 0;
    if (t->n_campaigns > ADAPTIVE_CAMPAIGNS)
        t->n_campaigns = ADAPTIVE_CAMPAIGNS;
    t->campaigns = xcalloc(t->n_campaigns + 1, sizeof *t->campaigns);
    for (size_t c = 0; c < t->n_campaigns; c++)
        t->campaigns[c] = (struct campaign_runs){
            o->campaign, xcalloc(o->campaign, sizeof *t->campaigns[c].at) };
    t->paths = o->explain > 0 ? xcalloc(o->explain, sizeof *t->paths) : NULL;
}

/* Of the replicas that count. */
static void hand_on_campaigns(struct team *t, struct replicas *out)
{
    out->n_campaigns = t->n_campaigns;
    out->campaigns = t->campaigns;
    for (size_t c = 0; c < t->n_campaigns; c++)
        for (struct campaign_runs *runs = &t->campaigns[c]; runs->n > out->n; runs->n--)
            campaign_run_clear(&runs->at[runs->n - 1]);
}

/* Hands on the results. */
static void team_end(struct team *t, struct replicas *out)
{
    const struct replicate_options *o = t->options;
    if (t->explanation.replicas > 0)
        explanation_end(&t->explanation);
    *out = (struct replicas){ .n = t->prefix, .at = t->at, .bound_s = t->bound_s, .first = t->first,
                              .decided = t->decided,
                              .explanation = t->explanation, .interrupted = t->prefix < t->limit };
    hand_on_campaigns(t, out);
    if (out->interrupted) {
        timeline_free(out->first);
        out->first = NULL;
    }
    for (size_t i = 0; i < o->explain; i++)
        explain_path_clear(&t->paths[i]);
    pthread_mutex_destroy(&t->lock);
    xfree(t->paths, t->done);
}

static int run_replicas(const struct scenario *s, const struct replicate_options *options,
                        struct replicas *out, struct error *err)
{
    struct replicate_options o = *options;
    o.explain = o.explain < o.replicas ? o.explain : o.replicas;
    o.campaign = o.campaign < o.replicas ? o.campaign : o.replicas;
    struct team t = { .options = &o, .limit = o.replicas, .scenario = s, .refused = SIZE_MAX };
    size_t n = useful_threads(&o), ready = 0;
    struct worker *workers = xcalloc(n, sizeof *workers);
    int status = 0;
    while (ready < n && status == 0)
        status = worker_init(&workers[ready++], &t, s, err);
    if (status == 0) {
        team_init(&t, s, &o);
        run_all(workers, n);
        team_end(&t, out);
    }
    if (status == 0 && t.refused < SIZE_MAX) {
        replicas_clear(out);
        status = error_set(err, "replica %zu: %s", t.refused, t.why.text);
    }
    for (size_t i = 0; i < ready; i++)
        worker_clear(&workers[i]);
    free(workers);
    return status;
}

/* One replica stands for `n` equal ones. */
static void repeat(struct replicas *r, size_t n, size_t explained)
{
    r->at = xrealloc(r->at, n, sizeof *r->at);
    if (r->bound_s)
        r->bound_s = xrealloc(r->bound_s, n, sizeof *r->bound_s);
    for (; r->n < n; r->n++) {
        r->at[r->n] = r->at[0];
        if (r->bound_s)
            r->bound_s[r->n] = r->bound_s[0];
    }
    if (r->explanation.replicas > 0)
        r->explanation.replicas = explained < n ? explained : n;
}

int replicate(const struct scenario *s, const struct replicate_options *o, struct replicas *out,
              struct error *err)
{
    assert(o->replicas >= 1 && o->from + o->replicas <= UINT32_MAX && o->threads >= 1);
    assert(o->from == 0 || (!o->keep_first && o->explain == 0));
    if (scenario_is_random(s))
        return run_replicas(s, o, out, err);
    struct replicate_options one = *o;
    one.replicas = 1;
    if (run_replicas(s, &one, out, err))
        return -1;
    if (!out->interrupted) {
        size_t enough = o->precision > 0 && o->replicas > TEST_EVERY ? TEST_EVERY : o->replicas;
        progress_step(o->progress, enough - 1);
        repeat(out, enough, o->explain);
    }
    return 0;
}

int replicate_default_threads(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 1024 ? 1024 : (int)n;
}
