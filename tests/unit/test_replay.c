#include "validation/replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cli/replay_doc.h"
#include "doc/render.h"
#include "scheduling/order.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"
#include "traces/importer.h"
#include "validation/replay_run.h"

/* Tasks of many sizes that come in bunches onto two small nodes: long waits. */
static const char crowd[] =
    "{'task_sets': ["
    "{'name': 'a', 'tasks': 14, 'cores': 3, "
    "'duration': {'distribution': 'uniform', 'min': 20, 'max': 60}},"
    "{'name': 'b', 'tasks': 9, 'cores': 7, 'gpus': 1, "
    "'duration': {'distribution': 'uniform', 'min': 30, 'max': 80}},"
    "{'name': 'c', 'tasks': 11, 'cores': 1, 'gpus': 1, "
    "'duration': {'distribution': 'uniform', 'min': 10, 'max': 30}, 'release': 12.5},"
    "{'name': 'd', 'tasks': 5, 'cores': 16, "
    "'duration': {'distribution': 'uniform', 'min': 15, 'max': 40}, 'release': 31}]}";
static const char two_nodes[] = "{'name': 'two', 'nodes': [{'cores': 16, 'gpus': 2, 'count': 2}]}";
static const char forty_nodes[] =
    "{'name': 'forty', 'nodes': [{'cores': 16, 'gpus': 2, 'count': 40}]}";

static const struct scheduler_options first_come = { .order = "arrival", .overtake = "none",
                                                     .placement = "first_fit" };

static const struct timeline_record *records_to_sort;

static int by_arrival(const void *a, const void *b)
{
    const struct timeline_record *x = &records_to_sort[*(const uint32_t *)a],
                                 *y = &records_to_sort[*(const uint32_t *)b];
    if (x->arrived_s != y->arrived_s)
        return x->arrived_s < y->arrived_s ? -1 : 1;
    return x->task < y->task ? -1 : 1;
}

static int by_launch(const void *a, const void *b)
{
    const struct timeline_record *x = &records_to_sort[*(const uint32_t *)a],
                                 *y = &records_to_sort[*(const uint32_t *)b];
    return (x->started_s > y->started_s) - (x->started_s < y->started_s);
}

