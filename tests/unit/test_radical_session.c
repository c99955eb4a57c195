#include "traces/importer/importers.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/imported.h"
#include "tests/support/pack.h"
#include "tests/support/scratch.h"
#include "tests/support/session_world.h"
#include "tests/support/unit.h"

static const double clock_s =
    1e-6; /* profiles are written with seven digits, Unix times hold no more */

static size_t find_uid(const struct session *s, const char *uid)
{
    for (size_t i = 0; i < s->timeline->n; i++)
        if (str_equal(s->tasks[i].uid, uid))
            return i;
    return SIZE_MAX;
}

static bool same_time(const struct session *s, double imported, double written)
{
    if (isnan(imported) || isnan(written))
        return isnan(imported) && isnan(written);
    return fabs(imported + (s->zero_epoch_s - SESSION_WRITER_EPOCH) - written) < clock_s;
}

static bool same_slots(const struct timeline *a, size_t i, const struct timeline *b, size_t j)
{
    struct timeline_slots x, y;
    bool more_x = timeline_slots_first(a, i, &x), more_y = timeline_slots_first(b, j, &y);
    while (more_x && more_y) {
        if (x.node != y.node || x.n_cores != y.n_cores || x.n_gpus != y.n_gpus ||
            memcmp(x.cores, y.cores, x.n_cores * sizeof *x.cores) ||
            memcmp(x.gpus, y.gpus, x.n_gpus * sizeof *x.gpus))
            return false;
        more_x = timeline_slots_next(&x);
        more_y = timeline_slots_next(&y);
    }
    return more_x == more_y;
}

/* Every record of the writer's timeline stands in the session, time by time and slot by slot. */
static void compare(const struct session *s, const struct session_writer *w)
{
    const struct timeline *t = w->timeline;
    CU_ASSERT_EQUAL(s->timeline->n, t->n);
    for (size_t i = 0; i < t->n; i++) {
        char *uid = session_writer_uid(w, i);
        size_t k = find_uid(s, uid);
        free(uid);
        unit_must_be(k, !=, SIZE_MAX);
        const struct timeline_record *a = &s->timeline->records[k], *b = &t->records[i];
        CU_ASSERT(same_time(s, a->submitted_s, b->submitted_s));
        CU_ASSERT(same_time(s, a->arrived_s, b->arrived_s));
        CU_ASSERT(same_time(s, a->scheduled_s, b->scheduled_s));
        CU_ASSERT(same_time(s, a->started_s, b->started_s));
        CU_ASSERT(same_time(s, a->stopped_s, b->stopped_s));
        CU_ASSERT(same_time(s, a->freed_s, b->freed_s));
        CU_ASSERT(same_time(s, a->notified_s, b->notified_s));
        CU_ASSERT_EQUAL(s->timeline->status[k], t->status[i]);
        CU_ASSERT_EQUAL(timeline_attempt(s->timeline, k), timeline_attempt(t, i));
        CU_ASSERT(same_slots(s->timeline, k, t, i));
    }
}

static bool same_demand(const struct demand *a, const struct demand *b)
{
    return a->ranks == b->ranks && a->cores == b->cores && a->threads == b->threads &&
           a->gpus == b->gpus;
}

static void compare_sets(const struct session *s, const struct workflow *w)
{
    CU_ASSERT_EQUAL_FATAL(s->workflow->n_sets, w->n_sets);
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct task_set *a = &s->workflow->sets[k], *b = &w->sets[k];
        CU_ASSERT_STRING_EQUAL(a->name, b->name);
        CU_ASSERT_EQUAL(a->n_tasks, b->n_tasks);
        CU_ASSERT(same_demand(&a->traits->demand, &b->traits->demand));
    }
}

