/* A workflow, a platform and a middleware that are accepted are simulated whole and predicted, in
 * each mode: no assertion, no hang, and every figure is a number. Input: a scenario file with its
 * parts written in place. */
#include <assert.h>
#include <math.h>
#include <signal.h>
#include <sys/time.h>

#include "core/scenario.h"
#include "model/predict.h"
#include "sim/simulate.h"
#include "study/adaptive.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_TASKS = 400, MOST_NODES = 64, MOST_EDGES = 20000, MOST_ITERATIONS = 20 };

static atomic_bool stop;

static void on_alarm(int number)
{
    (void)number;
    atomic_store(&stop, true);
}

/* A run may take as long as polls tick: after this it is ended, as by a signal. */
static void allow_ms(int ms)
{
    struct itimerval timer = { .it_value = { .tv_usec = ms * 1000 } };
    atomic_store(&stop, false);
    signal(SIGALRM, on_alarm);
    setitimer(ITIMER_REAL, &timer, NULL);
}

static bool is_number(double x)
{
    return isfinite(x) && x >= 0;
}

static void check_replica(const struct scenario *s, const struct replica *r)
{
    assert(is_number(r->session_s) || r->n_done == 0);
    assert(r->n_done + r->n_failed + r->n_killed + r->n_cancelled == s->workflow->n_tasks);
    if (!r->complete)
        return;
    assert(is_number(r->makespan_s) && is_number(r->busy_slot_s) && is_number(r->held_slot_s));
    for (int w = 0; w < WAITS; w++)
        assert(is_number(r->wait_s[w]));
}

static void simulate(const struct scenario *s)
{
    struct error err = { "" };
    struct simulator *simulator = simulator_new(s, &err);
    struct timeline *timeline = timeline_new(s->workflow, s->platform);
    struct replica replica;
    assert(simulator || err.text[0]);
    if (simulator) {
        allow_ms(300);
        simulator_stop_on(simulator, &stop);
        simulator_run(simulator, 0, timeline, &replica);
        if (!atomic_load(&stop))
            check_replica(s, &replica);
    }
    timeline_free(timeline);
    simulator_free(simulator);
}

static void simulate_session(const struct scenario *s)
{
    struct adaptive_session session;
    struct error err = { "" };
    allow_ms(300);
    if (adaptive_session(s, 0, &stop, &session, &err) == 0 &&
        session.scenario.workflow->n_sets > 0 &&
        session.scenario.workflow->n_tasks <= 10 * MOST_TASKS)
        simulate(&session.scenario);
    adaptive_session_clear(&session);
}

static void check(const struct scenario *s)
{
    struct error err = { "" };
    struct prediction p;
    if (platform_check(s->platform, s->workflow, &err)) {
        assert(err.text[0]);
        return;
    }
    for (int m = 0; m < MODES; m++) {
        struct scenario in_mode = *s;
        in_mode.mode = (enum mode)m;
        simulate_session(&in_mode);
    }
    struct adaptive_session expected;
    if (adaptive_expected(s, &expected, &err) == 0)
        assert(predict(&expected.scenario, &p, &err) || is_number(p.mode[0].mean.makespan_s));
    adaptive_session_clear(&expected);
}

/* What is decided at run time stays small, whatever is drawn. */
static bool decides_little(const struct workflow *w)
{
    bool little = true;
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        little &= w->decisions.loops[i].at_most > 0 && w->decisions.loops[i].at_most <= 6;
    for (size_t i = 0; i < w->decisions.n_campaigns; i++)
        little &= w->decisions.campaigns[i].budget > 0 && w->decisions.campaigns[i].budget <= 60;
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct set_decision *d = w->sets[s].decided;
        little &= !d || !d->number || (dist_mean(d->number) <= 8 && dist_sd(d->number) <= 4);
        little &= !d || d->share <= 4;
    }
    return little;
}

static bool is_small(const struct workflow *w, const struct platform *p)
{
    size_t n_edges = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            n_edges += 1 + w->sets[s].dependencies[d].n_edges;
    return w->n_tasks <= MOST_TASKS && p->n_nodes <= MOST_NODES && n_edges <= MOST_EDGES;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { "" };
    struct json_document *doc = json_parse((const char *)data, size, "fuzz", &err);
    if (!doc)
        return 0;
    struct json root = json_root(doc), workflow = json_member(&root, "workflow"),
                platform = json_member(&root, "platform");
    struct json middleware = json_member(&root, "middleware");
    struct workflow *w = workflow_from_json(&workflow, &err);
    struct platform *p = w ? platform_from_json(&platform, &err) : NULL;
    struct middleware *m =
        p ? middleware.value ? middleware_from_json(&middleware, &err) : middleware_ideal() : NULL;
    struct platform *blocked =
        m && m->n_blocked ? platform_with_blocked(p, m->blocked, m->n_blocked, &err) : NULL;
    if (m && (blocked || !m->n_blocked) && is_small(w, p) && decides_little(w)) {
        struct scheduler_options none = { 0 };
        struct scenario s = { .workflow = w, .platform = blocked ? blocked : p, .middleware = m,
                              .seed = 7,
                              .scheduler = scheduler_options_resolve(&none, m) };
        check(&s);
    }
    platform_free(blocked);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
    json_free(doc);
    return 0;
}
