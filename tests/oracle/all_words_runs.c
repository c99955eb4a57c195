/* Random campaigns with all the words at once, under every mode and several policies.
 *
 * all_words FIRST COUNT: campaigns FIRST .. FIRST + COUNT - 1. For each run the timeline is sound
 * (core/timeline.h: slots, named resources, phases, flows, failures), no task is lost, the ends of
 * transfers and requests are those of plain water filling, a second run gives the same bytes, and
 * three threads give what one gives. With SHOW in the environment each description goes to standard
 * error. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#include "base/str.h"
#include "base/xalloc.h"
#include "core/phases.h"
#include "core/timeline_phases.h"
#include "study/replicate.h"
#include "tests/oracle/all_words.h"
#include "tests/oracle/plain_flow.h"
#include "tests/oracle/range.h"

struct tally {
    unsigned long runs, refused, complete, shared, violations;
};

static void complain(struct tally *t, uint64_t number, const struct scenario *s, const char *what)
{
    printf("campaign %llu, %s, %s/%s/%s: %s\n", (unsigned long long)number, mode_name(s->mode),
           s->scheduler.order, s->scheduler.overtake, s->scheduler.placement, what);
    t->violations++;
}

/* ---- water filling ---- */

struct shared { /* one flow, on one node if it is a node's */
    double rate;
    size_t n, room, n_servers, server_room;
    struct plain_user *users;
    double *ended_s; /* of each user, as recorded */
    size_t ended_room;
    struct plain_servers *servers;
    bool unknown; /* somebody's part in it is not recorded */
};

static void add_user(struct shared *s, const struct timeline_phase *p)
{
    bool computes = p->kind == PHASE_COMPUTES;
    xgrow(&s->users, &s->room, s->n + 1, sizeof *s->users);
    xgrow(&s->ended_s, &s->ended_room, s->n + 1, sizeof *s->ended_s);
    s->users[s->n] = (struct plain_user){ .from_s = p->from_s,
                                          .cap = p->full_rate,
                                          .leaves_s = p->cut ? p->to_s : NAN,
                                          .amount = p->cut     ? 1e18
                                                    : computes ? p->amount * p->full_rate
                                                               : p->amount };
    s->ended_s[s->n++] = p->to_s;
}

static int by_time(const void *left, const void *right)
{
    const struct plain_servers *a = left, *b = right;
    return (a->at_s > b->at_s) - (a->at_s < b->at_s);
}

static void add_server(struct shared *s, double at_s, int more)
{
    xgrow(&s->servers, &s->server_room, s->n_servers + 1, sizeof *s->servers);
    s->servers[s->n_servers++] = (struct plain_servers){ at_s, more };
}

/* What record i's phase does with the flow on node `node`; -1: a flow of the machine. */
static void add_phase(struct shared *s, const struct timeline *t, size_t i,
                      const struct timeline_phase *p, int node)
{
    struct timeline_slots slots;
    size_t parts = 0, here = 0;
    for (bool more = timeline_slots_first(t, i, &slots); node >= 0 && more;
         more = timeline_slots_next(&slots), parts++)
        here += (int)slots.node == node;
    if (p->kind == PHASE_SERVES) {
        add_server(s, p->from_s, 1);
        add_server(s, p->to_s, -1);
    } else if (p->kind != PHASE_LOADS && (node < 0 || here > 0)) {
        add_user(s, p);
        s->unknown |= parts > 1;
    }
}

static void compare(struct shared *s, const char *name, uint64_t number,
                    const struct scenario *scenario, struct tally *tally)
{
    char text[200];
    if (s->n_servers > 1)
        qsort(s->servers, s->n_servers, sizeof *s->servers, by_time);
    if (!s->unknown && s->n > 0)
        plain_flow(s->users, s->n, s->rate, s->servers, s->n_servers);
    for (size_t i = 0; i < s->n && !s->unknown; i++) {
        tally->shared++;
        if (fabs(s->users[i].ends_s - s->ended_s[i]) <= 1e-6 * (1 + s->ended_s[i]))
            continue;
        snprintf(text, sizeof text,
                 "on '%s' a user from %.9g s ends at %.9g s, by water filling at %.9g s", name,
                 s->users[i].from_s, s->ended_s[i], s->users[i].ends_s);
        complain(tally, number, scenario, text);
        return;
    }
}

