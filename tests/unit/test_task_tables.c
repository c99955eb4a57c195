/* Tables as batch and workflow systems write them. Each test has the right value of a case from a public bug report, and variations. */
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

static double duration_of(const struct task_set *set, uint32_t i)
{
    return set->durations ? set->durations[i] : dist_mean(set->duration);
}

static size_t slots_of(const struct session *s, size_t record, size_t *gpus)
{
    struct timeline_slots slots;
    size_t cores = 0;
    *gpus = 0;
    for (bool more = timeline_slots_first(s->timeline, record, &slots); more; more = timeline_slots_next(&slots)) {
        cores += slots.n_cores;
        *gpus += slots.n_gpus;
    }
    return cores;
}

/* --- sacct ------------------------------------------------------------------------------------------------------ */

static void waiting_elements_of_an_array_are_tasks(void)
{
    struct session *s = given("JobID|JobName|Submit|Start|End|Elapsed|AllocCPUS|NNodes|NodeList|State|ExitCode\n"
                              "90_0|arr|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T00:11:00|00:10:00|2|1|n1|COMPLETED|0:0\n"
                              "90_3|arr|2024-03-01T00:00:00|2024-03-01T00:11:00|Unknown|00:09:00|2|1|n1|RUNNING|0:0\n"
                              "90_[4-9%2]|arr|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|0|1|None assigned|PENDING|0:0\n"
                              "90_[20,22-23]|arr|2024-03-01T00:00:00|Unknown|2024-03-01T00:16:00|00:00:00|0|1|None assigned"
                              "|CANCELLED by 1|0:0\n"
                              "90_[30-40:5%1]|arr|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|0|1|None assigned|PENDING|0:0\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 14);
    CU_ASSERT_EQUAL(s->workflow->n_sets, 1);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.cores, 2);
    CU_ASSERT_EQUAL(session_count(s, TASK_CANCELLED), 3);
    CU_ASSERT_EQUAL(session_count(s, TASK_CUT), 10);
    CU_ASSERT_EQUAL(noted(s, "share a row"), 12);
    CU_ASSERT_EQUAL(noted(s, "never started"), 12);
    session_free(s);
}

