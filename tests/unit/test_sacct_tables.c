/* Tables of sacct. Each test has the right value of a case from a public bug report, and
 * variations. */
#include <math.h>
#include <string.h>

#include "tests/support/imported.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char *folder;

static struct session *given(const char *text)
{
    return imported(folder, "jobs.csv", text);
}

static size_t slots_of(const struct session *s, size_t record, size_t *gpus)
{
    struct timeline_slots slots;
    size_t cores = 0;
    *gpus = 0;
    for (bool more = timeline_slots_first(s->timeline, record, &slots); more;
         more = timeline_slots_next(&slots)) {
        cores += slots.n_cores;
        *gpus += slots.n_gpus;
    }
    return cores;
}

static void waiting_elements_of_an_array_are_tasks(void)
{
    struct session *s = given(
        "JobID|JobName|Submit|Start|End|Elapsed|AllocCPUS|NNodes|NodeList|State|ExitCode\n"
        "90_0|arr|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T00:11:00|00:10:00|2|1|n1|"
        "COMPLETED|0:0\n"
        "90_3|arr|2024-03-01T00:00:00|2024-03-01T00:11:00|Unknown|00:09:00|2|1|n1|RUNNING|0:0\n"
        "90_[4-9%2]|arr|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|0|1|None "
        "assigned|PENDING|0:0\n"
        "90_[20,22-23]|arr|2024-03-01T00:00:00|Unknown|2024-03-01T00:16:00|00:00:00|0|1|None "
        "assigned"
        "|CANCELLED by 1|0:0\n"
        "90_[30-40:5%1]|arr|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|0|1|None "
        "assigned|PENDING|0:0\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 14);
    CU_ASSERT_EQUAL(s->workflow->n_sets, 1);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.cores, 2);
    CU_ASSERT_EQUAL(session_count(s, TASK_CANCELLED), 3);
    CU_ASSERT_EQUAL(session_count(s, TASK_CUT), 10);
    CU_ASSERT_EQUAL(noted(s, "share a row"), 12);
    CU_ASSERT_EQUAL(noted(s, "never started"), 12);
    session_free(s);
}

static void elements_with_rows_of_their_own_are_not_listed_again(void)
{
    struct session *s =
        given("JobID|JobName|Submit|Start|End|AllocCPUS|State\n"
              "90_[0-3]|a|2024-03-01T00:00:00|Unknown|Unknown|0|PENDING\n"
              "91|b|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T00:11:00|2|COMPLETED\n"
              "90_1|a|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T00:11:00|2|COMPLETED\n"
              "90_2|a|2024-03-01T00:00:00|2024-03-01T00:11:00|2024-03-01T00:21:00|2|COMPLETED\n");
    unit_is(s->workflow->n_tasks, ==, 5);
    CU_ASSERT_STRING_EQUAL(s->workflow->sets[0].name, "a");
    unit_is(session_count(s, TASK_CUT), ==, 2);
    unit_is(noted(s, "theirs count"), ==, 2);
    session_free(s);
}

static void what_waits_asks_for_its_own_demand(void)
{
    struct session *s = given(
        "JobID|JobName|Submit|Start|End|AllocCPUS|ReqCPUS|ReqTRES|State\n"
        "7|a|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T00:11:00|4|4|cpu=4|COMPLETED\n"
        "8_[1-2]|b|2024-03-01T00:00:00|Unknown|Unknown|0|16|cpu=16,gres/gpu=2,node=2|PENDING\n");
    CU_ASSERT_EQUAL(set_named(s, "b")->n_tasks, 2);
    CU_ASSERT_EQUAL(demand_named(s, "b")->ranks, 2);
    CU_ASSERT_EQUAL(demand_named(s, "b")->cores, 8);
    CU_ASSERT_EQUAL(demand_named(s, "b")->gpus, 1);
    session_free(s);
}