/* What an importer would have made of the simulated run. */
static struct session *simulated_of(const char *workflow, double period_s, const char *platform,
                                    const struct scheduler_options *o)
{
    struct session *s = session_new("simulated", "-", "test");
    s->generation = GENERATION_TASK;
    s->workflow = given_workflow(workflow);
    s->platform = given_platform(platform);
    s->timeline = timeline_new(s->workflow, s->platform);
    struct middleware *m = middleware_ideal();
    /* which tells the order of placements of one instant */
    m->parameter[STATION_LAUNCH] = dist_constant(1e-6);
    if (o->scheduler)
        m->period_s[POLL_SCHEDULE] = m->period_s[POLL_FREE] = period_s;
    struct scenario scenario = { .workflow = s->workflow, .platform = s->platform, .middleware = m,
                                 .mode = MODE_ASYNCHRONOUS,
                                 .scheduler = scheduler_options_resolve(o, m), .seed = 5 };
    struct error err = { 0 };
    struct replica out;
    struct simulator *sim = simulator_new(&scenario, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    simulator_run(sim, 0, s->timeline, &out);
    simulator_free(sim);
    middleware_free(m);
    s->tasks = xcalloc(s->timeline->n, sizeof *s->tasks);
    uint32_t *order = xcalloc(s->timeline->n, sizeof *order);
    for (uint32_t i = 0; i < s->timeline->n; i++)
        order[i] = i;
    records_to_sort = s->timeline->records;
    qsort(order, s->timeline->n, sizeof *order, by_arrival);
    for (uint32_t i = 0; i < s->timeline->n; i++)
        s->tasks[order[i]].arrival = i;
    qsort(order, s->timeline->n, sizeof *order, by_launch);
    for (uint32_t i = 0; i < s->timeline->n; i++)
        s->tasks[order[i]].placement = i;
    free(order);
    return s;
}

static struct session *simulated_every(double period_s, const char *platform,
                                       const struct scheduler_options *o)
{
    return simulated_of(crowd, period_s, platform, o);
}

static struct session *simulated(const char *platform, const struct scheduler_options *o)
{
    return simulated_every(0.1, platform, o);
}

static struct replay *replayed(const struct session *s)
{
    struct error err = { 0 };
    struct replay *r = replay_session(s, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r);
    return r;
}

static const struct replay_candidate *find(const struct replay *r, const char *name)
{
    for (size_t i = 0; i < r->n_candidates; i++)
        if (str_equal(r->candidates[i].name, name))
            return &r->candidates[i];
    CU_FAIL_FATAL("no such candidate");
    return NULL;
}

/* The scheduler that made a run explains all of it; nobody of another order or another overtaking
 * does (placements may tie). */
static void finds_who_scheduled(void)
{
    static const struct { struct scheduler_options o; const char *name; } cases[] = {
        { { .scheduler = "radical", .generation = "1.9" }, "radical 1.9" },
        { { .scheduler = "radical", .generation = "1.33" }, "radical 1.33" },
        { { .order = "largest", .overtake = "backfill", .placement = "best_fit" },
          "largest + backfill, best_fit" },
        { { .order = "arrival", .overtake = "none", .placement = "next_fit" },
          "arrival + none, next_fit" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session *s = simulated(two_nodes, &cases[i].o);
        struct replay *r = replayed(s);
        unit_is(r->n_placements, ==, 39);
        unit_is(r->n_left_out, ==, 0);
        unit_is(r->n_waited, >, 10);
        unit_is(r->n_differ, >, 10);
        CU_ASSERT(r->order_identifiable);
        unit_is(strncmp(r->candidates[0].name, cases[i].name, strcspn(cases[i].name, ",")), ==, 0);
        unit_is(find(r, cases[i].name)->n_equal, ==, 39);
        unit_must_be(r->candidates[0].n_equal, ==, 39);
        unit_is(r->candidates[0].n_equal_where_differ, ==, r->n_differ);
        unit_is(r->candidates[r->n_candidates - 1].n_equal_where_differ, <, r->n_differ / 2);
        replay_free(r);
        session_free(s);
    }
}

/* A loop whose period is none of those that are tried: step by step the true generation is right
 * all the same, as it needs no turns, and the other is not. */
static void needs_no_turns_step_by_step(void)
{
    static const char *const generations[] = { "1.9", "1.33" };
    for (int g = 0; g < 2; g++) {
        struct session *s = simulated_every(
            0.37, two_nodes,
            &(struct scheduler_options){ .scheduler = "radical", .generation = generations[g] });
        struct replay_steps own, other;
        CU_ASSERT(replay_steps(s, generations[g], &own));
        CU_ASSERT(replay_steps(s, generations[1 - g], &other));
        unit_is(own.n_placements, ==, 39);
        unit_is(own.n_explained, ==, 39);
        unit_is(other.n_explained, <, 36);
        CU_ASSERT(!replay_steps(s, "0.73", &other));
        session_free(s);
    }
}

/* What a turn frees is recorded one after another, so long apart, and what it places then after the
 * last. */
static void spread_frees(struct session *s, double apart_s)
{
    struct timeline_record *r = s->timeline->records;
    size_t n = s->timeline->n;
    double *freed_s = xcalloc(n, sizeof *freed_s);
    for (size_t i = 0; i < n; i++)
        freed_s[i] = r[i].freed_s;
    for (size_t i = 0; i < n; i++) {
        size_t before = 0, placed_after = 0;
        for (size_t k = 0; k < n; k++) {
            before += k < i && freed_s[k] == freed_s[i];
            placed_after += freed_s[k] == r[i].scheduled_s;
        }
        r[i].freed_s += (double)before * apart_s;
        r[i].scheduled_s += (double)placed_after * apart_s;
    }
    free(freed_s);
}

static size_t explained_by_radical(double apart_s)
{
    static const char waves[] = "{'task_sets': ["
                                "{'name': 't', 'tasks': 128, 'cores': 32, 'gpus': 1, "
                                "'duration': {'distribution': 'normal', 'mean': 500, 'sd': 1.5}},"
                                "{'name': 'u', 'tasks': 128, 'cores': 32, 'gpus': 1, "
                                "'duration': {'distribution': 'normal', 'mean': 300, 'sd': 1.5}, "
                                "'release': 3}]}";
    struct scheduler_options o = { .scheduler = "radical", .generation = "1.9", .order = "arrival",
                                   .overtake = "backfill",
                                   .placement = "first_fit" };
    struct session *s = simulated_of(
        waves, 0.102, "{'name': 'p', 'nodes': [{'cores': 168, 'gpus': 6, 'count': 16}]}", &o);
    struct replay_outcome measured, free_run;
    struct replay_steps steps;
    struct error err = { 0 };
    size_t equal = 0;
    spread_frees(s, apart_s);
    replay_measured(s, &measured);
    struct replay_clock clock = { .period_s = 0.102 };
    CU_ASSERT_EQUAL_FATAL(replay_run(s, &o, clock, &free_run, &err), 0);
    for (size_t i = 0; i < measured.n; i++)
        equal += measured.slots[i] == free_run.slots[i];
    CU_ASSERT(replay_steps(s, "1.9", &steps));
    unit_is(steps.n_explained, ==, 256);
    replay_outcome_clear(&measured);
    replay_outcome_clear(&free_run);
    session_free(s);
    return equal;
}

/* Second waves of equal tasks, five a node, onto slots that come free in bulks: a bulk is one turn,
 * however long it takes to free. */
static void takes_bulks_for_one_turn(void)
{
    size_t at_once = explained_by_radical(0);
    unit_is(at_once, >=, 150);
    CU_ASSERT_EQUAL(explained_by_radical(0.0015), at_once);
    CU_ASSERT_EQUAL(explained_by_radical(0.006), at_once);
}

/* Of 110 tasks, five a node, 80 fit. The 30 that wait are equal: which of them gets which slots
 * hangs on the number of turns, some 5,000, and their period is none that is tried. A task that did
 * not wait is taken for no other. */
static void tells_exchanges_of_equal_tasks_apart(void)
{
    struct scheduler_options o = { .scheduler = "radical", .generation = "1.9", .order = "arrival",
                                   .overtake = "backfill",
                                   .placement = "first_fit" };
    struct session *s = simulated_of(
        "{'task_sets': [{'name': 't', 'tasks': 110, 'cores': 32, 'gpus': 1, 'duration': "
        "{'distribution': 'normal', 'mean': 500, 'sd': 1.5}}]}",
        0.0871, "{'name': 'p', 'nodes': [{'cores': 168, 'gpus': 6, 'count': 16}]}", &o);
    struct replay *r = replayed(s);
    const struct replay_candidate *own = find(r, "radical 1.9"),
                                  *other = find(r, "arrival + backfill, worst_fit");
    CU_ASSERT_PTR_NOT_NULL_FATAL(own);
    CU_ASSERT_PTR_NOT_NULL_FATAL(other);
    unit_near((double)r->n_waited, 30, 0);
    unit_is(own->n_equal, >=, 80);
    unit_is(own->n_exchanged, >, 0);
    unit_near((double)(own->n_equal + own->n_exchanged), 110, 0);
    unit_is(other->n_equal + other->n_exchanged, <, 80);
    unit_near((double)r->told[0].steps.n_explained, 110, 0);
    replay_free(r);
    session_free(s);
}

static double cell(const struct table *t, size_t row, size_t column)
{
    double x = NAN;
    str_to_double(table_text(t, row, column), &x);
    return x;
}

/* Of each number of explained placements as many candidates stand in the ranges as there are, in
 * far fewer rows. */
static void ranges_hold_each_candidate_once(const struct replay *r)
{
    size_t left_out, n_all = 0;
    struct table *t = replay_table(r, SIZE_MAX, &left_out);
    for (size_t explained = 0; explained <= r->n_placements; explained++) {
        size_t candidates = 0, in_ranges = 0;
        for (size_t i = 0; i < r->n_candidates; i++)
            candidates += r->candidates[i].n_equal == explained;
        for (size_t i = 0; i < table_rows(t); i++)
            in_ranges += cell(t, i, 2) == (double)explained ? (size_t)cell(t, i, 1) : 0;
        unit_is(in_ranges, ==, candidates);
        n_all += in_ranges;
    }
    unit_is(n_all, ==, r->n_candidates);
    unit_is(left_out, ==, 0);
    unit_is(10 * table_rows(t), <, r->n_candidates);
    table_free(t);
}

static void says_what_cannot_be_told(void)
{
    struct session *s = simulated(forty_nodes, &first_come);
    struct replay *r = replayed(s);
    struct doc *d = doc_new("replay", "0");
    struct str text = { 0 };
    unit_is(r->n_waited, ==, 0);
    CU_ASSERT_FALSE(r->order_identifiable);
    unit_is(r->n_differ, >, 0);
    CU_ASSERT_STRING_EQUAL(r->candidates[0].options.placement, "first_fit");
    replay_doc_add(d, r);
    doc_render_text(d, &(struct doc_text_options){ 0 }, &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.text, "order and overtaking: not identifiable"));
    str_clear(&text);
    ranges_hold_each_candidate_once(r);
    size_t left_out;
    struct table *t = replay_table(r, 2, &left_out);
    unit_is(table_rows(t), ==, 2);
    unit_is(left_out, >, 0);
    unit_is(left_out, <, r->n_candidates);
    table_free(t);
    cJSON *json = doc_render_json(d);
    const cJSON *replay = cJSON_GetObjectItem(json, "replay");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItem(replay, "candidates")),
                    (int)r->n_candidates);
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(replay, "placements")),
              (double)r->n_placements, 0);
    cJSON_Delete(json);
    doc_free(d);
    replay_free(r);
    session_free(s);
}