static void what_waits_asks_for_its_own_demand(void)
{
    struct session *s = given("JobID|JobName|Submit|Start|End|AllocCPUS|ReqCPUS|ReqTRES|State\n"
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
    struct session *s = given("JobID|JobName|Submit|Start|End|AllocCPUS|NodeList|State|ExitCode\n"
                              "70|fit|2024-03-01T00:00:00|2024-03-01T00:01:00|2024-03-01T01:01:00|1|n1|REQUEUED|0:0\n"
                              "70.batch|batch|2024-03-01T00:01:00|2024-03-01T00:01:00|2024-03-01T01:01:00|1|n1|FAILED|1:0\n"
                              "70.0|fit|2024-03-01T00:01:00|2024-03-01T00:01:00|2024-03-01T01:01:00|1|n1|FAILED|1:0\n"
                              "70|fit|2024-03-01T01:01:00|2024-03-01T01:03:00|2024-03-01T02:03:00|1|n1|REQUEUED|0:0\n"
                              "70.1|fit|2024-03-01T01:03:00|2024-03-01T01:03:00|2024-03-01T02:03:00|1|n1|FAILED|1:0\n"
                              "70|fit|2024-03-01T02:03:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:0\n"
                              "70.interactive|fit|2024-03-01T02:05:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:0\n"
                              "70.2+0|fit|2024-03-01T02:05:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:0\n"
                              "70.2+1|fit|2024-03-01T02:05:00|2024-03-01T02:05:00|2024-03-01T02:35:00|1|n1|COMPLETED|0:0\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 1);
    CU_ASSERT_EQUAL(s->timeline->n, 3);
    CU_ASSERT_EQUAL(session_count(s, TASK_DONE), 1);
    CU_ASSERT_EQUAL(duration_of(&s->workflow->sets[0], 0), 1800);
    session_free(s);
}

static void ids_of_pbs_are_jobs(void)
{
    struct session *s = given("JobID,JobName,Start,End,NCPUS,NodeList,State\n"
                              "646033.service2,md,1714560060,1714561860,8,n1,COMPLETED\n"
                              "646034.service2,md,1714560060,1714561860,8,n2,COMPLETED\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    CU_ASSERT_EQUAL(duration_of(&s->workflow->sets[0], 1), 1800);
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
    struct session *s = given("JobID|JobName|Start|End|Elapsed|AllocCPUS|NodeList|State\n"
                              "1|spring|2024-03-31T01:30:00|2024-03-31T03:30:00|01:00:00|4|n1|COMPLETED\n"
                              "2|autumn|2024-10-27T02:50:00|2024-10-27T02:10:00|00:20:00|4|n1|COMPLETED\n"
                              "3|autumn2|2024-10-27T01:30:00|2024-10-27T03:30:00|03:00:00|4|n1|COMPLETED\n"
                              "4|suspended|2024-11-03T01:00:00|2024-11-03T05:00:00|01:00:00|4|n1|COMPLETED\n");
    static const struct { const char *name; double duration_s, ran_s; } right[] = {
        { "spring", 3600, 3600 }, { "autumn", 1200, 1200 }, { "autumn2", 10800, 10800 }, { "suspended", 3600, 14400 },
    };
    for (size_t k = 0; k < 4; k++) {
        const struct task_set *set = set_named(s, right[k].name);
        unit_near(duration_of(set, 0), right[k].duration_s, 1e-9);
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
    struct session *s = given("JobID|JobName|Start|End|AllocCPUS|NNodes|NodeList|AllocTRES|State\n"
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
    static const char *const states[] = { "TIMEOUT", "FAILED", "CANCELLED by 7", "OUT_OF_MEMORY", "NODE_FAIL", "PREEMPTED", "BOOT_FAIL",
                                          "DEADLINE" };
    for (size_t k = 0; k < sizeof states / sizeof *states; k++) {
        struct str text = { 0 };
        str_addf(&text, "JobID|JobName|Start|End|NCPUS|NodeList|State\n1|a|0|100|2|n1|COMPLETED\n2|a|100|400|2|n1|COMPLETED\n"
                 "3|a|400|550|2|n1|%s\n4|b|600|650|2|n1|%s\n", states[k], states[k]);
        struct session *s = given(text.text);
        unit_near(duration_of(set_named(s, "a"), 2), 300, 1e-9);            /* the only one of its set that lasted longer than 150 s */
        unit_near(duration_of(set_named(s, "b"), 0), 50, 1e-9);
        unit_near(session_measured_s(s, 2), 150, 1e-9);
        CU_ASSERT_NOT_EQUAL(s->timeline->status[2], TASK_DONE);
        CU_ASSERT_EQUAL(noted(s, "censored"), 2);
        session_free(s);
        str_clear(&text);
    }
}

static void kinds_of_nodes_are_by_what_ran_where(void)
{
    struct session *s = given("JobID|JobName|Start|End|AllocCPUS|AllocTRES|Partition|NodeList|NNodes|State\n"
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
    struct session *s = given("JobID|JobName|Submit|Start|End|AllocCPUS|ReqTRES|Partition|NodeList|State\n"
                              "1|prep|0|10|100|4|cpu=4|cpu|c1|COMPLETED\n"
                              "2_[1-3]|sim|0|Unknown|Unknown|0|cpu=8,gres/gpu=2,node=2|gpu|None assigned|PENDING\n");
    struct error err = { "" };
    CU_ASSERT_EQUAL(s->platform->n_nodes, 3);
    CU_ASSERT_EQUAL_FATAL(s->platform->n_shapes, 2);
    CU_ASSERT(s->platform->shapes[0].n_slots == 4 && s->platform->shapes[0].n_gpus == 0);
    CU_ASSERT(s->platform->shapes[1].n_slots == 4 && s->platform->shapes[1].n_gpus == 1);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[2], "assumed-2");
    CU_ASSERT_EQUAL(platform_check(s->platform, s->workflow, &err), 0);
    CU_ASSERT_EQUAL(noted(s, "nodes beside them are assumed"), 3);
    session_free(s);
}

static void edges_and_releases_come_from_times(void)
{
    struct session *s = given("JobID|JobName|Submit|Start|End|NCPUS|NodeList|State\n"
                              "1|sim|0|10|100|2|n1|COMPLETED\n2|sim|0|10|150|2|n1|COMPLETED\n3|train|152|160|200|2|n1|COMPLETED\n"
                              "4|sim|203|210|300|2|n1|COMPLETED\n5|sim|203|210|290|2|n1|COMPLETED\n6|other|50|60|400|2|n1|COMPLETED\n");
    const struct task_set *train = set_named(s, "train"), *again = set_named(s, "sim.wave1"), *other = set_named(s, "other");
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
    /* Submitted at once: b starts when the last of a ends, though half of the cores had been free; c with all cores in use. */
    struct session *s = given("JobID|JobName|Submit|Start|End|NCPUS|NodeList|State\n"
                              "1|a|0|1|50|4|n1|COMPLETED\n2|a|0|1|100|4|n1|COMPLETED\n3|b|0|101|200|4|n1|COMPLETED\n"
                              "4|b|0|101|200|4|n1|COMPLETED\n5|c|0|201|250|4|n1|COMPLETED\n");
    CU_ASSERT_EQUAL(set_named(s, "b")->n_dependencies, 1);
    CU_ASSERT_EQUAL(set_named(s, "c")->n_dependencies, 0);
    CU_ASSERT_EQUAL(noted(s, "though there was room"), 1);
    CU_ASSERT_EQUAL(noted(s, "no room before"), 1);
    session_free(s);
}

static const char json[] =
    "{\"meta\": {\"Slurm\": {\"release\": \"23.02\"}}, \"jobs\": [\n"
    "{\"job_id\": 90, \"name\": \"sim\", \"partition\": \"p\", \"nodes\": \"n[1-2]\", \"array\": {\"job_id\": 0, \"task_id\":"
    " {\"set\": false}},\n"
    " \"state\": {\"current\": [\"COMPLETED\"]}, \"time\": {\"submission\": 1709251200, \"eligible\": 1709251200, \"start\": 1709251210,\n"
    "   \"end\": 1709251810, \"elapsed\": 600}, \"tres\": {\"allocated\": [{\"type\": \"cpu\", \"name\": null, \"count\": 16},\n"
    "   {\"type\": \"mem\", \"count\": 4096}, {\"type\": \"node\", \"count\": 2}, {\"type\": \"gres\", \"name\": \"gpu\", \"count\": 4},\n"
    "   {\"type\": \"gres\", \"name\": \"gpu:a100\", \"count\": 4}]},\n"
    " \"steps\": [{\"step\": {\"id\": \"90.batch\", \"name\": \"batch\"}, \"time\": {\"start\": 1709251210, \"end\":"
    " 1709251810, \"elapsed\": 600}},\n"
    "   {\"step\": {\"id\": {\"job_id\": 90, \"step_id\": \"0\"}, \"name\": \"a.out\"}, \"time\": {\"start\": 1709251211,"
    " \"end\": 1709251809}}]},\n"
    "{\"job_id\": 91, \"name\": \"arr\", \"nodes\": \"n1\", \"array\": {\"job_id\": 91, \"task_id\": {\"set\": true,"
    " \"infinite\": false, \"number\": 0}},\n"
    " \"state\": {\"current\": \"TIMEOUT\"}, \"time\": {\"submission\": 1709251200, \"start\": 1709251900, \"end\":"
    " 1709252000, \"elapsed\": 100},\n"
    " \"tres\": {\"allocated\": [{\"type\": \"cpu\", \"count\": 2}]}},\n"
    "{\"job_id\": 92, \"name\": \"arr\", \"nodes\": \"None assigned\", \"array\": {\"job_id\": 91, \"task_id\": null,"
    " \"task\": \"1-3%2\"},\n"
    " \"state\": {\"current\": [\"PENDING\"]}, \"time\": {\"submission\": 1709251200, \"start\": 0, \"end\": 0, \"elapsed\": 0},\n"
    " \"required\": {\"CPUs\": 2}, \"tres\": {\"requested\": [{\"type\": \"cpu\", \"count\": 2}]}}]}\n";

static void json_of_sacct(void)
{
    struct session *s = imported(folder, "jobs.json", json);
    const struct task_set *sim = set_named(s, "sim"), *arr = set_named(s, "arr");
    CU_ASSERT_STRING_EQUAL(s->importer, "sacct_json");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 5);
    const struct demand *d = &sim->traits->demand;
    CU_ASSERT(d->ranks == 2 && d->cores == 8 && d->gpus == 2 && d->memory_mib == 2048);
    unit_near(duration_of(sim, 0), 600, 1e-9);
    CU_ASSERT_EQUAL(arr->n_tasks, 4);
    CU_ASSERT_EQUAL(arr->traits->demand.cores, 2);
    unit_near(duration_of(arr, 3), 100, 1e-9);
    CU_ASSERT_EQUAL(session_count(s, TASK_KILLED), 1);
    CU_ASSERT_EQUAL(s->zero_epoch_s, 1709251200);
    CU_ASSERT_EQUAL(noted(s, "batch, extern"), 1);
    session_free(s);
}

/* --- every table ------------------------------------------------------------------------------------------------ */

static void synonyms_units_and_what_is_not_used(void)
{
    struct session *s = given("task_id,name,started,finished,cpus,gpu,mem_gb,priority,colour\n"
                              "1,sim_001,0,10,4,1,8,3,red\n2,sim_002,0,12,4,1,8,3,blue\n3,post,12,13,1,0,0.5,0,red\n");
    const struct task_set *sim = set_named(s, "sim");
    CU_ASSERT_EQUAL(sim->n_tasks, 2);
    CU_ASSERT(sim->traits->demand.cores == 4 && sim->traits->demand.gpus == 1);
    CU_ASSERT_EQUAL(sim->traits->demand.memory_mib, 8192);
    CU_ASSERT_EQUAL(sim->priority, 3);
    CU_ASSERT_EQUAL(demand_named(s, "post")->memory_mib, 512);
    CU_ASSERT_EQUAL(noted(s, "not used: colour"), 1);
    session_free(s);
    s = given("id;start_ms;runtime (min);ncores;ngpus;memory_mb\n1;500;2;3;0.5;100\n");
    CU_ASSERT_EQUAL(timeline_first_start(s->timeline), 0.5);
    unit_near(duration_of(&s->workflow->sets[0], 0), 120, 1e-9);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.gpu_share, 500000);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.memory_mib, 100);
    session_free(s);
}

static void names_of_several_tasks_are_sets(void)
{
    struct session *s = given("id,name,start,end\n1,md_1,0,5\n2,md_1,0,6\n3,md_2,0,7\n4,T1,0,5\n5,T2,0,5\n");
    CU_ASSERT_EQUAL(set_named(s, "md_1")->n_tasks, 2);
    CU_ASSERT_EQUAL(set_named(s, "md_2")->n_tasks, 1);
    CU_ASSERT_EQUAL(set_named(s, "T1")->n_tasks, 1);
    session_free(s);
}

static void no_runtime_at_all_is_told(void)
{
    struct session *s = given("id,name,start,end\n1,a,5,5\n2,a,7,7\n");
    CU_ASSERT_EQUAL(noted(s, "all recorded durations are 0"), 2);
    session_free(s);
}

static void missing_columns_are_named(void)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "id,start_time,cores\n1,2,3\n", &err));
    CU_ASSERT(strstr(err.text, "beside the starts a column of ends (end, ended, endtime") != NULL);
    CU_ASSERT(strstr(err.text, "Found the columns id, start_time, cores") != NULL);
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "start,end,cores\n1,2,3\n", &err));
    CU_ASSERT(strstr(err.text, "a column of ids (jobid, id") != NULL);
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "id,start,end\n1,2,later\n", &err));
    CU_ASSERT(strstr(err.text, "line 2, end 'later'") != NULL);
}

