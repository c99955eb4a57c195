#include "traces/importer/importers.h"

#include <math.h>
#include <string.h>

#include "tests/support/imported.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char *folder;

static struct session *given(const char *text)
{
    struct session *s = imported(folder, "jobs.csv", text);
    CU_ASSERT_STRING_EQUAL(s->importer, "task_csv");
    return s;
}

static const char sacct[] =
    "JobID|JobName|Submit|Start|End|Elapsed|AllocCPUS|AllocTRES|NodeList|State|ExitCode\n"
    "100|sim|2024-05-01T10:00:00|2024-05-01T10:00:10|2024-05-01T10:10:10|00:10:00|8|cpu=8,gres/"
    "gpu:a100=2,gres/gpu=2|n1|COMPLETED|0:0\n"
    "100.batch|batch|2024-05-01T10:00:10|2024-05-01T10:00:10|2024-05-01T10:10:10|00:10:00|8|cpu=8|"
    "n1|COMPLETED|0:0\n"
    "100.0|a.out|2024-05-01T10:00:12|2024-05-01T10:00:12|2024-05-01T10:10:09|00:09:57|8|cpu=8|n1|"
    "COMPLETED|0:0\n"
    "101|sim|2024-05-01T10:00:00|2024-05-01T10:05:00|2024-05-01T10:17:00|00:12:00|8|cpu=8,gres/"
    "gpu=2|n1|COMPLETED|0:0\n"
    "102_1|mpi|2024-05-01T10:12:00|2024-05-01T10:20:00|2024-05-01T11:20:00|01:00:00|64|cpu=64|n[1-"
    "2]|TIMEOUT|0:0\n"
    "103|camp|2024-05-01T10:12:00|2024-05-01T12:00:00|2024-05-01T13:00:00|01:00:00|16|cpu=16|n10|"
    "COMPLETED|0:0\n"
    "103.0|s1|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T12:30:00|00:30:00|4|cpu=4|n10|"
    "COMPLETED|0:0\n"
    "103.1|s1|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T12:20:00|00:20:00|4|cpu=4|n10|"
    "FAILED|1:0\n"
    "104|late|2024-05-01T12:00:00|Unknown|Unknown|00:00:00|0||None assigned|CANCELLED by 1000|0:0\n"
    "105|run|2024-05-01T12:00:00|2024-05-01T12:10:00|Unknown|00:30:00|1|cpu=1|n10|RUNNING|0:0\n";

static void what_sacct_prints_is_understood(void)
{
    struct session *s = given(sacct);
    const struct task_set *sim = set_named(s, "sim"), *mpi = set_named(s, "mpi"),
                          *steps = set_named(s, "s1");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 7);
    unit_is(sim->n_tasks, ==, 2);
    unit_is(sim->traits->demand.cores, ==, 8);
    unit_is(sim->traits->demand.gpus, ==, 2);
    unit_is(sim->traits->demand.ranks, ==, 1);
    unit_is(sim->durations[0], ==, 600);
    unit_is(sim->durations[1], ==, 720);
    unit_is(mpi->traits->demand.ranks, ==, 2);
    unit_is(mpi->traits->demand.cores, ==, 32);
    CU_ASSERT_EQUAL(steps->n_tasks, 2);
    unit_is(session_count(s, TASK_DONE), ==, 3);
    unit_is(session_count(s, TASK_FAILED), ==, 1);
    unit_is(session_count(s, TASK_KILLED), ==, 1);
    unit_is(session_count(s, TASK_CANCELLED), ==, 1);
    unit_is(session_count(s, TASK_CUT), ==, 1);
    CU_ASSERT_EQUAL(s->zero_epoch_s, 1714557600);
    unit_is(timeline_first_start(s->timeline), ==, 10);
    unit_is(timeline_makespan(s->timeline), ==, 8990);
    CU_ASSERT_EQUAL(s->platform->n_nodes, 3);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[1], "n2");
    /* two of `sim` overlap on n1 */
    unit_must_be(s->platform->shapes[0].n_slots, ==, 32);
    unit_is(s->platform->shapes[0].n_gpus, ==, 4);
    CU_ASSERT_EQUAL(noted(s, "batch, extern"), 1);
    CU_ASSERT_EQUAL(noted(s, "the job is the task"), 1);
    CU_ASSERT_EQUAL(noted(s, "its steps are the tasks"), 1);
    session_free(s);
}