static void leaves_out_what_was_not_recorded(void)
{
    struct session *s = simulated(two_nodes, &first_come);
    struct error err = { 0 };
    s->timeline->records[7].arrived_s = NAN;
    struct replay *r = replayed(s);
    unit_is(r->n_placements, ==, 38);
    unit_is(r->n_left_out, ==, 1);
    replay_free(r);
    for (size_t i = 0; i < s->timeline->n; i++)
        s->timeline->records[i].arrived_s = NAN;
    CU_ASSERT_PTR_NULL(replay_session(s, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "nothing to replay"));
    session_free(s);
}

/* Seven real sessions of RADICAL-Pilot 1.4, 1.9 and 1.33: their own scheduler places every task
 * where it was. */
static void explains_real_sessions(void)
{
    static const char *const paths[] = {
        "summit-async/re.session.login1.pascuzzi.019225.0000.tgz",
        "summit-async/re.session.login1.pascuzzi.019225.0001.tgz",
        "summit-async/re.session.login2.pascuzzi.019224.0001.tgz",
        "summit-async/re.session.login5.pascuzzi.019221.0000.tgz",
        "summit-async/rp.session.login4.okilic1.019489.0010.tgz",
        "summit-prrte/rp.session.login4.mturilli1.018443.0002.tgz",
        "summit-prrte/rp.session.login4.mturilli1.018444.0003.tgz"
    };
    if (!unit_shared_dir()) {
        unit_skip("no real sessions here");
        return;
    }
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *path = str_format("%s/traces/%s", unit_shared_dir(), paths[i]);
        struct error err = { 0 };
        struct session *s = importer_load(path, NULL, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        struct replay *r = replayed(s);
        unit_is(strncmp(r->candidates[0].name, "radical", 7), ==, 0);
        unit_is(r->candidates[0].n_equal, ==, r->n_placements);
        unit_is(r->n_left_out, ==, 0);
        unit_is(r->candidates[0].start_error_s, <, 0.15);
        unit_is(r->order_identifiable, ==, i >= 5);
        replay_free(r);
        session_free(s);
        free(path);
    }
}