static void parsl_names_and_a_start_that_is_missing(void)
{
    struct session *s = given("task_id,task_func_name,hostname,task_time_submitted,task_time_running,task_time_returned\n"
                              "0,create,,2019-06-04 04:13:31.476801,,2019-06-04 04:13:31.553611\n"
                              "1,install,c06,2019-06-04 04:13:31.554481,2019-06-04 04:13:31.644297,2019-06-04 04:13:36.155113\n"
                              "2,install,c06,2019-06-04 04:13:31.554481,,2019-06-04 04:13:31.655113\n");
    const struct task_set *install = set_named(s, "install");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 3);
    unit_near(duration_of(install, 0), 4.510816, 1e-6);
    unit_near(duration_of(install, 1), 0.100632, 1e-6);  /* no longer than from its submission to its end */
    CU_ASSERT_EQUAL(noted(s, "no start recorded"), 2);
    session_free(s);
}

static void tables_of_lsf_and_pbs(void)
{
    struct session *s = given("JOBID,JOB_NAME,STAT,SUBMIT_TIME,START_TIME,FINISH_TIME,NEXEC_HOST,SLOTS,EXEC_HOST\n"
                              "501,md,DONE,Dec 31 23:40,Dec 31 23:50,Jan  1 00:20 L,2,84,42*h01n01:42*h01n02\n"
                              "502,ml,EXIT,Dec 31 23:40,Dec 31 23:50,Jan  1 00:00 L,1,42,42*h01n03\n");
    CU_ASSERT(demand_named(s, "md")->ranks == 2 && demand_named(s, "md")->cores == 42);
    unit_near(duration_of(set_named(s, "md"), 0), 1800, 1e-9);
    unit_near(duration_of(set_named(s, "ml"), 0), 600, 1e-9);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    CU_ASSERT(isnan(s->zero_epoch_s));
    session_free(s);
    s = given("Job_Id,Job_Name,qtime,stime,obittime,resources_used.walltime,resources_used.ncpus,exec_vnode,Exit_status,job_state\n"
              "7.pbs,md,1714560000,1714560060,1714561860,00:30:00,64,(n1:ncpus=32:ngpus=4)+(n2:ncpus=32:ngpus=4),0,F\n"
              "8.pbs,un,1714560000,1714560060,1714561860,00:30:00,48,(n3:ncpus=32:ngpus=4)+(n4:ncpus=16:ngpus=2),1,F\n");
    const struct demand *md = demand_named(s, "md"), *un = demand_named(s, "un");
    CU_ASSERT(md->ranks == 2 && md->cores == 32 && md->gpus == 4);
    CU_ASSERT(un->ranks == 3 && un->cores == 16 && un->gpus == 2);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    session_free(s);
}