static void quoted_headings_are_of_a_quoted_table(void)
{
    struct session *s = given("\"JobID\"|\"JobName\"|\"Start\"|\"End\"|\"State\"\n"
                              "\"1\"|\"a|b\"|\"0\"|\"60\"|\"COMPLETED\"\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 1);
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[0].name, "a|b");
    session_free(s);
    s = given("JobID|JobName|Start|End|State\n"
              "1|say \"hi\"|0|60|COMPLETED\n2|\"|0|60|COMPLETED\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[0].name, "say \"hi\"");
    session_free(s);
}

static void gpus_that_only_generic_resources_have(void)
{
    struct session *s = given("JobID|JobName|Start|End|AllocTRES|AllocGRES|ReqGRES|State\n"
                              "1|a|0|60|cpu=4,node=1|gpu:a100:2|gpu:2|COMPLETED\n"
                              "2|b|0|60|cpu=4,gres/gpu=1|gpu:1|gpu:1|COMPLETED\n"
                              "3|c|Unknown|Unknown|||gpu:3|PENDING\n");
    CU_ASSERT_EQUAL(set_named(s, "a")->traits->demand.gpus, 2);
    CU_ASSERT_EQUAL(set_named(s, "b")->traits->demand.gpus, 1);
    CU_ASSERT_EQUAL(set_named(s, "c")->traits->demand.gpus, 3);
    CU_ASSERT_EQUAL(noted(s, "not used"), 0);
    session_free(s);
}

static void headings_of_other_tools_are_known(void)
{
    struct session *s = given("dag_id,task_id,queued_at,start_date,end_date,nb_cores,nb_gpus\n"
                              "d,load,2024-05-01T10:00:00+00,2024-05-01T10:00:05+00,"
                              "2024-05-01T10:01:05+00,4,2\n");
    CU_ASSERT_EQUAL(timeline_first_start(s->timeline), 5);
    CU_ASSERT_EQUAL(timeline_makespan(s->timeline), 60);
    CU_ASSERT_EQUAL(set_named(s, "load")->traits->demand.cores, 4);
    CU_ASSERT_EQUAL(set_named(s, "load")->traits->demand.gpus, 2);
    CU_ASSERT_EQUAL(noted(s, "not used: dag_id"), 1);
    session_free(s);
    s = given("job_id,Submission Time,starting_time,finish_time,processors\n7,0,10,70,8\n");
    CU_ASSERT_EQUAL(timeline_makespan(s->timeline), 60);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.cores, 8);
    session_free(s);
}

static void a_plain_table_with_dependencies(void)
{
    struct session *s = given("Task ID;Name;Start (s);Runtime_s;Cores;GPUs;After\n"
                              "a1;prep;0;2.5;2;;\n"
                              "a2;prep;0;3.5;2;;\n"
                              "b1;train;3.5;10;4;0.5;a1 a2\n"
                              "c1;prep;13.5;1;2;;afterok:b1\n");
    CU_ASSERT_EQUAL(s->workflow->n_sets, 3);
    const struct task_set *train = set_named(s, "train"), *last = set_named(s, "prep.level2");
    unit_is(train->traits->demand.gpu_share, ==, 500000);
    unit_must_be(train->n_dependencies, ==, 1);
    unit_is(train->dependencies[0].kind, ==, DEPENDENCY_ALL);
    unit_must_be(last->n_dependencies, ==, 1);
    CU_ASSERT_PTR_EQUAL(&s->workflow->sets[last->dependencies[0].parent], train);
    unit_near(s->zero_epoch_s, NAN, 0);
    unit_is(timeline_makespan(s->timeline), ==, 14.5);
    unit_is(session_critical_path_s(s), ==, 14.5);
    unit_must_be(s->platform->n_nodes, ==, 1);
    unit_must_be(s->platform->shapes[0].n_slots, ==, 4);
    unit_is(s->platform->shapes[0].n_gpus, ==, 1);
    session_free(s);
}

