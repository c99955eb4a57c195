/* Tables as batch and workflow systems write them. Each test has the right value of a case from a
 * public bug report, and variations. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/imported.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/session_cautions.h"

static char *folder;

static struct session *given(const char *text)
{
    return imported(folder, "jobs.csv", text);
}

static void ids_of_pbs_are_jobs(void)
{
    struct session *s = given("JobID,JobName,Start,End,NCPUS,NodeList,State\n"
                              "646033.service2,md,1714560060,1714561860,8,n1,COMPLETED\n"
                              "646034.service2,md,1714560060,1714561860,8,n2,COMPLETED\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    CU_ASSERT_EQUAL(duration_in(&s->workflow->sets[0], 1), 1800);
    session_free(s);
}

static void synonyms_units_and_what_is_not_used(void)
{
    struct session *s = given(
        "task_id,name,started,finished,cpus,gpu,mem_gb,priority,colour\n"
        "1,sim_001,0,10,4,1,8,3,red\n2,sim_002,0,12,4,1,8,3,blue\n3,post,12,13,1,0,0.5,0,red\n");
    const struct task_set *sim = set_named(s, "sim");
    CU_ASSERT_EQUAL(sim->n_tasks, 2);
    unit_is(sim->traits->demand.cores, ==, 4);
    unit_is(sim->traits->demand.gpus, ==, 1);
    CU_ASSERT_EQUAL(sim->traits->demand.memory_mib, 8192);
    CU_ASSERT_EQUAL(sim->priority, 3);
    CU_ASSERT_EQUAL(demand_named(s, "post")->memory_mib, 512);
    CU_ASSERT_EQUAL(noted(s, "not used: colour"), 1);
    session_free(s);
    s = given("id;start_ms;runtime (min);ncores;ngpus;memory_mb\n1;500;2;3;0.5;100\n");
    CU_ASSERT_EQUAL(timeline_first_start(s->timeline), 0.5);
    unit_near(duration_in(&s->workflow->sets[0], 0), 120, 1e-9);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.gpu_share, 500000);
    CU_ASSERT_EQUAL(s->workflow->sets[0].traits->demand.memory_mib, 100);
    session_free(s);
}

static void names_of_several_tasks_are_sets(void)
{
    struct session *s =
        given("id,name,start,end\n1,md_1,0,5\n2,md_1,0,6\n3,md_2,0,7\n4,T1,0,5\n5,T2,0,5\n");
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
    unit_has(err.text, "beside the starts a column of ends (end, ended, endtime");
    unit_has(err.text, "Found the columns id, start_time, cores");
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "start,end,cores\n1,2,3\n", &err));
    unit_has(err.text, "a column of ids (jobid, id");
    CU_ASSERT_PTR_NULL(imported_or(folder, "jobs.csv", "id,start,end\n1,2,later\n", &err));
    unit_has(err.text, "line 2, end 'later'");
}

static void parsl_names_and_a_start_that_is_missing(void)
{
    struct session *s = given(
        "task_id,task_func_name,hostname,task_time_submitted,task_time_running,task_time_returned\n"
        "0,create,,2019-06-04 04:13:31.476801,,2019-06-04 04:13:31.553611\n"
        "1,install,c06,2019-06-04 04:13:31.554481,2019-06-04 04:13:31.644297,2019-06-04 "
        "04:13:36.155113\n"
        "2,install,c06,2019-06-04 04:13:31.554481,,2019-06-04 04:13:31.655113\n");
    const struct task_set *install = set_named(s, "install");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 3);
    unit_near(duration_in(install, 0), 4.510816, 1e-6);
    unit_near(duration_in(install, 1), 0.100632,
              1e-6); /* no longer than from its submission to its end */
    CU_ASSERT_EQUAL(noted(s, "no start recorded"), 2);
    session_free(s);
}

