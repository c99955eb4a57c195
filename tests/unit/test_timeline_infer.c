/* Timelines written and read again. Oracles: the same bytes when written anew, and the workflow
 * that was simulated. */
#include "traces/importer/timeline_csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/imported.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static const char header[] = "set,task,attempt,status,submitted_s,arrived_s,scheduled_s,launched_s,"
                             "started_s,stopped_s,freed_s,"
                             "notified_s,nodes,cores,gpus,gpu_share\n";

static char *folder;

/* A session of these rows; NULL where it is refused. */
static struct session *session_of(const char *rows, struct workflow *w, struct platform *p,
                                  struct error *err)
{
    struct str text = { 0 };
    str_addf(&text, "%s%s", header, rows);
    char *path = scratch_file(folder, "t.csv", text.text, text.length);
    struct session *s = timeline_csv_session(path, w, p, err);
    free(path);
    str_clear(&text);
    return s;
}

/* The file again, byte for byte, whether workflow and platform are inferred or given. */
static void check_same_bytes(const char *path, struct workflow *w, struct platform *p)
{
    struct error err = { "" };
    struct session *s = timeline_csv_session(path, w, p, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    char *again = str_format("%s/again.csv", folder);
    unit_must_be(timeline_save_csv(s->timeline, again, &err), ==, 0);
    size_t n, m;
    char *first = file_load(path, 1 << 28, &n, &err), *second = file_load(again, 1 << 28, &m, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    unit_is(n, ==, m);
    unit_is(memcmp(first, second, n), ==, 0);
    free(first);
    free(second);
    free(again);
    session_free(s);
}

static struct workflow *copy_of_workflow(const struct workflow *w)
{
    struct error err = { "" };
    cJSON *json = workflow_to_json(w);
    char *text = json_print(json);
    struct workflow *copy = workflow_parse(text, strlen(text), "copy", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    free(text);
    cJSON_Delete(json);
    return copy;
}

static void simulated_timelines_come_back_to_the_byte(void)
{
    const struct given_limits limits = { .max_sets = 6, .max_tasks = 9, .varying = true };
    for (uint64_t number = 0; number < 40; number++) {
        struct error err = { "" };
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        struct middleware *m = middleware_ideal();
        struct scheduler_options options = { 0 };
        struct scenario scenario = { .workflow = w, .platform = p, .middleware = m,
                                     .mode = MODE_ASYNCHRONOUS, .seed = number,
                                     .scheduler = scheduler_options_resolve(&options, m) };
        struct simulator *sim = simulator_new(&scenario, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
        struct timeline *t = timeline_new(w, p);
        struct replica out;
        simulator_run(sim, 0, t, &out);
        char *path = str_format("%s/run.csv", folder);
        unit_must_be(timeline_save_csv(t, path, &err), ==, 0);
        check_same_bytes(path, NULL, NULL);
        check_same_bytes(path, copy_of_workflow(w), platform_copy(p));
        free(path);
        timeline_free(t);
        simulator_free(sim);
        middleware_free(m);
        platform_free(p);
        workflow_free(w);
    }
}

static void sets_and_nodes_are_inferred(void)
{
    struct error err = { "" };
    struct session *s = session_of("sim,1,0,done,0,,,,2.5,12.75,,,n10,0-3,0,0\n"
                                   "sim,0,0,done,0,,,,2.5,10.5,,,n9,4-7,1,0\n"
                                   "train,0,0,done,11,,,,13,14.5,,,n9;n10,0-1 8;2-4,0;0,0;0\n"
                                   "share,0,0,done,11,,,,13,14,,,n9,5,1,250000\n",
                                   NULL, NULL, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    const struct task_set *sim = &s->workflow->sets[0], *train = &s->workflow->sets[1],
                          *share = &s->workflow->sets[2];
    CU_ASSERT_STRING_EQUAL(sim->name, "sim");
    unit_is(sim->n_tasks, ==, 2);
    unit_is(sim->traits->demand.ranks, ==, 1);
    unit_is(sim->traits->demand.cores, ==, 4);
    unit_is(sim->traits->demand.gpus, ==, 1);
    unit_is(sim->durations[0], ==, 8);
    unit_is(sim->durations[1], ==, 10.25);
    unit_is(train->traits->demand.ranks, ==, 2);
    unit_is(train->traits->demand.cores, ==, 3);
    unit_is(train->traits->demand.gpus, ==, 1);
    unit_is(share->traits->demand.ranks, ==, 1);
    unit_is(share->traits->demand.cores, ==, 1);
    unit_is(share->traits->demand.gpus, ==, 0);
    unit_is(share->traits->demand.gpu_share, ==, 250000);
    CU_ASSERT_EQUAL(s->platform->n_nodes, 2);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[0], "n9");
    unit_must_be(s->platform->shapes[0].n_slots, ==, 9);
    unit_is(s->platform->shapes[0].n_gpus, ==, 2);
    unit_is(timeline_makespan(s->timeline), ==, 12);
    CU_ASSERT_EQUAL(noted(s, "holds no dependencies"), 3);
    session_free(s);
}

static void what_a_given_workflow_does_not_have_is_counted(void)
{
    struct error err = { "" };
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': 5}]}");
    struct platform *p = given_platform("{'nodes': [{'name': 'n', 'cores': 4, 'names': ['n0']}]}");
    struct session *s = session_of("a,0,0,done,,,,,0,5,,,n0,0-1,,0\n"
                                   "a,1,0,done,,,,,0,5,,,n0,3-4,,0\n"
                                   "a,2,0,done,,,,,0,5,,,n0,0-1,,0\n"
                                   "b,0,0,done,,,,,0,5,,,n0,0-1,,0\n", w, p, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    CU_ASSERT_EQUAL(s->timeline->n, 2);
    CU_ASSERT_EQUAL(noted(s, "no such task"), 2);
    CU_ASSERT_EQUAL(noted(s, "no such node, slot or GPU"), 1);
    unit_is(s->timeline->records[1].slots, ==, TIMELINE_NO_SLOTS);
    session_free(s);
}

static void hostile_rows_are_skipped_and_counted(void)
{
    struct error err = { "" };
    struct session *s =
        session_of("a,0,0,done,,,,,0,5,,,,,,\n"
                   "a,0,0,done,,,,,0,6,,,,,,\n" /* the same attempt again */
                   "a,4294967294,0,done,,,,,0,1e9,,,,,,\n" /* far beyond what is there */
                   "a,1,0,done,,,,,nan,5,,,,,,\n"
                   "a,1,0,done,,,,,0,1e999,,,,,,\n"
                   "a,1,0,unheard,,,,,0,5,,,,,,\n"
                   ",1,0,done,,,,,0,5,,,,,,\n"
                   "a,-1,0,done,,,,,0,5,,,,,,\n"
                   "a,1,300,done,,,,,0,5,,,,,,\n"
                   "a,5,0,done,,,,,9,5,,,n0,0-70000,,0\n" /* ends before it starts; no such slot */
                   "a,6,0,done,,,,,9,10,,,n0;n1,0,,0\n"
                   "a,1,0,do\n",
                   NULL, NULL, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 4);
    CU_ASSERT_EQUAL(s->timeline->n, 4);
    CU_ASSERT_EQUAL(noted(s, "same attempt"), 1);
    CU_ASSERT_EQUAL(noted(s, "numbered anew"), 3);
    CU_ASSERT_EQUAL(noted(s, "an invalid time or number"), 4);
    CU_ASSERT_EQUAL(noted(s, "status that is not known"), 2);
    CU_ASSERT_EQUAL(noted(s, "do not fit together"), 2);
    CU_ASSERT_EQUAL(noted(s, "torn"), 1);
    CU_ASSERT_EQUAL(noted(s, "mean duration"), 1);
    session_free(s);
}

static void what_is_no_timeline_is_refused(void)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(session_of("", NULL, NULL, &err));
    unit_has(err.text, "no row of a task");
    char *path = scratch_file(folder, "other.csv", "a,b\n1,2\n", 8);
    CU_ASSERT_PTR_NULL(timeline_csv_session(path, NULL, NULL, &err));
    unit_has(err.text, "no column 'set'");
    free(path);
    CU_ASSERT_PTR_NULL(timeline_csv_session(
        "/nonexistent.csv", given_workflow("{'task_sets': [{'name': 'a', 'duration': 5}]}"), NULL,
        &err));
    unit_has(err.text, "/nonexistent.csv");
}

/* Nodes that no task used, slots above the highest in use, blocked ones: as the session's row says.
 */
static void the_platform_is_that_of_the_sessions_row(void)
{
    static const struct {
        const char *platform;
        size_t nodes;
        int slots, gpus;
        size_t blocked, bad;
    } cases[] = {
        { "n;b;a,0-7;0-7;0-3,0-1;0-1;,6-7;6-7;", 3, 8, 2, 2, 0 },
        { ",,,", 1, 2, 0, 0, 0 }, /* inferred */
        { "n;b,0-7,0;0,;", 1, 2, 0, 0, 1 }, /* these make no sense: */
        { "n;n,0-7;0-7,0;0,;", 1, 2, 0, 0, 1 },
        { "n;b,1-7;0-7,0;0,;", 1, 2, 0, 0, 1 },
        { "n;b,0-7;0-7,0;0,0-7;", 1, 2, 0, 0, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = { "" };
        char *rows = str_format(",,,session,0,,,,,,,9,%s\ns,0,0,done,0,,,,1,2,,,n,0-1,,0\n",
                                cases[i].platform);
        struct session *s = session_of(rows, NULL, NULL, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        const struct node_shape *shape = platform_node(s->platform, 0);
        CU_ASSERT_EQUAL(s->platform->n_nodes, cases[i].nodes);
        CU_ASSERT_EQUAL(shape->n_slots, cases[i].slots);
        CU_ASSERT_EQUAL(shape->n_gpus, cases[i].gpus);
        CU_ASSERT_EQUAL(shape->n_blocked, cases[i].blocked);
        CU_ASSERT_EQUAL(noted(s, "inferred from the tasks"), cases[i].bad);
        session_free(s);
        free(rows);
    }
}

/* Cores and GPUs of one task on nodes that no equal rank of the same sums fits: the nodes stay as
 * they are listed, and hold the demand. */
static void a_demand_fits_the_nodes_that_are_listed(void)
{
    static const struct { const char *platform, *slots; int ranks, cores, gpus; } cases[] = {
        /* GPUs here, cores there */
        { "a;b,0-2;0-31,0-3;,;", "a;b,;0-31,0-3;,0;0", 1, 32, 0 },
        /* 3 + 1 twice: b holds none */
        { "a;b,0-3;0-1,0;0,;", "a;b,0-3;0-1,0;0,0;0", 2, 2, 1 },
        { "a;b,0-3;0-2,0;0,;", "a;b,0-3;0-1,0;0,0;0", 2, 3, 1 },
        { "a;b;c,0-5;0-3;0-1,0-1;0;0,;;", "a;b;c,0-5;0-3;0-1,0-1;0;,0;0;0", 2, 4, 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = { "" };
        char *rows = str_format(",,,session,0,,,,,,,9,%s\ns,0,0,done,0,,,,1,2,,,%s\n",
                                cases[i].platform, cases[i].slots);
        struct session *s = session_of(rows, NULL, NULL, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        const struct demand *d = &s->workflow->sets[0].traits->demand;
        const struct slot_demand slots = platform_slots(s->platform, d);
        unit_near(d->ranks, cases[i].ranks, 0);
        unit_near(d->cores, cases[i].cores, 0);
        unit_near(d->gpus, cases[i].gpus, 0);
        unit_is(platform_capacity(s->platform, &slots), >=, 1);
        session_free(s);
        free(rows);
    }
}

static struct session *read_text(const char *text, struct error *err)
{
    return imported_or(folder, "columns.csv", text, err);
}

static void columns_come_in_any_order(void)
{
    struct error err = { "" };
    struct session *s = read_text("nodes;stopped_s;status;gpu_share;cores;"
                                  "task;started_s;set;gpus;attempt\n"
                                  "n1;9;done;0;0-3;0;2;a;0-1;0\n"
                                  "n2;8;failed;0;0-1;1;2;a;;0\n", &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    CU_ASSERT_STRING_EQUAL(s->importer, "timeline_csv");
    CU_ASSERT_EQUAL(s->platform->n_nodes, 2);
    CU_ASSERT_EQUAL(timeline_makespan(s->timeline), 7);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    struct timeline_slots slots;
    CU_ASSERT_FATAL(timeline_slots_first(s->timeline, 0, &slots));
    CU_ASSERT_EQUAL(slots.n_cores, 4);
    CU_ASSERT_EQUAL(slots.n_gpus, 2);
    session_free(s);
}

static void columns_that_are_missing_or_foreign_are_named(void)
{
    struct error err = { "" };
    struct session *s = read_text("set,task,attempt,status,started_s,stopped_s\na,0,0,done,1,3\n",
                                  &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(timeline_makespan(s->timeline), 2);
    session_free(s);
    CU_ASSERT_PTR_NULL(read_text("set,task,attempt,status,started_s\na,0,0,done,1\n", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no column 'stopped_s'"));
    CU_ASSERT_PTR_NULL(read_text("set,task,attempt,status,started_s,stopped_s,mood\n", &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "column 7 'mood'"));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(simulated_timelines_come_back_to_the_byte),
        UNIT_TEST(sets_and_nodes_are_inferred),
        UNIT_TEST(what_a_given_workflow_does_not_have_is_counted),
        UNIT_TEST(hostile_rows_are_skipped_and_counted),
        UNIT_TEST(what_is_no_timeline_is_refused),
        UNIT_TEST(the_platform_is_that_of_the_sessions_row),
        UNIT_TEST(a_demand_fits_the_nodes_that_are_listed),
        UNIT_TEST(columns_come_in_any_order),
        UNIT_TEST(columns_that_are_missing_or_foreign_are_named),
        { NULL, NULL },
    };
    folder = scratch_new();
    int status = unit_run("timeline_infer", tests);
    scratch_free(folder);
    return status;
}
