/* Sessions of which only what is in flight is written out, against the same written out: all that a
 * replica tells is the same, bit by bit, and what is held does not grow with iterations. */
#include "scheduling/growing.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "sim/simulate.h"
#include "study/replicate.h"
#include "tests/support/given.h"
#include "tests/support/grown_pair.h"
#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

static const char two_nodes[] = "{'name': 'p', 'nodes': [{'count': 2, 'cores': 8, 'gpus': 2}]}";

#define EXPONENTIAL(mean) "{'distribution': 'exponential', 'mean': " mean "}"
#define LOOP(name, sets, stop)                                                                     \
    "{'name': '" name "', 'sets': [" sets "], 'stop': " stop ", 'decision_time': 0.5}"

static const char *const workflows[] = {
    /* what decides is early: the rest of an iteration lags behind */
    "{'name': 'tails', 'task_sets': [{'name': 'a', 'tasks': 3, 'duration': " EXPONENTIAL(
        "4") "},"
             " {'name': 'd', 'duration': 1, 'after': ['a']}, {'name': 'tail', 'tasks': 2, "
             "'duration': " EXPONENTIAL(
                 "9") ", 'after': ['a']}],"
                      " 'loops': [{'name': 'l', 'sets': ['a', 'd', 'tail'], 'decided_by': 'd', "
                      "'stop': {'after': {'distribution': 'uniform', 'min': "
                      "100, 'max': 200}}}]}",
    /* numbers, conditions and single tasks that come after single tasks; sets before and after the
       loop */
    "{'name': 'around', 'task_sets': [{'name': 'p', 'duration': 3}, {'name': 'q', "
    "'duration': " EXPONENTIAL(
        "3") ", 'after': ['p']},"
             " {'name': 'a', 'tasks': 4, 'threads': 2, 'duration': " EXPONENTIAL(
                 "4") ", 'after': ['q']},"
                      " {'name': 'b', 'tasks': {'per': 'a', 'distribution': 'binomial', 'n': 2, "
                      "'p': 0.5}, 'duration': " EXPONENTIAL(
                          "2") ", "
                               "'after': [{'set': 'a', 'kind': 'each'}]},"
                               " {'name': 'c', 'when': 0.5, 'else': 'e', 'gpus': 1, 'duration': 2, "
                               "'after': ['a']}, {'name': 'e', 'duration': 1, 'after': ['a']},"
                               " {'name': 'z', 'tasks': 2, 'duration': 1, 'after': ['a']}, "
                               "{'name': 'y', 'duration': 1, 'after': ['z']},"
                               " {'name': 'x', 'duration': " EXPONENTIAL(
                                   "1") ", 'after': ['p']}],"
                                        " 'loops': [" LOOP("l", "'a', 'b', 'c', 'e'",
                                                           "{'probability': 0.004}") "]}",
    /* whole iterations without a set, and an effect that a set's tasks share */
    "{'name': 'empty', 'task_sets': [{'name': 'a', 'when': 0.4, 'tasks': 2, 'set_sd': 0.2, "
    "'duration': " EXPONENTIAL("4") "},"
                                    " {'name': 'b', 'when': 0.15, 'duration': 2, 'after': ['a']}],"
                                    " 'loops': [" LOOP("l", "'a', 'b'", "{'after': 150}") "]}",
};

