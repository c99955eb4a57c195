/* tests/oracle/adaptive_sessions.c - random workflows that decide at run time, under every mode and
 * several policies.
 *
 * adaptive_sessions FIRST COUNT: scenarios FIRST .. FIRST + COUNT - 1. For each run: the timeline
 * is sound, no task is lost or run twice (core/timeline.h), the makespan is no less than the bound
 * of what was realised, and unless time decides, all modes and policies see the same sets and
 * numbers of tasks. Several threads give what one gives. With SHOW in the environment each
 * description goes to standard error. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#include "base/str.h"
#include "core/durations.h"
#include "core/realised.h"
#include "core/timeline.h"
#include "model/bounds.h"
#include "num/rng.h"
#include "study/replicate.h"
#include "tests/oracle/range.h"

enum { MOST_SETS = 7 };

struct dice { struct rng_stream stream; uint64_t at; };

static int between(struct dice *d, int low, int high)
{
    return low + (int)(rng_uniform(&d->stream, d->at++, 0) * (high - low + 1));
}

static bool chance(struct dice *d, double p)
{
    return rng_uniform(&d->stream, d->at++, 0) < p;
}

/* ---- workflows ---- */

static void add_number(struct dice *d, struct str *out, int parent)
{
    int kind = parent < 0 ? between(d, 0, 1) : between(d, 0, 4);
    if (kind == 0)
        str_addf(out, ", \"tasks\": %d", between(d, 1, 6));
    if (kind == 1)
        str_addf(out, ", \"tasks\": {\"distribution\": \"poisson\", \"mean\": %d}",
                 between(d, 0, 4));
    if (kind == 2)
        str_addf(out,
                 ", \"tasks\": {\"per\": \"s%d\", \"distribution\": \"binomial\", \"n\": %d, "
                 "\"p\": 0.5}",
                 parent, between(d, 1, 3));
    if (kind == 3)
        str_addf(out, ", \"tasks\": {\"share\": %g, \"of\": \"s%d\"}", between(d, 0, 6) / 4.0,
                 parent);
}

static void add_set(struct dice *d, struct str *out, int i, bool cancels)
{
    int parent = i > 0 && chance(d, 0.75) ? between(d, 0, i - 1) : -1,
        other = i > 1 ? between(d, 0, i - 1) : -1;
    struct str number = { 0 };
    add_number(d, &number, parent);
    bool own = strstr(number.text ? number.text : "", "\"per\"") && chance(d, 0.6);
    str_addf(out, "%s{\"name\": \"s%d\", \"cores\": %d, \"gpus\": %d, "
             "\"duration\": {\"distribution\": \"uniform\", \"min\": 1, \"max\": 9}%s",
             i ? ", " : "", i, between(d, 1, 3), between(d, 0, 1), number.text ? number.text : "");
    if (parent >= 0)
        str_addf(out,
                 own ? ", \"after\": [{\"set\": \"s%d\", \"kind\": \"each\"}"
                     : ", \"after\": [\"s%d\"",
                 parent);
    if (parent >= 0 && other >= 0 && other != parent && chance(d, 0.3))
        str_addf(out, ", \"s%d\"", other);
    if (parent >= 0)
        str_add(out, "]");
    if (chance(d, 0.25))
        str_addf(out, ", \"when\": %s",
                 chance(d, 0.5) ? "0.5" : "{\"probability\": 0.6, \"per\": \"task\"}");
    if (chance(d, 0.15))
        str_addf(out, ", \"failure_probability\": 0.2, \"retries\": %d", between(d, 0, 2));
    if (cancels && i > 0 && chance(d, 0.4))
        str_addf(out, ", \"cancels\": [\"s%d\"]", between(d, 0, i - 1));
    str_add(out, "}");
    str_clear(&number);
}

static void add_loop(struct dice *d, struct str *out, const char *name, int first, int last)
{
    static const char *const stops[] = {
        "\"stop\": {\"probability\": 0.4}",
        "\"stop\": {\"after\": {\"distribution\": \"poisson\", \"mean\": 3}}",
        "\"stop\": {\"sum\": {\"distribution\": \"exponential\", \"mean\": 1}, \"reaches\": 2}",
        "\"stop\": {\"budget\": 30}",
        "\"stop\": {\"probability\": 0.1, \"budget\": 25}",
    };
    str_addf(out, "{\"name\": \"%s\", \"sets\": [", name);
    for (int i = first; i <= last; i++)
        str_addf(out, "%s\"s%d\"", i > first ? ", " : "", i);
    str_addf(out, "], \"at_least\": %d, \"at_most\": %d, \"decision_time\": %d, %s",
             between(d, 1, 2), between(d, 3, 6), between(d, 0, 2), stops[between(d, 0, 4)]);
    if (chance(d, 0.4))
        str_addf(out, ", \"decided_by\": \"s%d\"", between(d, first, last));
    str_add(out, "}");
}