static void tables_of_lsf_and_pbs(void)
{
    struct session *s =
        given("JOBID,JOB_NAME,STAT,SUBMIT_TIME,START_TIME,FINISH_TIME,NEXEC_HOST,SLOTS,EXEC_HOST\n"
              "501,md,DONE,Dec 31 23:40,Dec 31 23:50,Jan  1 00:20 L,2,84,42*h01n01:42*h01n02\n"
              "502,ml,EXIT,Dec 31 23:40,Dec 31 23:50,Jan  1 00:00 L,1,42,42*h01n03\n");
    unit_is(demand_named(s, "md")->ranks, ==, 2);
    unit_is(demand_named(s, "md")->cores, ==, 42);
    unit_near(duration_in(set_named(s, "md"), 0), 1800, 1e-9);
    unit_near(duration_in(set_named(s, "ml"), 0), 600, 1e-9);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    CU_ASSERT(isnan(s->zero_epoch_s));
    session_free(s);
    s = given("Job_Id,Job_Name,qtime,stime,obittime,resources_used.walltime,resources_used.ncpus,"
              "exec_vnode,Exit_status,job_state\n"
              "7.pbs,md,1714560000,1714560060,1714561860,00:30:00,64,(n1:ncpus=32:ngpus=4)+(n2:"
              "ncpus=32:ngpus=4),0,F\n"
              "8.pbs,un,1714560000,1714560060,1714561860,00:30:00,48,(n3:ncpus=32:ngpus=4)+(n4:"
              "ncpus=16:ngpus=2),1,F\n");
    const struct demand *md = demand_named(s, "md"), *un = demand_named(s, "un");
    unit_is(md->ranks, ==, 2);
    unit_is(md->cores, ==, 32);
    unit_is(md->gpus, ==, 4);
    unit_is(un->ranks, ==, 3);
    unit_is(un->cores, ==, 16);
    unit_is(un->gpus, ==, 2);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    session_free(s);
}

/* A row "ml[1-4]%2" is for the elements that have none of their own. */
static void rows_of_lsf_arrays_are_their_elements(void)
{
    struct session *s =
        given("JOBID,JOB_NAME,STAT,SUBMIT_TIME,START_TIME,FINISH_TIME,SLOTS,EXEC_HOST\n"
              "7,ml[1-4]%2,PEND,Dec 31 23:40,-,-,4,-\n"
              "7,ml[2],DONE,Dec 31 23:40,Dec 31 23:50,Jan  1 00:20,4,4*h1\n"
              "8,\"md[1-5:2,9]%1\",PEND,Dec 31 23:40,-,-,4,-\n"
              "10,un[3-1],DONE,Dec 31 23:40,Dec 31 23:50,Jan  1 00:20,4,4*h1\n"
              "11,ok[1-2],PEND,Dec 31 23:40,-,-,4,-\n"
              "11,ok[1],DONE,Dec 31 23:40,Dec 31 23:50,Jan  1 00:20,4,4*h1\n"
              "11,ok[2],EXIT,Dec 31 23:40,Dec 31 23:50,Jan  1 00:20,4,4*h1\n");
    unit_is(set_named(s, "md")->n_tasks, ==, 4);
    unit_is(s->workflow->n_tasks, ==, 11);
    unit_is(session_count(s, TASK_CUT), ==, 7);
    unit_is(noted(s, "each is taken to be as the row says"), ==, 7);
    unit_is(noted(s, "theirs count"), ==, 3);
    session_free(s);
}

/* PBS names the parts of a node "n3[0]", "n3[1]": one rank holds both. */
static void parts_of_a_node_are_the_node(void)
{
    static const char *const columns[] = { "exec_vnode", "exec_host" };
    static const char *const held[] = { "(n3[0]:ncpus=4)+(n3[1]:ncpus=4:ngpus=1)",
                                        "n3[0]/0*4+n3[1]/0*4" };
    for (size_t k = 0; k < 2; k++) {
        char *table = str_format("Job_Id,Job_Name,stime,obittime,%s\n"
                                 "7.pbs,md,1714560060,1714561860,%s\n",
                                 columns[k], held[k]);
        struct session *s = given(table);
        unit_is(s->platform->n_nodes, ==, 1);
        unit_is(demand_named(s, "md")->ranks, ==, 1);
        unit_is(demand_named(s, "md")->cores, ==, 8);
        unit_is(demand_named(s, "md")->gpus, ==, k == 0);
        session_free(s);
        free(table);
    }
}

/* Suspended for 20 minutes of an hour; a day without a clock; each run of a requeued job has its
 * steps. */
static void rows_of_sacct_that_are_not_plain(void)
{
    struct session *s = given("JobID|JobName|Start|End|Elapsed|AllocCPUS|State\n"
                              "1|a|2024-01-02T03:00:00|2024-01-02T04:00:00|00:40:00|1|COMPLETED\n"
                              "2|b|2024-01-02T03:00:00|Unknown|1-00|1|COMPLETED\n");
    unit_near(duration_in(set_named(s, "a"), 0), 2400, 1e-9);
    unit_near(duration_in(set_named(s, "b"), 0), 86400, 1e-9);
    session_free(s);
    s = given("JobID|JobName|Start|End|AllocCPUS|State\n"
              "1|j|2024-01-02T03:00:00|2024-01-02T03:10:00|2|REQUEUED\n"
              "1.0|s|2024-01-02T03:00:00|2024-01-02T03:05:00|1|COMPLETED\n"
              "1.1|s|2024-01-02T03:05:00|2024-01-02T03:10:00|1|CANCELLED\n"
              "1|j|2024-01-02T03:20:00|2024-01-02T03:40:00|2|COMPLETED\n"
              "1.0|s|2024-01-02T03:20:00|2024-01-02T03:25:00|1|COMPLETED\n"
              "1.1|s|2024-01-02T03:25:00|2024-01-02T03:40:00|1|COMPLETED\n");
    unit_is(s->workflow->n_tasks, ==, 2);
    unit_is(set_named(s, "s")->n_tasks, ==, 2);
    unit_near(timeline_makespan(s->timeline), 2400, 1e-9);
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
    unit_near(duration_in(set_named(s, "sim"), 0), 30 * 60, 1e-6);
    session_free(s);
}