static void entk_sessions_come_back_as_written(void)
{
    static const double run_started_s[] = { 90, 155 };
    for (int dialect = DIALECT_OLD_COLUMNS; dialect <= DIALECT_RANK; dialect++) {
        char *folder = scratch_new();
        struct world w = session_world_new(session_world_staged);
        struct session_writer writer = { .timeline = w.timeline,
                                         .dialect = (enum session_dialect)dialect,
                                         .entk = true,
                                         .broker_s = 1.25,
                                         .run_started_s = run_started_s, .n_runs = 2 };
        struct session *s = session_world_load(folder, &writer);
        compare(s, &writer);
        compare_sets(s, w.workflow);
        CU_ASSERT(s->has_entk);
        CU_ASSERT_FALSE(s->edges_inferred);
        unit_is(s->generation, ==, dialect == DIALECT_RANK ? GENERATION_RANK
                                   : dialect == DIALECT_TASK ? GENERATION_TASK : GENERATION_UNIT);
        CU_ASSERT_EQUAL(s->tasks[0].clock, dialect == DIALECT_RANK   ? CLOCK_RANK
                                           : dialect == DIALECT_UNIT ? CLOCK_AGENT
                                                                     : CLOCK_NODE);
        CU_ASSERT_EQUAL(s->n_runs, 2);
        unit_near(s->broker_s, 1.25, clock_s);
        CU_ASSERT_EQUAL(s->n_bulks, 3);
        CU_ASSERT_EQUAL_FATAL(s->workflow->n_pipelines, 2);
        unit_must_be(s->workflow->pipelines[1].n_after, ==, 1);
        unit_is(s->workflow->pipelines[1].after[0], ==, 0);
        unit_is(s->workflow->pipelines[0].n_stages, ==, 2);
        unit_is(s->n_stages, ==, 3);
        CU_ASSERT_EQUAL(s->platform->n_nodes, 3);
        CU_ASSERT_STRING_EQUAL(s->launcher, "jsrun");
        unit_is(fabs(s->clock_offset_s - 0.0625), <, clock_s);
        session_free(s);
        world_clear(&w);
        scratch_free(folder);
    }
}

static void sessions_without_entk_get_inferred_edges(void)
{
    char *folder = scratch_new();
    struct world w = session_world_new(session_world_bare);
    for (size_t i = 0; i < w.timeline->n;
         i++) /* a script that waits: the next set 0.1 s after the last DONE */
        w.timeline->records[i].notified_s = i < 4 ? 136.9 : i < 7 ? 159.9 : 172;
    struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_RANK };
    struct session *s = session_world_load(folder, &writer);
    compare(s, &writer);
    compare_sets(s, w.workflow);
    CU_ASSERT_FALSE(s->has_entk);
    CU_ASSERT(s->edges_inferred);
    unit_is(s->n_stages, ==, 0);
    for (int k = 0; k < 3; k++) {
        CU_ASSERT_EQUAL(s->workflow->sets[k].n_dependencies, k > 0);
        if (k)
            unit_is(s->workflow->sets[k].dependencies[0].parent, ==, k - 1);
    }
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void sets_under_one_uid_part_by_demand_and_by_wave(void)
{
    char *folder = scratch_new();
    struct world w = session_world_new(session_world_bare);
    struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_UNIT };
    struct session *s =
        session_world_load(folder, &writer); /* all are unit.000012, with three demands */
    compare(s, &writer);
    CU_ASSERT_EQUAL_FATAL(s->workflow->n_sets, 3);
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[0].name, "unit-1x4g1");
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[1].name, "unit-2x3");
    unit_is(s->workflow->sets[1].traits->demand.one_node, ==, false);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void durations_under_one_label_part_when_they_cluster(void)
{
    static const char json[] = "{\"name\": \"mixed\", \"task_sets\": ["
                               "{\"name\": \"a\", \"tasks\": 6, \"threads\": 2, \"duration\": "
                               "124.5}, {\"name\": \"b\", \"tasks\": 5, "
                               "\"threads\": 2, \"duration\": 152.5}],"
                               "\"pipelines\": [{\"name\": \"p\", \"stages\": [[\"a\", \"b\"]]}]}";
    char *folder = scratch_new();
    struct world w = world_new(json, session_world_platform);
    for (int set = 0; set < 2; set++) {
        w.workflow->sets[set].label = xstrdup("both");
        for (uint32_t task = 0; task < w.workflow->sets[set].n_tasks; task++)
            session_world_ran(&w, set, task, 10, 0, TASK_DONE);
    }
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_TASK,
                                     .entk = true };
    struct session *s = session_world_load(folder, &writer);
    CU_ASSERT_EQUAL_FATAL(s->workflow->n_sets, 2);
    unit_must_be(s->n_stages, ==, 1);
    unit_is(s->workflow->sets[0].n_tasks + s->workflow->sets[1].n_tasks, ==, 11);
    int first = str_equal(s->workflow->sets[0].name, "both-125s") ? 0 : 1;
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[first].name, "both-125s");
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[1 - first].name, "both-153s");
    CU_ASSERT_EQUAL(s->workflow->sets[first].n_tasks, 6);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void runs_are_inferred_where_entk_left_no_record(void)
{
    char *folder = scratch_new();
    struct world w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_TASK,
                                     .entk = true };
    struct session *s = session_world_load(folder, &writer);
    CU_ASSERT_EQUAL_FATAL(s->n_runs, 2);
    CU_ASSERT(s->runs[1].inferred);
    CU_ASSERT(same_time(s, s->runs[1].started_s, 160));
    CU_ASSERT_EQUAL(s->workflow->pipelines[1].n_after, 1);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void failures_attempts_and_cuts_are_told_apart(void)
{
    char *folder = scratch_new();
    struct world w = world_new(session_world_staged, session_world_platform);
    session_world_ran(&w, 0, 0, 10, 0, TASK_DONE);
    session_world_ran(&w, 0, 1, 10, 0, TASK_FAILED);
    session_world_ran(&w, 0, 1, 60, 1, TASK_DONE); /* EnTK tries again under a new uid */
    session_world_ran(&w, 0, 2, 10, 0, TASK_CUT);
    session_world_ran(&w, 0, 3, 10, 0, TASK_CANCELLED);
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_UNIT,
                                     .entk = true };
    struct session *s = session_world_load(folder, &writer);
    compare(s, &writer);
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 4);
    CU_ASSERT_EQUAL(s->timeline->n, 5);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->retries, 1);
    CU_ASSERT_EQUAL(session_count(s, TASK_DONE), 2);     /* of last attempts */
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 0);
    CU_ASSERT_EQUAL(session_count(s, TASK_CUT), 1);
    unit_near((double)noted_count(s, "tasks without a stop", "censored"), 1, 0);
    unit_near((double)noted_count(s, "tasks without a start", "cancelled before"), 1, 0);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void executors_of_sub_agents_are_counted(void)
{
    for (int n = 0; n <= 3; n++) {
        char *folder = scratch_new();
        struct world w = session_world_new(session_world_bare);
        struct session_writer writer = {
            .timeline = w.timeline, .dialect = DIALECT_TASK, .executors = n, .written_twice = n == 2
        };
        struct session *s = session_world_load(folder, &writer);
        CU_ASSERT_EQUAL(s->n_executors, (size_t)(n ? n : 1));
        session_free(s);
        world_clear(&w);
        scratch_free(folder);
    }
}