/* A task that failed or was lost may have been staged in again, but not placed. */
static bool any_unseen(const struct timeline *t, const char *flow)
{
    size_t *last = timeline_last_attempts(t);
    bool unseen = false;
    for (size_t i = 0; i < t->n; i++) {
        const struct task_set *set =
            &t->workflow->sets[workflow_set_of_task(t->workflow, t->records[i].task)];
        bool again = t->status[i] == TASK_FAILED || t->status[i] == TASK_KILLED;
        again &= last[t->records[i].task] == i;
        for (size_t k = 0; again && k < phases_count(set); k++) {
            if (phases_at(set, k)->staging != STAGING_OUTSIDE)
                break;
            unseen |= str_equal(phases_at(set, k)->flow, flow);
        }
    }
    free(last);
    return unseen;
}

static void check_flow(const struct timeline *t, uint16_t name, uint64_t number,
                       const struct scenario *s, struct tally *tally)
{
    const char *text = timeline_flow_name(t, name);
    const struct flow_rule *flow = phases_flow(t->platform, text);
    const struct task_set *service = NULL;
    for (size_t k = 0; !flow && k < t->workflow->n_sets; k++)
        if (str_equal(t->workflow->sets[k].name, text))
            service = &t->workflow->sets[k];
    if (flow ? flow->at_once > 0 : service->traits->service.at_once > 0)
        return; /* who goes first at one instant is not recorded */
    if (flow && any_unseen(t, text))
        return;
    bool per_node = flow && flow->per == FLOW_PER_NODE;
    for (int node = per_node ? 0 : -1; node < (per_node ? (int)t->platform->n_nodes : 0); node++) {
        struct shared shared = { .rate = flow ? flow->rate : service->traits->service.rate };
        struct timeline_phase *p;
        for (size_t i = 0; i < t->n; i++)
            for (size_t k = 0, n = timeline_phases_of(t, i, &p); k < n; k++)
                if (p[k].name == name)
                    add_phase(&shared, t, i, &p[k], node);
        if (service && shared.n_servers == 0)
            shared.unknown = true;
        compare(&shared, text, number, s, tally);
        free(shared.users);
        free(shared.ended_s);
        free(shared.servers);
    }
}

/* ---- runs ---- */

static bool same_records(const struct timeline *a, const struct timeline *b)
{
    bool same = a->n == b->n &&
                (a->n == 0 || memcmp(a->records, b->records, a->n * sizeof *a->records) == 0);
    struct timeline_phase *p, *q;
    for (size_t i = 0; same && i < a->n; i++) {
        size_t n = timeline_phases_of(a, i, &p);
        same = n == timeline_phases_of(b, i, &q);
        for (size_t k = 0; same && k < n; k++)
            same = p[k].from_s == q[k].from_s && p[k].to_s == q[k].to_s && p[k].kind == q[k].kind;
    }
    return same;
}