static void a_table_for_people(void)
{
    struct session *s = imported(folder, "jobs.txt",
                                 "JobID           JobName    Elapsed  AllocCPUS      State \n"
                                 "------------ ---------- ---------- ---------- ---------- \n"
                                 "19                sleep   00:00:04          2  COMPLETED \n"
                                 "19.0              sleep   00:00:04          2  COMPLETED \n"
                                 "20             two word   00:01:04          4 OUT_OF_ME+ \n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 2);
    unit_near(duration_in(set_named(s, "sleep"), 0), 4, 1e-9);
    CU_ASSERT_EQUAL(demand_named(s, "two word")->cores, 4);
    CU_ASSERT_EQUAL(session_count(s, TASK_FAILED), 1);
    session_free(s);
}

/* Headings in any case, blanks around values: the same as without. */
static void headings_of_lsf_and_nextflow_in_any_case(void)
{
    struct session *s = imported(
        folder, "lsf.csv",
        "jobid , job_name , stat , start_time , finish_time , nexec_host , slots , exec_host\n"
        "501 , md , DONE , May  1 12:01 , May  1 12:31 L , 2 , 84 , 42*h01n01:42*h01n02\n");
    unit_is(demand_named(s, "md")->ranks, ==, 2);
    unit_is(demand_named(s, "md")->cores, ==, 42);
    session_free(s);
    s = imported(folder, "trace.txt", "TASK_ID\tNAME\tSTATUS\tSUBMIT\tDURATION\n"
                                      "1\tTRIM (s1)\tCOMPLETED\t2024-02-01 10:00:00.000\t200s\n");
    unit_near(timeline_makespan(s->timeline), 200, 1e-6);
    session_free(s);
}

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
    unit_near(duration_in(set_named(s, "TRIM"), 0), 1280, 1e-9);
    unit_near(duration_in(set_named(s, "TRIM"), 1), 14663, 1e-9);
    unit_near(duration_in(set_named(s, "MAP"), 1), 2, 1e-9);
    CU_ASSERT_EQUAL(demand_named(s, "TRIM")->memory_mib, 8192);
    unit_near(timeline_first_start(s->timeline), 4,
              1e-6); /* duration - realtime after its submission */
    CU_ASSERT_EQUAL(noted(s, "not used: hash, native_id, %cpu"), 3);
    session_free(s);
}