static void add_campaign(struct dice *d, struct str *out)
{
    str_addf(out,
             ", \"campaigns\": [{\"name\": \"k\", \"candidates\": \"c\", \"learn\": \"l\", "
             "\"every\": %d",
             between(d, 1, 5));
    if (chance(d, 0.7))
        str_addf(out, ", \"in_flight\": %d", between(d, 1, 7));
    str_addf(out, ", \"budget\": %d", between(d, 3, 40));
    if (chance(d, 0.4))
        str_add(out, ", \"hits\": 2, \"hit_probability\": 0.15, \"hit_gain\": 1.2");
    if (chance(d, 0.3))
        str_addf(out, ", \"time\": %d", between(d, 5, 60));
    str_add(out, "}]");
}

static struct workflow *random_workflow(uint64_t number, uint64_t attempt)
{
    struct dice d = { .stream = rng_stream(number, (uint32_t)attempt, RNG_TEST, 16) };
    struct str text = { 0 };
    int n = between(&d, 2, MOST_SETS);
    bool campaign = chance(&d, 0.3), loops = chance(&d, 0.7), cancels = chance(&d, 0.4);
    str_add(&text, "{\"name\": \"w\", \"task_sets\": [");
    for (int i = 0; i < n; i++)
        add_set(&d, &text, i, cancels);
    if (campaign)
        str_add(
            &text,
            ", {\"name\": \"c\", \"duration\": {\"distribution\": \"exponential\", \"mean\": 4}}, "
            "{\"name\": \"l\", \"tasks\": 2, "
            "\"duration\": 5}");
    str_add(&text, "]");
    if (loops) {
        int first = between(&d, 0, n - 1), last = between(&d, first, n - 1);
        str_add(&text, ", \"loops\": [");
        add_loop(&d, &text, "outer", first, last);
        if (last > first && chance(&d, 0.5)) {
            str_add(&text, ", ");
            add_loop(&d, &text, "inner", first + between(&d, 0, 1),
                     last - (chance(&d, 0.5) ? 1 : 0));
        }
        str_add(&text, "]");
    }
    if (campaign)
        add_campaign(&d, &text);
    str_add(&text, "}");
    struct error err = { "" };
    struct workflow *w = workflow_parse(text.text, text.length, "random", &err);
    if (getenv("SHOW"))
        fprintf(stderr, "%s\n%s\n", text.text, err.text);
    str_clear(&text);
    return w;
}

static struct platform *platform(void)
{
    static const char text[] =
        "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 5, \"gpus\": 1}]}";
    struct error err = { "" };
    struct json_document *doc = json_parse(text, sizeof text - 1, "p", &err);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, &err);
    json_free(doc);
    return p;
}

/* ---- runs ---- */

struct tally { unsigned long runs, refused, complete, violations; };

static void complain(struct tally *t, uint64_t number, const struct scenario *s, const char *what)
{
    printf("scenario %llu, %s, %s/%s/%s: %s\n", (unsigned long long)number, mode_name(s->mode),
           s->scheduler.order, s->scheduler.overtake, s->scheduler.placement, what);
    t->violations++;
}

static double bound_of(const struct scenario *s)
{
    struct workflow *sure = realised_surely(s->workflow);
    bool cancels = s->workflow->realised && s->workflow->realised->n_cancels > 0;
    struct bounds_work *work =
        bounds_new(sure, s->platform, cancels ? MODE_ASYNCHRONOUS : s->mode, NULL);
    struct durations *d = durations_new(sure);
    struct bounds b;
    durations_begin(d, s->seed, 0);
    bounds_run(work, d, 1, &b);
    durations_free(d);
    bounds_free(work);
    realised_surely_free(sure);
    return b.best_s;
}

/* Names and numbers of the session's sets: what was decided. */
static char *decided(const struct workflow *w)
{
    struct str out = { 0 };
    for (size_t s = 0; s < w->n_sets; s++)
        str_addf(&out, "%s %u, ", w->sets[s].name, w->sets[s].n_tasks);
    return str_take(&out);
}