/* The first tasks that were submitted failed in the client: no bulk is theirs, and the first bulk
 * is the next. */
static void a_task_that_failed_in_the_client_is_no_bulk(void)
{
    char *folder = scratch_new();
    struct world w = world_new(session_world_staged, session_world_platform);
    for (uint32_t task = 0; task < 4; task++)
        session_world_ran(&w, 0, task, task < 2 ? 10 : 60, 0,
                          task < 2 ? TASK_CANCELLED : TASK_DONE);
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_UNIT,
                                     .entk = true };
    struct session *s = session_world_load(folder, &writer);
    CU_ASSERT_EQUAL_FATAL(s->n_bulks, 1);
    CU_ASSERT_EQUAL(s->bulks[0].n_tasks, 2);
    CU_ASSERT(same_time(s, s->bulks[0].submitted_s, 60));
    for (size_t i = 0; i < s->timeline->n; i++)
        CU_ASSERT_EQUAL(s->tasks[i].bulk, isnan(s->timeline->records[i].started_s) ? -1 : 0);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void duplicated_nested_and_packed_sessions_are_the_same(void)
{
    char *folder = scratch_new(), *inner = str_format("%s/rp.session.x.0001", folder),
         *packed = str_format("%s/any.tar.bz2", folder), *zipped = str_format("%s/any.zip", folder),
         *renamed = str_format("%s/zip.called.tgz", folder);
    struct world w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_RANK,
                                     .entk = true,
                                     .nested_folder = true,
                                     .written_twice = true,
                                     .cut_s = INFINITY };
    CU_ASSERT_EQUAL(session_write(inner, &writer, NULL), 0);
    const char *const paths[] = { inner, packed, zipped, renamed };
    for (size_t i = 1; i < 3; i++) {
        struct pack *p = pack_new(paths[i]);
        pack_tree(p, inner, "outer");
        pack_free(p);
    }
    CU_ASSERT_EQUAL(link(zipped, renamed), 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct session *s = importer_radical_session.load(paths[i], NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        compare(s, &writer);
        compare_sets(s, w.workflow);
        CU_ASSERT_STRING_EQUAL(s->name, "rp.session.x.0001");
        unit_near((double)noted_count(s, "records", "another time"), 0, 0);
        session_free(s);
    }
    world_clear(&w);
    free(inner);
    free(packed);
    free(zipped);
    free(renamed);
    scratch_free(folder);
}