/* bjobs leaves out the year, and numbers the elements of an array in brackets. */
static void times_without_a_year_go_over_its_end(void)
{
    struct session *s = given("JOBID,STAT,EXEC_HOST,JOB_NAME,SUBMIT_TIME,START_TIME,FINISH_TIME\n"
                              "7,DONE,4*h01,sim[1],Dec 31 23:50,Dec 31 23:55,Jan  1 00:25 L\n"
                              "7,DONE,4*h02,sim[2],Dec 31 23:50,Jan  1 00:05,Jan  1 00:20 L\n"
                              "8,DONE,h01,post,Jan  1 00:25,Jan  1 00:26,Jan  1 00:30\n");
    unit_near(timeline_makespan(s->timeline), 35 * 60, 1e-6);
    unit_near(timeline_first_start(s->timeline), 5 * 60, 1e-6);
    unit_near((double)s->workflow->n_sets, 2, 0);
    unit_near((double)set_named(s, "sim")->n_tasks, 2, 0);
    unit_near(duration_of(set_named(s, "sim"), 0), 30 * 60, 1e-6);
    session_free(s);
}

static void a_list_of_elements_that_slurm_cut_off_is_told(void)
{
    struct session *s = given("JobID|JobName|State|Submit|Start|End|Elapsed|AllocCPUS\n"
                              "92_[1-3,7,...]|arr|PENDING|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|1\n"
                              "93_[5,...]|brr|PENDING|2024-03-01T00:00:00|Unknown|Unknown|00:00:00|1\n"
                              "94|done|COMPLETED|2024-03-01T00:00:00|2024-03-01T00:00:00|2024-03-01T00:01:00|00:01:00|1\n");
    unit_near(s->workflow->n_tasks, 4 + 1 + 1, 0);
    unit_near((double)noted(s, "Slurm cut off"), 2, 0);
    session_free(s);
}