/* Two loops that are not as long as each other, and what comes after one and both. */
#define BESIDE(p)                                                                                  \
    "{'name': 'beside', 'task_sets': [{'name': 'p', 'duration': 30}, {'name': 'a', 'tasks': 3, "   \
    "'duration': " EXPONENTIAL(                                                                    \
        "4") "},"                                                                                  \
             " {'name': 'b', 'duration': " EXPONENTIAL(                                            \
                 "1") ", 'after': ['a', 'p']}, {'name': 'c', 'gpus': 1, 'tasks': 2, "              \
                      "'duration': " EXPONENTIAL(                                                  \
                          "2") "}, {'name': 'd', 'gpus': 2, 'tasks': 2, "                          \
                               "'duration': 1},"                                                   \
                               " {'name': 'y', 'duration': 1, 'after': "                           \
                               "['a']}, {'name': 'z', 'duration': 1, "                             \
                               "'after': ['y', 'c']}],"                                            \
                               " 'loops': [" LOOP("l", "'a', 'b'",                                 \
                                                  "{'probability': " p                             \
                                                  "}") ", " LOOP("m", "'c', 'd'",                  \
                                                                 "{'probability': " p "}") "]}"

enum { MIDDLEWARES = 3 };

/* Without any; of known constants, which differ between sessions; likewise, and drawn. */
static struct middleware *middleware(int i)
{
    struct middleware *m = i == 0 ? middleware_ideal() : known_middleware();
    known_spread(m, i > 0 ? 0.1 : 0);
    for (int p = 0; i == 2 && p < STATION_PARAMETERS; p++) {
        struct dist *known = m->parameter[p];
        if (!known)
            continue;
        m->parameter[p] = dist_lognormal(dist_mean(known), 0.5 * dist_mean(known));
        dist_free(known);
    }
    return m;
}

static struct scenario scenario_of(const struct workflow *w, const struct platform *p,
                                   const struct middleware *m, enum mode mode)
{
    return (struct scenario){
        .workflow = w,
        .platform = p,
        .middleware = m,
        .mode = mode,
        .seed = 3,
        .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" }
    };
}

static struct growing *grow(const struct scenario *s, const struct realise_options *o, int places)
{
    const struct decisions *d = &s->workflow->decisions;
    int *iterations = xcalloc(d->n_loops + d->n_campaigns, sizeof *iterations);
    CU_ASSERT_EQUAL_FATAL(workflow_iterations(s->workflow, o, iterations, NULL), 0);
    struct growing *g = growing_new(s->workflow, o, iterations, places);
    free(iterations);
    CU_ASSERT_PTR_NOT_NULL_FATAL(g);
    return g;
}

static void walk(struct growing *g)
{
    size_t n;
    growing_walk(g);
    do
        growing_walk_next(g, &n);
    while (n > 0);
}

static void compare(const struct scenario *s, uint32_t replica)
{
    struct grown_pair pair;
    grown_pair_run(s, replica, &pair);
    char *difference = grown_pair_difference(&pair);
    CU_ASSERT_PTR_NULL(difference);
    if (difference)
        fprintf(stderr, "%s %s replica %u %s: %s\n", s->workflow->name, mode_name(s->mode),
                replica, s->middleware->name, difference);
    free(difference);
}

/* Learning is slower than the rounds at times; the last round is not full. */
static const char *const campaigns[] = {
    "{'name': 'campaign', 'task_sets': [{'name': 'c', 'duration': " EXPONENTIAL(
        "30") "},"
              " {'name': 'l', 'gpus': 1, 'duration': " EXPONENTIAL(
                  "30") "}], 'campaigns': [{'name': 's', "
                        "'candidates': 'c', 'in_flight': 8, 'budget': 1003, 'learn': 'l', 'every': "
                        "5, "
                        "'hit_probability': 0.01, 'hit_gain': 1.001}]}",
    "{'name': 'no learning', 'task_sets': [{'name': 'c', 'duration': " EXPONENTIAL(
        "30") "}],"
              " 'campaigns': [{'name': 's', 'candidates': 'c', 'budget': 2000}]}",
};
/* One beside a loop. */
static const char *const campaign_beside =
    "{'name': 'campaign beside', 'task_sets': [{'name': 'c', 'duration': " EXPONENTIAL(
        "3") "},"
             " {'name': 'l', 'gpus': 1, 'duration': 5}, {'name': 'a', 'duration': " EXPONENTIAL(
                 "9") "}],"
                      " 'loops': [" LOOP(
                          "m", "'a'",
                          "{'after': 300}") "], 'campaigns': [{'name': 's', "
                                            "'candidates': 'c', 'in_flight': 8, 'budget': 1001, "
                                            "'learn': 'l', 'every': 3}]}";