static void steps_are_counted_by_run_of_a_job(void)
{
    struct session *s = given(
        "JobID|JobName|Submit|Start|End|AllocCPUS|NodeList|State|ExitCode\n"
        "70|fit|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T01:01:00|1|n1|REQUEUED|0:0\n"
        "70.batch|batch|2024-03-01T00:01:00|2024-03-01T00:01:00|2024-03-01T01:01:00|1|n1|FAILED|1:"
        "0\n"
        "70.0|fit|2024-03-01T00:01:00|2024-03-01T00:01:00|2024-03-01T01:01:00|1|n1|FAILED|1:0\n"
        "70|fit|2024-03-01T01:01:00|2024-03-01T01:03:00|2024-03-01T02:03:00|1|n1|REQUEUED|0:0\n"
        "70.1|fit|2024-03-01T01:03:00|2024-03-01T01:03:00|2024-03-01T02:03:00|1|n1|FAILED|1:0\n"
        "70|fit|2024-03-01T02:03:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:0\n"
        "70.interactive|fit|2024-03-01T02:05:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|"
        "COMPLETED|0:0\n"
        "70.2+0|fit|2024-03-01T02:05:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:"
        "0\n"
        "70.2+1|fit|2024-03-01T02:05:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:"
        "0\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 1);
    CU_ASSERT_EQUAL(s->timeline->n, 3);
    CU_ASSERT_EQUAL(session_count(s, TASK_DONE), 1);
    CU_ASSERT_EQUAL(duration_in(&s->workflow->sets[0], 0), 1800);
    session_free(s);
}

static void rows_of_another_width_are_torn(void)
{
    struct session *s = given("JobID|JobName|Start|End|NCPUS|State|\n"
                              "1|a \"b|2024-01-01T00:00:00|2024-01-01T00:00:10|2|COMPLETED|\n"
                              "2|x|y|2024-01-01T00:00:00|2024-01-01T00:00:10|2|COMPLETED|\n"
                              "3|line\nend|2024-01-01T00:00:00|2024-01-01T00:00:10|2|COMPLETED|\n"
                              "4|c|2024-01-01T00:00:00|2024-01-01T00:00:20|2|COMPLETED|\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    CU_ASSERT_EQUAL(set_named(s, "a \"b")->n_tasks, 1);
    CU_ASSERT_EQUAL(noted(s, "another number of columns"), 3);
    session_free(s);
}

static void elapsed_wins_across_a_change_of_clocks(void)
{
    struct session *s =
        given("JobID|JobName|Start|End|Elapsed|AllocCPUS|NodeList|State\n"
              "1|spring|2024-03-31T01:30:00|2024-03-31T03:30:00|01:00:00|4|n1|COMPLETED\n"
              "2|autumn|2024-10-27T02:50:00|2024-10-27T02:10:00|00:20:00|4|n1|COMPLETED\n"
              "3|autumn2|2024-10-27T01:30:00|2024-10-27T03:30:00|03:00:00|4|n1|COMPLETED\n"
              "4|suspended|2024-11-03T01:00:00|2024-11-03T05:00:00|01:00:00|4|n1|COMPLETED\n");
    static const struct { const char *name; double duration_s, ran_s;
    } right[] = {
        { "spring", 3600, 3600 },
        { "autumn", 1200, 1200 },
        { "autumn2", 10800, 10800 },
        { "suspended", 3600, 14400 },
    };
    for (size_t k = 0; k < 4; k++) {
        const struct task_set *set = set_named(s, right[k].name);
        unit_near(duration_in(set, 0), right[k].duration_s, 1e-9);
        for (size_t i = 0; i < s->timeline->n; i++)
            if (s->timeline->records[i].task == set->first_task)
                unit_near(session_measured_s(s, i), right[k].ran_s, 1e-6);
    }
    CU_ASSERT_EQUAL(noted(s, "disagree"), 4);
    CU_ASSERT_EQUAL(noted(s, "change of clocks"), 3);
    session_free(s);
}

static void uneven_totals_stay_exact(void)
{
    struct session *s = given(
        "JobID|JobName|Start|End|AllocCPUS|NNodes|NodeList|AllocTRES|State\n"
        "1|mpi|2024-03-01T00:00:00|2024-03-01T01:00:00|10|4|n[1-4]"
        "|cpu=10,mem=40G,node=4,gres/gpu:a100=6,gres/gpu=6|COMPLETED\n"
        "2|seven|2024-03-01T02:00:00|2024-03-01T03:00:00|7|3|n[1-3]|cpu=7,node=3|COMPLETED\n");
    const struct demand *mpi = demand_named(s, "mpi"), *seven = demand_named(s, "seven");
    size_t gpus;
    CU_ASSERT_EQUAL(mpi->ranks * mpi->cores, 10);
    CU_ASSERT_EQUAL(mpi->ranks * mpi->gpus, 6);
    CU_ASSERT_EQUAL(mpi->ranks * mpi->memory_mib, 40960);
    CU_ASSERT_EQUAL(seven->ranks * seven->cores, 7);
    CU_ASSERT_EQUAL(slots_of(s, 0, &gpus), 10);
    CU_ASSERT_EQUAL(gpus, 6);
    CU_ASSERT_EQUAL(noted(s, "do not divide"), 2);
    session_free(s);
}