static void nextflow_raw(void)
{
    struct session *s = imported(
        folder, "trace.txt",
        "task_id\tname\tstatus\texit\tsubmit\tstart\tcomplete\tduration\trealtime\tcpus"
        "\tmemory\tattempt\n"
        "1\tTRIM "
        "(1)"
        "\tCOMPLETED\t0\t1706781600000\t1706781605000\t1706781705000\t105000\t100000\t2\t2147483648"
        "\t1\n"
        "2\tTRIM "
        "(2)"
        "\tCOMPLETED\t0\t1706781600000\t1706781605000\t1706781805000\t205000\t200000\t2\t2147483648"
        "\t1\n"
        "3\tA:MAP "
        "(1)\tCOMPLETED\t0\t1706781806000\t1706781810000\t1706781860000\t54000\t50000\t4\t-\t1\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 3);
    unit_near(duration_in(set_named(s, "TRIM"), 0), 100, 1e-9);
    unit_near(duration_in(set_named(s, "TRIM"), 1), 200, 1e-9);
    unit_near(duration_in(set_named(s, "A:MAP"), 0), 50, 1e-9);
    unit_is(demand_named(s, "TRIM")->cores, ==, 2);
    unit_is(demand_named(s, "A:MAP")->cores, ==, 4);
    CU_ASSERT_EQUAL(demand_named(s, "TRIM")->memory_mib, 2048);
    unit_near(timeline_makespan(s->timeline), 255, 1e-6);
    CU_ASSERT_EQUAL(s->zero_epoch_s, 1706781600);
    session_free(s);
}

static void nextflow_without_task_id(void)
{
    struct session *s = imported(
        folder, "trace.csv",
        "name,status,submit,start,complete,realtime,cpus,peak_rss\n"
        "TRIM (1),COMPLETED,1706781600000,1706781605000,1706781705000,100000,2,2147483648\n"
        "TRIM (2),COMPLETED,1706781600000,1706781605000,1706781807500,202500,2,1073741824\n");
    unit_near(duration_in(set_named(s, "TRIM"), 1), 202.5, 1e-9);
    unit_is(demand_named(s, "TRIM")->memory_mib, ==, 2048);
    session_free(s);
}

static void durations_may_count_milliseconds(void)
{
    struct session *s = given("id,name,started,finished,duration\n"
                              "1,a,1706781605000,1706781705250,100250\n"
                              "2,b,1706781605000,1706781605040,40\n");
    unit_near(duration_in(set_named(s, "a"), 0), 100.25, 1e-9);
    unit_near(duration_in(set_named(s, "b"), 0), 0.04, 1e-9);
    unit_is(noted(s, "it is milliseconds"), ==, 2);
    unit_is(noted(s, "disagree"), ==, 0);
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
    unit_near(duration_in(&s->workflow->sets[0], 0), 900, 1e-9);
    CU_ASSERT_EQUAL(noted(s, "asked for"), 1);
    session_free(s);
}

static void what_nextflow_had_cached_did_not_run(void)
{
    struct session *s = given(
        "task_id,name,status,submit,duration\n1,TRIM (s1),COMPLETED,2024-02-01 10:00:00.000,100\n"
        "2,TRIM (s2),COMPLETED,2024-02-01 10:00:00.000,200\n3,MAP (s1),CACHED,2024-01-01 "
        "10:03:20.000,50\n"
        "4,MAP (s2),ABORTED,2024-02-01 10:03:20.000,30\n");
    CU_ASSERT_EQUAL(s->workflow->n_tasks, 4);
    unit_near(timeline_makespan(s->timeline), 230, 1e-6);                /* not from January on */
    unit_near(duration_in(set_named(s, "MAP"), 0), 50, 1e-9);
    CU_ASSERT_EQUAL(session_count(s, TASK_KILLED), 1);
    CU_ASSERT_EQUAL(noted(s, "CACHED"), 1);
    session_free(s);
}

/* Rows years away from all others are told; a record of many years is not. */
static size_t told_of(const char *text)
{
    struct session *s = given(text);
    cJSON *cautions = session_cautions(s);
    size_t told = 0;
    for (int i = 0; i < cJSON_GetArraySize(cautions); i++)
        told += strstr(cJSON_GetArrayItem(cautions, i)->valuestring, "years from the") != NULL;
    cJSON_Delete(cautions);
    session_free(s);
    return told;
}

static void times_far_from_all_others_are_told(void)
{
    unit_is(told_of("id,start,end\na,1714560000,1714560100\nb,1714560005,1714560200\n"
                    "c,-5,1714560300\nd,1714560100,1714560200\n"), ==, 1);
    unit_is(told_of("id,start,end\na,1714560000,1714560100\nb,1714560005,1714560200\n"
                    "c,1714560007,99999999999\nd,1714560100,1714560200\n"), ==, 1);
    unit_is(told_of("id,start,end\na,1414560000,1414560100\nb,1514560005,1514560200\n"
                    "c,1614560007,1614560100\nd,1714560100,1714560200\n"), ==, 0);
    unit_is(told_of("id,start,end\na,1714560000,1714560100\n"), ==, 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(parts_of_a_node_are_the_node),
        UNIT_TEST(rows_of_sacct_that_are_not_plain),
        UNIT_TEST(times_without_a_year_go_over_its_end),
        UNIT_TEST(ids_of_pbs_are_jobs),
        UNIT_TEST(synonyms_units_and_what_is_not_used),
        UNIT_TEST(names_of_several_tasks_are_sets),
        UNIT_TEST(no_runtime_at_all_is_told),
        UNIT_TEST(missing_columns_are_named),
        UNIT_TEST(parsl_names_and_a_start_that_is_missing),
        UNIT_TEST(tables_of_lsf_and_pbs),
        UNIT_TEST(rows_of_lsf_arrays_are_their_elements),
        UNIT_TEST(a_table_for_people),
        UNIT_TEST(headings_of_lsf_and_nextflow_in_any_case),
        UNIT_TEST(nextflow_for_people),
        UNIT_TEST(nextflow_raw),
        UNIT_TEST(nextflow_without_task_id),
        UNIT_TEST(durations_may_count_milliseconds),
        UNIT_TEST(a_nextflow_process_is_one_set_whatever_its_memory),
        UNIT_TEST(what_nextflow_had_cached_did_not_run),
        UNIT_TEST(times_far_from_all_others_are_told),
        { NULL, NULL },
    };
    folder = scratch_new();
    int status = unit_run("task_tables", tests);
    scratch_free(folder);
    return status;
}