static void a_table_for_people(void)
{
    struct session *s = imported(folder, "jobs.txt", "JobID           JobName    Elapsed  AllocCPUS      State \n"
                                             "------------ ---------- ---------- ---------- ---------- \n"
                                             "19                sleep   00:00:04          2  COMPLETED \n"
                                             "19.0              sleep   00:00:04          2  COMPLETED \n"
                                             "20             two word   00:01:04          4 OUT_OF_ME+ \n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    unit_near(duration_of(set_named(s, "sleep"), 0), 4, 1e-9);
    CU_ASSERT_EQUAL(demand_named(s, "two word")->cores, 4);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    session_free(s);
}

/* --- Nextflow --------------------------------------------------------------------------------------------------- */

static void nextflow_for_people(void)
{
    struct session *s = imported(
        folder, "trace.txt",
        "task_id\thash\tnative_id\tname\tstatus\texit\tsubmit\tduration\trealtime\t%cpu\tpeak_rss\n"
        "1\taa/1\t101\tTRIM (s1)\tCOMPLETED\t0\t2024-02-01 10:00:00.000\t21m 24s\t21m "
        "20s\t705.0%\t8 GB\n"
        "2\taa/2\t102\tTRIM (s2)\tCOMPLETED\t0\t2024-02-01 10:00:00.250\t4h 12m 10s\t4h 4m "
        "23s\t-\t-\n"
        "3\taa/3\t103\tMAP (s1)\tRUNNING\t-\t2024-02-01 10:21:24.500\t-\t-\t-\t-\n"
        "4\taa/4\t104\tMAP (s2)\tFAILED\t1\t2024-02-01 14:12:10.500\t866ms\t500ms\t-\t-\n"
        "5\taa/5\t105\tMAP (s2)\tCOMPLETED\t0\t2024-02-01 14:12:12.000\t2.5s\t2s\t-\t-\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 4);            /* the last two rows are attempts */
    CU_ASSERT_EQUAL(s->timeline->n, 5);
    unit_near(duration_of(set_named(s, "TRIM"), 0), 1280, 1e-9);
    unit_near(duration_of(set_named(s, "TRIM"), 1), 14663, 1e-9);
    unit_near(duration_of(set_named(s, "MAP"), 1), 2, 1e-9);
    CU_ASSERT_EQUAL(demand_named(s, "TRIM")->memory_mib, 8192);
    unit_near(timeline_first_start(s->timeline), 4, 1e-6);               /* duration - realtime after its submission */
    CU_ASSERT_EQUAL(noted(s, "not used: hash, native_id, %cpu"), 3);
    session_free(s);
}

static void nextflow_raw(void)
{
    struct session *s = imported(folder, "trace.txt", "task_id\tname\tstatus\texit\tsubmit\tstart\tcomplete\tduration\trealtime\tcpus"
    "\tmemory\tattempt\n"
        "1\tTRIM (1)\tCOMPLETED\t0\t1706781600000\t1706781605000\t1706781705000\t105000\t100000\t2\t2147483648\t1\n"
        "2\tTRIM (2)\tCOMPLETED\t0\t1706781600000\t1706781605000\t1706781805000\t205000\t200000\t2\t2147483648\t1\n"
        "3\tA:MAP (1)\tCOMPLETED\t0\t1706781806000\t1706781810000\t1706781860000\t54000\t50000\t4\t-\t1\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 3);
    unit_near(duration_of(set_named(s, "TRIM"), 0), 100, 1e-9);
    unit_near(duration_of(set_named(s, "TRIM"), 1), 200, 1e-9);
    unit_near(duration_of(set_named(s, "A:MAP"), 0), 50, 1e-9);
    CU_ASSERT(demand_named(s, "TRIM")->cores == 2 && demand_named(s, "A:MAP")->cores == 4);
    CU_ASSERT_EQUAL(demand_named(s, "TRIM")->memory_mib, 2048);
    unit_near(timeline_makespan(s->timeline), 255, 1e-6);
    CU_ASSERT_EQUAL(s->zero_epoch_s, 1706781600);
    session_free(s);
}

static void a_nextflow_process_is_one_set_whatever_its_memory(void)
{
    struct session *s = imported(
        folder, "trace.txt",
        "task_id\thash\tname\tstatus\tsubmit\tstart\tcomplete\tduration\trealtime\tcpus\tmemory\n"
        "1\ta\tNF:ALIGN (s1)\tFAILED\t2024-02-01 10:00:00.000\t2024-02-01 10:00:05.000\t2024-02-01 "
        "10:10:05.000\t10m 5s\t9m 58s\t4\t6 GB\n"
        "2\tb\tNF:ALIGN (s1)\tCOMPLETED\t2024-02-01 10:10:06.000\t2024-02-01 "
        "10:10:11.000\t2024-02-01 10:25:11.000\t15m 5s\t15m\t4\t12 GB\n"
        "3\tc\tNF:ALIGN (s2)\tCOMPLETED\t2024-02-01 10:00:00.000\t2024-02-01 "
        "10:00:05.000\t2024-02-01 10:10:05.000\t10m 5s"
        "\t10m\t4\t6 GB\n");
    CU_ASSERT_EQUAL(s->workflow->n_sets, 1);
    CU_ASSERT_EQUAL(s->timeline->n, 3);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.memory_mib, 12288);
    unit_near(duration_of(&s->workflow->sets[0], 0), 900, 1e-9);
    CU_ASSERT_EQUAL(noted(s, "asked for"), 1);
    session_free(s);
}

static void what_nextflow_had_cached_did_not_run(void)
{
    struct session *s = given("task_id,name,status,submit,duration\n1,TRIM (s1),COMPLETED,2024-02-01 10:00:00.000,100\n"
                              "2,TRIM (s2),COMPLETED,2024-02-01 10:00:00.000,200\n3,MAP (s1),CACHED,2024-01-01 10:03:20.000,50\n"
                              "4,MAP (s2),ABORTED,2024-02-01 10:03:20.000,30\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 4);
    unit_near(timeline_makespan(s->timeline), 230, 1e-6);                /* not from January on */
    unit_near(duration_of(set_named(s, "MAP"), 0), 50, 1e-9);
    CU_ASSERT_EQUAL(session_count(s, TASK_KILLED), 1);
    CU_ASSERT_EQUAL(noted(s, "CACHED"), 1);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(waiting_elements_of_an_array_are_tasks), UNIT_TEST(times_without_a_year_go_over_its_end),
        UNIT_TEST(a_list_of_elements_that_slurm_cut_off_is_told), UNIT_TEST(what_waits_asks_for_its_own_demand),
        UNIT_TEST(steps_are_counted_by_run_of_a_job), UNIT_TEST(ids_of_pbs_are_jobs), UNIT_TEST(rows_of_another_width_are_torn),
        UNIT_TEST(elapsed_wins_across_a_change_of_clocks), UNIT_TEST(uneven_totals_stay_exact),
        UNIT_TEST(what_did_not_end_well_is_censored), UNIT_TEST(edges_and_releases_come_from_times),
        UNIT_TEST(kinds_of_nodes_are_by_what_ran_where), UNIT_TEST(what_waits_fits_on_nodes_that_are_assumed),
        UNIT_TEST(a_wait_with_room_is_a_dependency), UNIT_TEST(json_of_sacct), UNIT_TEST(synonyms_units_and_what_is_not_used),
        UNIT_TEST(names_of_several_tasks_are_sets), UNIT_TEST(no_runtime_at_all_is_told), UNIT_TEST(missing_columns_are_named),
        UNIT_TEST(parsl_names_and_a_start_that_is_missing), UNIT_TEST(tables_of_lsf_and_pbs), UNIT_TEST(a_table_for_people),
        UNIT_TEST(nextflow_for_people), UNIT_TEST(nextflow_raw),
        UNIT_TEST(a_nextflow_process_is_one_set_whatever_its_memory), UNIT_TEST(what_nextflow_had_cached_did_not_run), { NULL, NULL },
    };
    folder = scratch_new();
    int status = unit_run("task_tables", tests);
    scratch_free(folder);
    return status;
}