static void what_did_not_end_well_is_censored(void)
{
    static const char *const states[] = { "TIMEOUT",       "FAILED",    "CANCELLED by 7",
                                          "OUT_OF_MEMORY", "NODE_FAIL", "PREEMPTED",
                                          "BOOT_FAIL",     "DEADLINE" };
    for (size_t k = 0; k < sizeof states / sizeof *states; k++) {
        struct str text = { 0 };
        str_addf(&text,
                 "JobID|JobName|Start|End|NCPUS|NodeList|State\n1|a|0|100|2|n1|COMPLETED\n2|a|100|"
                 "400|2|n1|COMPLETED\n"
                 "3|a|400|550|2|n1|%s\n4|b|600|650|2|n1|%s\n",
                 states[k], states[k]);
        struct session *s = given(text.text);
        unit_near(duration_in(set_named(s, "a"), 2), 300,
                  1e-9); /* the only one of its set that lasted longer than 150 s */
        unit_near(duration_in(set_named(s, "b"), 0), 50, 1e-9);
        unit_near(session_measured_s(s, 2), 150, 1e-9);
        CU_ASSERT_NOT_EQUAL(s->timeline->status[2], TASK_DONE);
        CU_ASSERT_EQUAL(noted(s, "censored"), 2);
        session_free(s);
        str_clear(&text);
    }
}