static void rows_of_one_id_are_attempts(void)
{
    struct session *s =
        given("id,name,start,end,state\nx,a,20,25.5,done\nx,a,3,7,failed\ny,a,1,2,done\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    CU_ASSERT_EQUAL(s->timeline->n, 3);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->retries, 1);
    unit_is(s->workflow->sets[0].durations[0], ==, 5.5);
    for (size_t i = 0; i < 3; i++)
        CU_ASSERT_EQUAL(timeline_attempt(s->timeline, i), s->timeline->records[i].started_s == 20);
    session_free(s);
}

static void hostile_rows_are_counted(void)
{
    struct session *s = given("id,name,start,end,cores,nodes,state,after\n"
                              "1,a,0,1e9,1,,done,nobody\n"
                              "2,a,5,4,1,,done,\n"
                              "3,a,nan,6,1,,done,\n"
                              "4,a,x,6,1,,done,\n"
                              "5,a,1,6,-1,,done,\n"
                              "6,a,1,6,1e8,,strange,\n"
                              "7,a,1,6,1,\"n[1-999999999]\",done,\n"
                              ",,1,6,1,,done,\n"
                              "8,\"a,1,6");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 4);
    CU_ASSERT_EQUAL(noted(s, "that is invalid, or an end"), 3);
    CU_ASSERT_EQUAL(noted(s, "torn, or without"), 1);
    CU_ASSERT_EQUAL(noted(s, "another number of columns"), 1);
    CU_ASSERT_EQUAL(noted(s, "state that is not known"), 1);
    CU_ASSERT_EQUAL(noted(s, "list of nodes"), 1);
    /* for 1026 cores at once; none of the refused list */
    CU_ASSERT_EQUAL(s->platform->n_nodes, 2);
    CU_ASSERT_EQUAL(noted(s, "no task has such an id"), 1);
    CU_ASSERT_EQUAL(noted(s, "more than 1024 cores, "), 1);
    session_free(s);
}

/* A demand is whole cores; what was rounded is counted, a table of whole ones notes nothing. */
static void parts_of_cores_are_rounded_up_and_counted(void)
{
    struct session *s = given("id,name,cores,gpus,start,end\n"
                              "1,a,2.5,0,0,100\n2,b,4,1.5,0,100\n3,c,2,0.5,0,100\n");
    unit_is(demand_named(s, "a")->cores, ==, 3);
    unit_is(demand_named(s, "b")->gpus, ==, 2);
    unit_is(demand_named(s, "c")->cores, ==, 2);
    unit_is(noted(s, "rounded up"), ==, 2);
    session_free(s);
    s = given(sacct);
    unit_is(noted(s, "rounded up"), ==, 0);
    session_free(s);
}

static void empty_lines_may_precede_a_table(void)
{
    struct session *s = given("\r\n\n\nid|name|start|end\n\n1|a|5|105.5\n");
    unit_near(duration_in(set_named(s, "a"), 0), 100.5, 1e-9);
    session_free(s);
}

/* JSON behind blank lines is no table. */
static void json_behind_blanks_is_wfformat(void)
{
    struct session *s =
        imported(folder, "pipe.json",
                 "\n\n {\"name\": \"p\", \"workflow\": {\"tasks\": [{\"name\": \"strip\", "
                 "\"type\": \"compute\", \"runtime\": 137.2, \"parents\": [], \"children\": []}"
                 "]}}\n");
    CU_ASSERT_STRING_EQUAL(s->importer, "wfformat");
    unit_near(duration_in(set_named(s, "strip"), 0), 137.2, 1e-9);
    session_free(s);
}

static void circles_and_strange_tables_are_refused(void)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(
        imported_or(folder, "jobs.csv", "id,start,end,after\na,1,2,b\nb,1,2,a\n", &err));
    unit_has(err.text, "in a circle");
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "id,start,end\n", &err));
    unit_has(err.text, "no row of a task");
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "x,y\n1,2\n", &err));
    unit_has(err.text, "nor a CSV that is known");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_sacct_prints_is_understood),
        UNIT_TEST(quoted_headings_are_of_a_quoted_table),
        UNIT_TEST(gpus_that_only_generic_resources_have),
        UNIT_TEST(headings_of_other_tools_are_known),
        UNIT_TEST(a_plain_table_with_dependencies),
        UNIT_TEST(rows_of_one_id_are_attempts),
        UNIT_TEST(hostile_rows_are_counted),
        UNIT_TEST(parts_of_cores_are_rounded_up_and_counted),
        UNIT_TEST(empty_lines_may_precede_a_table),
        UNIT_TEST(json_behind_blanks_is_wfformat),
        UNIT_TEST(circles_and_strange_tables_are_refused),
        { NULL, NULL },
    };
    folder = scratch_new();
    int status = unit_run("task_csv", tests);
    scratch_free(folder);
    return status;
}
