#include "study/replicate.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "core/durations.h"
#include "core/realised.h"
#include "model/bounds.h"
#include "sim/randomness.h"
#include "study/replicate_impl.h"

/* a chunk is what a thread takes at once; it divides TEST_EVERY */
enum { TEST_EVERY = 64, CHUNK = 8 };

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

void replicate_plain(struct worker *w, size_t r)
{
    simulate(w, r);
    if (!w->team->options->bounds || replicate_stopped(w->team))
        return;
    struct bounds b;
    prepare_bounds(w);
    durations_begin(w->durations, w->scenario->seed, (uint32_t)(w->team->options->from + r));
    bounds_run(w->bounds, w->durations, w->scenario->middleware->execute_slope, &b);
    w->team->bound_s[r] = b.best_s;
}

static void run_one(struct worker *w, size_t r)
{
    if (!w->team->decided)
        replicate_plain(w, r);
    else
        replicate_deciding(w, r);
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
            if (replicate_stopped(t))
                return NULL;
            run_one(w, first + i);
            if (replicate_stopped(t))              /* the replica may have ended early */
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

int replicate_worker_init(struct worker *w, struct team *t, const struct scenario *s,
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

void replicate_worker_clear(struct worker *w)
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
        status = replicate_worker_init(&workers[ready++], &t, s, err);
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
        replicate_worker_clear(&workers[i]);
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