static void run_session(uint64_t number, const struct scenario *s, struct tally *tally)
{
    struct error err = { "" };
    struct simulator *sim = simulator_new(s, &err);
    if (!sim) {
        complain(tally, number, s, err.text);
        return;
    }
    struct timeline *t = timeline_new(s->workflow, s->platform);
    struct replica r;
    simulator_run(sim, 0, t, &r);
    tally->runs++;
    tally->complete += r.complete;
    if (timeline_check(t, &err))
        complain(tally, number, s, err.text);
    if (r.n_done + r.n_failed + r.n_killed + r.n_cancelled != s->workflow->n_tasks)
        complain(tally, number, s, "tasks are lost");
    if (r.complete && !(r.makespan_s >= bound_of(s) * (1 - 1e-9)))
        complain(tally, number, s, "the makespan is below its bound");
    if (r.makespan_s !=
        (t->n > 0 && r.n_done + r.n_killed + r.n_failed > 0 ? timeline_makespan(t) : r.makespan_s))
        complain(tally, number, s, "the makespan is not that of the timeline");
    timeline_free(t);
    simulator_free(sim);
}

static bool time_decides(const struct workflow *w)
{
    bool any = false;
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        any |= w->decisions.loops[i].stop.budget_s > 0;
    for (size_t i = 0; i < w->decisions.n_campaigns; i++)
        any |= w->decisions.campaigns[i].hits > 0 || w->decisions.campaigns[i].time_s > 0;
    return any;
}

static void check_threads(uint64_t number, const struct scenario *s, struct tally *tally)
{
    struct replicas one, three;
    struct error err = { "" };
    if (replicate(s, &(struct replicate_options){ .replicas = 16, .threads = 1 }, &one, &err))
        return;
    if (replicate(s, &(struct replicate_options){ .replicas = 16, .threads = 3 }, &three, &err))
        complain(tally, number, s, err.text);
    else if (memcmp(one.at, three.at, one.n * sizeof *one.at) != 0)
        complain(tally, number, s, "several threads give something else");
    replicas_clear(&one);
    replicas_clear(&three);
}

static void run_scenario(uint64_t number, struct tally *tally)
{
    static const struct scheduler_options policies[] = {
        { .order = "arrival", .overtake = "backfill", .placement = "first_fit" },
        { .order = "critical_path", .overtake = "none", .placement = "worst_fit" },
        { .order = "largest", .overtake = "easy", .placement = "best_fit" },
    };
    struct workflow *w = NULL;
    for (uint64_t attempt = 0; !w && attempt < 20; attempt++) {
        w = random_workflow(number, attempt);
        tally->refused += !w;
    }
    if (!w)
        return;
    struct platform *p = platform();
    struct middleware *m = middleware_ideal();
    char *first = NULL;
    for (int mode = 0; mode < MODES; mode++)
        for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
            struct scenario s = { .workflow = w, .platform = p, .middleware = m,
                                  .mode = (enum mode)mode, .seed = number,
                                  .scheduler = policies[i] };
            struct adaptive_session session = { .scenario = s };
            struct error err = { "" };
            if (adaptive_session(&s, 0, NULL, &session, &err)) {
                complain(tally, number, &s, err.text);
                continue;
            }
            if (session.workflow && session.workflow->n_sets > 0)
                run_session(number, &session.scenario, tally);
            char *now = session.workflow ? decided(session.workflow) : NULL;
            if (first && !time_decides(w) && w->decisions.n_campaigns == 0 &&
                strcmp(first, now) != 0)
                complain(tally, number, &s, "modes and policies decide differently");
            if (i == 0 && number % 8 == 0)
                check_threads(number, &s, tally);
            if (first)
                free(now);
            else
                first = now;
            adaptive_session_clear(&session);
        }
    free(first);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(int argc, char **argv)
{
    struct oracle_range range;
    if (!oracle_range(argc, argv, "adaptive_sessions", &range))
        return 2;
    struct tally tally = { 0 };
    for (uint64_t i = range.first; i < range.end; i++)
        run_scenario(i, &tally);
    printf("%lu runs, %lu complete, %lu descriptions refused, %lu violations\n", tally.runs,
           tally.complete, tally.refused, tally.violations);
    return tally.violations > 0 || tally.runs == 0;
}