/* What comes after candidates, and after them and a loop that ends early, lies far behind what else
 * goes on. */
#define FAR_BEHIND(budget)                                                                         \
    "{'name': 'far behind', 'task_sets': [{'name': 'c', 'duration': 3}, {'name': 'l', "            \
    "'duration': 5}, {'name': 'a', 'gpus': 1, 'duration': 2}, {'name': 'd', 'duration': 1}, "      \
    "{'name': 'e', 'gpus': 1, 'duration': 1, 'after': ['d']}, {'name': 'x', 'duration': 1, "       \
    "'after': ['c']}, {'name': 'y', 'duration': 1, 'after': ['x']}, {'name': 'z', 'duration': 1, " \
    "'after': ['a', 'c']}], 'loops': [" LOOP("m", "'a'", "{'after': 60}") ", " LOOP(               \
        "n", "'d', 'e'", "{'after': 400}") "], 'campaigns': [{'name': 's', 'candidates': 'c', "    \
                                           "'in_flight': 8, 'budget': " budget                     \
                                           ", 'learn': 'l', 'every': 2}]}"

/* What decides does not exist mostly: many iterations are ready at one instant, more than take
 * places at once. */
static const char *const many_at_once =
    "{'name': 'many at once', 'task_sets': [{'name': 'b', 'when': 0.15, 'duration': 3.7}, "
    "{'name': 'c', 'tasks': 2, 'threads': 3, 'after': ['b'], 'duration': " EXPONENTIAL("1") "}], "
    "'loops': [{'name': 'l', 'sets': ['b', 'c'], 'decided_by': 'b', 'stop': {'after': 300}}]}";

/* What decides exists seldom: the first set of all may lie far behind the first iteration, one that
 * waits for nothing far behind one that waits, and many lie beside each other. */
#define SELDOM(p)                                                                                  \
    "{'name': 'seldom', 'task_sets': [{'name': 'p', 'duration': 6}, {'name': 'a', 'tasks': 3, "    \
    "'gpus': 1, 'duration': 2, 'after': ['p']}, {'name': 'd', 'when': " p ", 'threads': 2, "       \
    "'duration': 1}], 'loops': [" LOOP("l", "'a', 'd'", "{'after': 150}, 'decided_by': 'd'") "]}"
static const char *const first_is_late =
    "{'name': 'first is late', 'task_sets': [{'name': 'q', 'when': 0.5, 'threads': 3, 'duration': "
    "1}, {'name': 'd', 'when': 0.03, 'duration': 0.3}, {'name': 'c', 'tasks': 2, 'threads': 3, "
    "'duration': 0.7}, {'name': 'e', 'when': 0, 'threads': 5, 'duration': 1}, {'name': 'b', "
    "'threads': 5, 'duration': 0.7}], 'loops': [" LOOP("l", "'d'", "{'after': 300}") ", " LOOP(
        "m", "'c'", "{'after': 200}") ", " LOOP("n", "'b'", "{'after': 100}") "]}";

static void compare_all(const char *text, int first_mode, uint32_t replicas)
{
    struct workflow *w = given_workflow(text);
    struct platform *p = given_platform(two_nodes);
    for (int i = 0; i < MIDDLEWARES; i++) {
        struct middleware *m = middleware(i);
        for (int mode = first_mode; mode < MODES; mode++) {
            struct scenario s = scenario_of(w, p, m, (enum mode)mode);
            CU_ASSERT(growing_can(w, s.mode));
            for (uint32_t replica = 0; replica < replicas; replica++)
                compare(&s, replica);
        }
        middleware_free(m);
    }
    platform_free(p);
    workflow_free(w);
}