static void blocked_slots_are_those_skipped(void)
{
    char *folder = scratch_new();
    struct world w =
        session_world_new(session_world_staged); /* tasks take ids from 4, 12 and 20 on */
    struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_TASK };
    struct session *s = session_world_load(folder, &writer);
    const struct node_shape *shape = platform_node(s->platform, 0);
    CU_ASSERT_EQUAL(s->highest_slot_seen,
                    4 + 2 * 8 + 2 * 3 - 1); /* train.2 is task 6: its slots are 20 to 25 */
    unit_is(shape->n_slots, ==, 40);
    unit_is(shape->n_gpus, ==, 4);
    unit_must_be(shape->n_blocked, >=, 4);
    for (int i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(shape->blocked[i], i);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

struct expected {
    const char *file;
    size_t tasks, sets, pipelines, blocked;
    double makespan_s, critical_path_s;
};

static void real_sessions_are_what_they_are_known_to_be(void)
{
    static const struct expected all[] = {
        { "summit-async/re.session.login2.pascuzzi.019224.0001.tgz", 627, 12, 1, 4, 1660.1,
          1575.1 },
        { "summit-async/re.session.login1.pascuzzi.019225.0000.tgz", 256, 8, 1, 4, 1902.5, 1880.1 },
        { "summit-async/re.session.login1.pascuzzi.019225.0001.tgz", 256, 8, 3, 4, NAN, NAN },
        { "summit-async/re.session.login5.pascuzzi.019221.0000.tgz", 256, 8, 1, 4, 1800.1, 1774.4 },
        { "summit-async/rp.session.login4.okilic1.019489.0010.tgz", 320, 8, 0, 0, NAN, NAN },
        { "summit-prrte/rp.session.login4.mturilli1.018443.0002.tgz", 32, 20, 0, 0, NAN, NAN },
        { "summit-prrte/rp.session.login4.mturilli1.018444.0003.tgz", 42, 16, 0, 0, NAN, NAN },
    };
    if (!unit_shared_dir()) {
        unit_skip("no traces");
        return;
    }
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct error err = { "" };
        char *path = str_format("%s/traces/%s", unit_shared_dir(), all[i].file);
        struct session *s = importer_radical_session.load(path, &err);
        free(path);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        CU_ASSERT_EQUAL(s->workflow->n_tasks, all[i].tasks);
        CU_ASSERT_EQUAL(session_count(s, TASK_DONE), all[i].tasks);
        CU_ASSERT_EQUAL(s->workflow->n_sets, all[i].sets);
        CU_ASSERT_EQUAL(s->workflow->n_pipelines, all[i].pipelines);
        CU_ASSERT_EQUAL(platform_node(s->platform, 0)->n_blocked, all[i].blocked);
        if (!isnan(all[i].makespan_s))
            unit_is(fabs(timeline_makespan(s->timeline) - all[i].makespan_s), <, 0.06);
        if (!isnan(all[i].critical_path_s))
            unit_is(fabs(session_critical_path_s(s) - all[i].critical_path_s), <, 0.06);
        CU_ASSERT_EQUAL(timeline_check(s->timeline, &err), 0);
        session_free(s);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(entk_sessions_come_back_as_written),
        UNIT_TEST(sessions_without_entk_get_inferred_edges),
        UNIT_TEST(sets_under_one_uid_part_by_demand_and_by_wave),
        UNIT_TEST(durations_under_one_label_part_when_they_cluster),
        UNIT_TEST(runs_are_inferred_where_entk_left_no_record),
        UNIT_TEST(failures_attempts_and_cuts_are_told_apart),
        UNIT_TEST(executors_of_sub_agents_are_counted), UNIT_TEST(blocked_slots_are_those_skipped),
        UNIT_TEST(a_task_that_failed_in_the_client_is_no_bulk),
        UNIT_TEST(duplicated_nested_and_packed_sessions_are_the_same),
        UNIT_TEST(real_sessions_are_what_they_are_known_to_be),
        { NULL, NULL },
    };
    return unit_run("radical_session", tests);
}