static void kinds_of_nodes_are_by_what_ran_where(void)
{
    struct session *s =
        given("JobID|JobName|Start|End|AllocCPUS|AllocTRES|Partition|NodeList|NNodes|State\n"
              "1|cpu|0|100|64|cpu=64,mem=100G|batch|c[01-02]n[1-2]|4|COMPLETED\n"
              "2|gpu|0|100|8|cpu=8,mem=16G,gres/gpu=4|accel|g1|1|COMPLETED\n"
              "3|gpu|0|100|8|cpu=8,mem=16G,gres/gpu=4|accel|g1|2|COMPLETED\n");
    CU_ASSERT_EQUAL(s->platform->n_nodes, 5);
    CU_ASSERT_EQUAL_FATAL(s->platform->n_shapes, 2);
    CU_ASSERT_STRING_EQUAL(s->platform->shapes[0].name, "batch");
    CU_ASSERT_EQUAL(s->platform->shapes[0].n_slots, 16);
    CU_ASSERT_EQUAL(s->platform->shapes[0].n_gpus, 0);
    CU_ASSERT_EQUAL(s->platform->shapes[0].memory_mib, 25600);
    CU_ASSERT_STRING_EQUAL(s->platform->shapes[1].name, "accel");
    CU_ASSERT_EQUAL(s->platform->shapes[1].n_slots, 16);
    CU_ASSERT_EQUAL(s->platform->shapes[1].n_gpus, 8);
    CU_ASSERT_EQUAL(s->platform->shapes[1].memory_mib, 32768);
    CU_ASSERT_EQUAL(noted(s, "the count of nodes differs"), 1);
    struct error err = { "" };
    CU_ASSERT_EQUAL(timeline_check(s->timeline, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    session_free(s);
}

static void what_waits_fits_on_nodes_that_are_assumed(void)
{
    struct session *s = given(
        "JobID|JobName|Submit|Start|End|AllocCPUS|ReqTRES|Partition|NodeList|State\n"
        "1|prep|0|10|100|4|cpu=4|cpu|c1|COMPLETED\n"
        "2_[1-3]|sim|0|Unknown|Unknown|0|cpu=8,gres/gpu=2,node=2|gpu|None assigned|PENDING\n");
    struct error err = { "" };
    CU_ASSERT_EQUAL(s->platform->n_nodes, 3);
    CU_ASSERT_EQUAL_FATAL(s->platform->n_shapes, 2);
    unit_must_be(s->platform->shapes[0].n_slots, ==, 4);
    unit_is(s->platform->shapes[0].n_gpus, ==, 0);
    unit_must_be(s->platform->shapes[1].n_slots, ==, 4);
    unit_is(s->platform->shapes[1].n_gpus, ==, 1);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[2], "assumed-2");
    CU_ASSERT_EQUAL(platform_check(s->platform, s->workflow, &err), 0);
    CU_ASSERT_EQUAL(noted(s, "nodes beside them are assumed"), 3);
    session_free(s);
}

static void edges_and_releases_come_from_times(void)
{
    struct session *s = given("JobID|JobName|Submit|Start|End|NCPUS|NodeList|State\n"
                              "1|sim|0|10|100|2|n1|COMPLETED\n2|sim|0|10|150|2|n1|COMPLETED\n3|"
                              "train|152|160|200|2|n1|COMPLETED\n"
                              "4|sim|203|210|300|2|n1|COMPLETED\n5|sim|203|210|290|2|n1|"
                              "COMPLETED\n6|other|50|60|400|2|n1|COMPLETED\n");
    const struct task_set *train = set_named(s, "train"), *again = set_named(s, "sim.wave1"),
                          *other = set_named(s, "other");
    CU_ASSERT_EQUAL_FATAL(train->n_dependencies, 1);
    CU_ASSERT_PTR_EQUAL(&s->workflow->sets[train->dependencies[0].parent], set_named(s, "sim"));
    CU_ASSERT_EQUAL_FATAL(again->n_dependencies, 1);
    CU_ASSERT_PTR_EQUAL(&s->workflow->sets[again->dependencies[0].parent], train);
    CU_ASSERT_EQUAL(other->n_dependencies, 0);
    CU_ASSERT_EQUAL(other->release.kind, RELEASE_TIME);
    CU_ASSERT_EQUAL(other->release.time_s, 50);
    CU_ASSERT(s->edges_inferred);
    session_free(s);
}

static void a_wait_with_room_is_a_dependency(void)
{
    /* Submitted at once: b starts when the last of a ends, though half of the cores had been free;
     * c with all cores in use. */
    struct session *s = given(
        "JobID|JobName|Submit|Start|End|NCPUS|NodeList|State\n"
        "1|a|0|1|50|4|n1|COMPLETED\n2|a|0|1|100|4|n1|COMPLETED\n3|b|0|101|200|4|n1|COMPLETED\n"
        "4|b|0|101|200|4|n1|COMPLETED\n5|c|0|201|250|4|n1|COMPLETED\n");
    CU_ASSERT_EQUAL(set_named(s, "b")->n_dependencies, 1);
    CU_ASSERT_EQUAL(set_named(s, "c")->n_dependencies, 0);
    CU_ASSERT_EQUAL(noted(s, "though there was room"), 1);
    CU_ASSERT_EQUAL(noted(s, "no room before"), 1);
    session_free(s);
}

static const char json[] = "{\"meta\": {\"Slurm\": {\"release\": \"23.02\"}}, \"jobs\": [\n"
                           "{\"job_id\": 90, \"name\": \"sim\", \"partition\": \"p\", \"nodes\": "
                           "\"n[1-2]\", \"array\": {\"job_id\": 0, \"task_id\":"
                           " {\"set\": false}},\n"
                           " \"state\": {\"current\": [\"COMPLETED\"]}, \"time\": {\"submission\": "
                           "1709251200, \"eligible\": 1709251200, \"start\": 1709251210,\n"
                           "   \"end\": 1709251810, \"elapsed\": 600}, \"tres\": {\"allocated\": "
                           "[{\"type\": \"cpu\", \"name\": null, \"count\": 16},\n"
                           "   {\"type\": \"mem\", \"count\": 4096}, {\"type\": \"node\", "
                           "\"count\": 2}, {\"type\": \"gres\", \"name\": \"gpu\", \"count\": 4},\n"
                           "   {\"type\": \"gres\", \"name\": \"gpu:a100\", \"count\": 4}]},\n"
                           " \"steps\": [{\"step\": {\"id\": \"90.batch\", \"name\": \"batch\"}, "
                           "\"time\": {\"start\": 1709251210, \"end\":"
                           " 1709251810, \"elapsed\": 600}},\n"
                           "   {\"step\": {\"id\": {\"job_id\": 90, \"step_id\": \"0\"}, \"name\": "
                           "\"a.out\"}, \"time\": {\"start\": 1709251211,"
                           " \"end\": 1709251809}}]},\n"
                           "{\"job_id\": 91, \"name\": \"arr\", \"nodes\": \"n1\", \"array\": "
                           "{\"job_id\": 91, \"task_id\": {\"set\": true,"
                           " \"infinite\": false, \"number\": 0}},\n"
                           " \"state\": {\"current\": \"TIMEOUT\"}, \"time\": {\"submission\": "
                           "1709251200, \"start\": 1709251900, \"end\":"
                           " 1709252000, \"elapsed\": 100},\n"
                           " \"tres\": {\"allocated\": [{\"type\": \"cpu\", \"count\": 2}]}},\n"
                           "{\"job_id\": 92, \"name\": \"arr\", \"nodes\": \"None assigned\", "
                           "\"array\": {\"job_id\": 91, \"task_id\": null,"
                           " \"task\": \"1-3%2\"},\n"
                           " \"state\": {\"current\": [\"PENDING\"]}, \"time\": {\"submission\": "
                           "1709251200, \"start\": 0, \"end\": 0, \"elapsed\": 0},\n"
                           " \"required\": {\"CPUs\": 2}, \"tres\": {\"requested\": [{\"type\": "
                           "\"cpu\", \"count\": 2}]}}]}\n";

static void json_of_sacct(void)
{
    struct session *s = imported(folder, "jobs.json", json);
    const struct task_set *sim = set_named(s, "sim"), *arr = set_named(s, "arr");
    CU_ASSERT_STRING_EQUAL(s->importer, "sacct_json");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 5);
    const struct demand *d = &sim->traits->demand;
    unit_is(d->ranks, ==, 2);
    unit_is(d->cores, ==, 8);
    unit_is(d->gpus, ==, 2);
    unit_is(d->memory_mib, ==, 2048);
    unit_near(duration_in(sim, 0), 600, 1e-9);
    CU_ASSERT_EQUAL(arr->n_tasks, 4);
    CU_ASSERT_EQUAL(arr->traits->demand.cores, 2);
    unit_near(duration_in(arr, 3), 100, 1e-9);
    CU_ASSERT_EQUAL(session_count(s, TASK_KILLED), 1);
    CU_ASSERT_EQUAL(s->zero_epoch_s, 1709251200);
    CU_ASSERT_EQUAL(noted(s, "batch, extern"), 1);
    session_free(s);
}