static void what_grows_is_what_is_written_out(void)
{
    for (size_t i = 0; i < sizeof workflows / sizeof *workflows; i++)
        compare_all(workflows[i], 0, 6);
    compare_all(BESIDE("0.01"), MODE_ASYNCHRONOUS, 6);
    for (size_t i = 0; i < sizeof campaigns / sizeof *campaigns; i++)
        compare_all(campaigns[i], 0, 4);
    compare_all(campaign_beside, MODE_ASYNCHRONOUS, 4);
    compare_all(FAR_BEHIND("600"), MODE_ASYNCHRONOUS, 1);
    compare_all(many_at_once, MODE_ASYNCHRONOUS, 6);
    compare_all(SELDOM("0.1"), 0, 3);
    compare_all(SELDOM("0.01"), 0, 3);
    compare_all(first_is_late, MODE_ASYNCHRONOUS, 3);
    compare_all("{'name': 'late', 'task_sets': [{'name': 'p', 'duration': 1}, {'name': 's', "
                "'when': 0.03, 'duration': 1, 'after': ['p']}], 'loops': ["
                LOOP("l", "'s'", "{'after': 300}") "]}", 0, 3);
}

/* Long enough that the degrees of the whole are not of all sets either. */
static void long_ones_have_the_same_degrees(void)
{
    compare_all(BESIDE("0.0002"), MODE_ASYNCHRONOUS, 2);
    compare_all("{'name': 'long campaign', 'task_sets': [{'name': 'c', 'duration': 3},"
                " {'name': 'l', 'gpus': 1, 'duration': 5}], 'campaigns': [{'name': 's', "
                "'candidates': 'c', 'in_flight': 8, 'budget': 14001, 'learn': 'l', 'every': 2}]}",
                0, 1);
    compare_all(FAR_BEHIND("10001"), MODE_ASYNCHRONOUS, 1);
}