static void run_session(uint64_t number, const struct scenario *s, struct tally *tally)
{
    struct error err = { "" };
    struct simulator *sim = simulator_new(s, &err);
    if (!sim) {
        complain(tally, number, s, err.text);
        return;
    }
    struct timeline *t = timeline_new(s->workflow, s->platform),
                    *again = timeline_new(s->workflow, s->platform);
    struct replica out, bare;
    simulator_run(sim, 1, again, &out);
    simulator_run(sim, 0, again, &out);
    simulator_run(sim, 0, NULL, &bare);
    simulator_free(sim);
    sim = simulator_new(s, &err);
    simulator_run(sim, 0, t, &out);
    tally->runs++;
    tally->complete += out.complete;
    if (timeline_check(t, &err))
        complain(tally, number, s, err.text);
    if (out.n_done + out.n_failed + out.n_killed + out.n_cancelled != s->workflow->n_tasks)
        complain(tally, number, s, "tasks are lost");
    if (!same_records(t, again))
        complain(tally, number, s, "a second run differs");
    if (bare.session_s != out.session_s || bare.n_done != out.n_done ||
        bare.busy_slot_s != out.busy_slot_s)
        complain(tally, number, s, "without a timeline the figures differ");
    for (size_t name = 1; name < timeline_flow_names(t); name++)
        check_flow(t, (uint16_t)name, number, s, tally);
    timeline_free(t);
    timeline_free(again);
    simulator_free(sim);
}

static void check_threads(uint64_t number, const struct scenario *s, struct tally *tally)
{
    struct replicas one, three;
    struct error err = { "" };
    if (replicate(s, &(struct replicate_options){ .replicas = 12, .threads = 1 }, &one, &err))
        return;
    if (replicate(s, &(struct replicate_options){ .replicas = 12, .threads = 3 }, &three, &err))
        complain(tally, number, s, err.text);
    else if (memcmp(one.at, three.at, one.n * sizeof *one.at) != 0)
        complain(tally, number, s, "several threads give something else");
    replicas_clear(&one);
    replicas_clear(&three);
}

static const struct scheduler_options policies[] = {
    { .order = "arrival", .overtake = "backfill", .placement = "first_fit" },
    { .order = "critical_path", .overtake = "none", .placement = "worst_fit" },
    { .order = "largest", .overtake = "backfill", .placement = "best_fit" },
    { .order = "arrival", .overtake = "backfill", .placement = "next_fit" },
};

static void run_scenario(uint64_t number, const struct scenario *s, bool threads,
                         struct tally *tally)
{
    struct adaptive_session session = { .scenario = *s };
    struct error err = { "" };
    if (adaptive_session(s, 0, NULL, &session, &err)) {
        complain(tally, number, s, err.text);
        return;
    }
    if (session.scenario.workflow->n_sets > 0)
        run_session(number, &session.scenario, tally);
    if (threads)
        check_threads(number, s, tally);
    adaptive_session_clear(&session);
}

static void run_campaign(uint64_t number, struct tally *tally)
{
    struct platform *p = all_words_platform(number);
    struct middleware *m = all_words_middleware(number);
    struct workflow *w = NULL;
    struct error err = { "" };
    for (uint64_t attempt = 0; !w && attempt < 40; attempt++) {
        w = all_words_workflow(number, attempt);
        if (w && platform_check(p, w, &err)) {
            workflow_free(w);
            w = NULL;
        }
        tally->refused += !w;
    }
    for (int mode = 0; w && mode < MODES; mode++)
        for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
            struct scenario s = { .workflow = w,
                                  .platform = p,
                                  .middleware = m,
                                  .mode = (enum mode)mode,
                                  .seed = number,
                                  .walltime_s = (number + i) % 5 == 0 ? 40 : 0,
                                  .allocation.jobs =
                                      !workflow_decides(w) && (number + i) % 10 == 0 ? 3 : 1,
                                  .scheduler = policies[i] };
            run_scenario(number, &s, i == 0 && number % 8 == 0, tally);
        }
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(int argc, char **argv)
{
    struct oracle_range range;
    if (!oracle_range(argc, argv, "all_words", &range))
        return 2;
    struct tally tally = { 0 };
    for (uint64_t i = range.first; i < range.end; i++)
        run_campaign(i, &tally);
    printf("%lu runs, %lu complete, %lu shared phases, %lu descriptions refused, %lu violations\n",
           tally.runs, tally.complete, tally.shared, tally.refused, tally.violations);
    return tally.violations > 0 || tally.runs == 0 || tally.shared == 0;
}