static void a_list_of_elements_that_slurm_cut_off_is_told(void)
{
    struct session *s =
        given("JobID|JobName|State|Submit|Start|End|Elapsed|AllocCPUS\n"
              "92_[1-3,7,...]|arr|PENDING|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|1\n"
              "93_[5,...]|brr|PENDING|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|1\n"
              "94|done|COMPLETED|2024-03-01T00:00:00|2024-03-01T00:00:00|2024-03-01T00:01:00|00:01:"
              "00|1\n");
    unit_near(s->workflow->n_tasks, 4 + 1 + 1, 0);
    unit_near((double)noted(s, "Slurm cut off"), 2, 0);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(waiting_elements_of_an_array_are_tasks),
        UNIT_TEST(elements_with_rows_of_their_own_are_not_listed_again),
        UNIT_TEST(a_list_of_elements_that_slurm_cut_off_is_told),
        UNIT_TEST(what_waits_asks_for_its_own_demand),
        UNIT_TEST(steps_are_counted_by_run_of_a_job),
        UNIT_TEST(rows_of_another_width_are_torn),
        UNIT_TEST(elapsed_wins_across_a_change_of_clocks),
        UNIT_TEST(uneven_totals_stay_exact),
        UNIT_TEST(what_did_not_end_well_is_censored),
        UNIT_TEST(edges_and_releases_come_from_times),
        UNIT_TEST(kinds_of_nodes_are_by_what_ran_where),
        UNIT_TEST(what_waits_fits_on_nodes_that_are_assumed),
        UNIT_TEST(a_wait_with_room_is_a_dependency),
        UNIT_TEST(json_of_sacct),
        { NULL, NULL },
    };
    folder = scratch_new();
    int status = unit_run("sacct_tables", tests);
    scratch_free(folder);
    return status;
}