static struct replica simulate(const struct scenario *s, const struct workflow *session)
{
    struct scenario own = *s;
    struct error err = { "" };
    struct replica out;
    own.workflow = session;
    struct simulator *sim = simulator_new(&own, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    simulator_run(sim, 0, NULL, &out);
    simulator_free(sim);
    return out;
}

/* What is held is what is in flight: as much for 100,000 iterations as for 1,000. */
static void what_is_held_does_not_grow(void)
{
    static const char text[] = "{'name': 'w', 'task_sets': [{'name': 'a', 'duration': " EXPONENTIAL(
        "4") "}, {'name': 'b', 'duration': 1, 'after': ['a']},"
             " {'name': 'tail', 'duration': " EXPONENTIAL(
                 "20") ", 'after': ['a']}],"
                       " 'loops': [{'name': 'l', 'sets': ['a', 'b', 'tail'], 'decided_by': 'b', "
                       "'stop': {'after': %d}}]}";
    struct platform *p = given_platform(two_nodes);
    struct middleware *m = middleware(0);
    size_t most[2];
    for (int i = 0; i < 2; i++) {
        char *own = str_format(text, i == 0 ? 1000 : 100000);
        struct workflow *w = given_workflow(own);
        struct scenario s = scenario_of(w, p, m, MODE_ASYNCHRONOUS);
        struct realise_options o = { .seed = 3, .mode = s.mode, .platform = p, .horizon = 1 };
        struct growing *g = grow(&s, &o, growing_least_places(w));
        walk(g);
        CU_ASSERT(simulate(&s, growing_workflow(g)).complete);
        most[i] = growing_counts(g).most_sets;
        unit_near((double)growing_counts(g).n_sets, i == 0 ? 3000 : 300000, 0);
        growing_free(g);
        workflow_free(w);
        free(own);
    }
    unit_is(most[0], <=, 250); /* three sets an iteration, 76 places */
    unit_near((double)most[1], (double)most[0], 0.1 * (double)most[0]);
    platform_free(p);
    middleware_free(m);
}

/* What has to be written out, and why. */
static void some_do_not_grow(void)
{
#define SETS                                                                                       \
    "'task_sets': [{'name': 'a', 'duration': 1}, {'name': 'b', 'duration': 1, 'after': ['a']}, "   \
    "{'name': 'c', 'duration': 1}]"
    static const char *const texts[] = {
        "{'name': 'w', " SETS "}",
        "{'name': 'w', " SETS ", 'loops': [{'name': 'l', 'sets': ['a'], 'stop': {'budget': 100}}]}",
        "{'name': 'w', " SETS ", 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'after': "
        "5}}, {'name': 'm', 'sets': ['a'], "
        "'stop': {'after': 5}}]}",
        "{'name': 'w', " SETS ", 'loops': [{'name': 'l', 'sets': ['a'], 'stop': {'after': 5}}, "
        "{'name': 'm', 'sets': ['b'], "
        "'stop': {'after': 5}}]}",
        "{'name': 'w', " SETS ", 'campaigns': [{'name': 'l', 'candidates': 'c', 'budget': 5, "
        "'hits': 2, 'hit_probability': 0.1}]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct workflow *w = given_workflow(texts[i]);
        unit_near(growing_can(w, MODE_ASYNCHRONOUS), 0, 0);
        workflow_free(w);
    }
}

/* A set after the loop is of a stage of its last iteration, if what decides is early. */
static void early_decisions_do_not_grow_with_barriers(void)
{
    static const int grows[MODES] = { [MODE_ASYNCHRONOUS] = 1 };
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 1}, {'name': 'b', 'duration': 10, "
        "'after': ['a']}, {'name': 'e', 'duration': 5, 'after': ['a']}], 'loops': [{'name': 'l', "
        "'sets': ['a', 'b'], 'decided_by': 'a', 'stop': {'after': 300}, 'decision_time': 20}]}");
    for (int mode = 0; mode < MODES; mode++)
        unit_near(growing_can(w, (enum mode)mode), grows[mode], 0);
    workflow_free(w);
}

/* Replica 5 is the same whether five others run before it or not, written out or not. */
static void replicas_may_be_added(void)
{
    static const char *const lengths[] = { "50", "12000" };
    struct platform *p = given_platform(two_nodes);
    struct middleware *m = middleware(0);
    for (int i = 0; i < 2; i++) {
        char *text =
            str_format("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 1}], 'loops': "
                       "[{'name': 'l', 'sets': ['a'], 'stop': {'probability': 0.02}, "
                       "'at_least': %s}]}",
                       lengths[i]);
        struct workflow *w = given_workflow(text);
        struct scenario s = scenario_of(w, p, m, MODE_ASYNCHRONOUS);
        struct replicas all, added;
        struct replicate_options o = { .replicas = 8, .threads = 1 };
        CU_ASSERT_EQUAL_FATAL(replicate(&s, &o, &all, NULL), 0);
        o.from = 5;
        o.replicas = 3;
        CU_ASSERT_EQUAL_FATAL(replicate(&s, &o, &added, NULL), 0);
        for (size_t r = 0; r < added.n; r++)
            unit_near(added.at[r].makespan_s, all.at[5 + r].makespan_s, 0);
        unit_is(all.at[5].makespan_s, !=, all.at[0].makespan_s);
        replicas_clear(&all);
        replicas_clear(&added);
        workflow_free(w);
        free(text);
    }
    platform_free(p);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test all[] = {
        UNIT_TEST(what_grows_is_what_is_written_out),
        UNIT_TEST(long_ones_have_the_same_degrees),
        UNIT_TEST(what_is_held_does_not_grow),
        UNIT_TEST(some_do_not_grow),
        UNIT_TEST(early_decisions_do_not_grow_with_barriers),
        UNIT_TEST(replicas_may_be_added),
        { NULL, NULL },
    };
    return unit_run("growing", all);
}