/* No set has a priority: that order is arrival under another name; "largest" and "random", whose
 * tasks draw their keys, are not. */
static void orders_of_the_same_keys_are_alike(void)
{
    struct scheduler_options o = { .order = "arrival", .overtake = "none",
                                   .placement = "first_fit" };
    struct session *s = simulated_of("{'task_sets': [{'name': 'a', 'duration': 7}, "
                                     "{'name': 'b', 'cores': 4, 'duration': 21}]}",
                                     0, "{'name': 'p', 'nodes': [{'cores': 8}]}", &o);
    const struct order_ops *priority = order_find("priority"), *largest = order_find("largest");
    CU_ASSERT_PTR_EQUAL(order_alike(priority, s->workflow, s->platform), order_find("arrival"));
    CU_ASSERT_PTR_NULL(order_alike(largest, s->workflow, s->platform));
    CU_ASSERT_PTR_NULL(order_alike(order_find("random"), s->workflow, s->platform));
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(orders_of_the_same_keys_are_alike),
        UNIT_TEST(finds_who_scheduled),
        UNIT_TEST(needs_no_turns_step_by_step),
        UNIT_TEST(takes_bulks_for_one_turn),
        UNIT_TEST(tells_exchanges_of_equal_tasks_apart),
        UNIT_TEST(says_what_cannot_be_told),
        UNIT_TEST(leaves_out_what_was_not_recorded),
        UNIT_TEST(explains_real_sessions),
        { NULL, NULL },
    };
    return unit_run("replay", tests);
}
