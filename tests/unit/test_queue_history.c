#include "traces/queue_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

static struct error err;

static int read_text(const char *text, struct queue_history *h)
{
    char *copy = xstrdup(text);
    int status = queue_history_read(&copy, strlen(copy), "jobs", h, &err);
    free(copy);
    return status;
}

static void check_job(const struct queue_history *h, size_t i, struct past_wait expected)
{
    unit_must_be(i, <, h->n);
    unit_near(h->jobs[i].past.size, expected.size, 0);
    unit_near(h->jobs[i].past.length_s, expected.length_s, 0);
    unit_near(h->jobs[i].past.submitted_s, expected.submitted_s, 1e-6);
    unit_near(h->jobs[i].past.wait_s, expected.wait_s, 1e-6);
}

static void a_csv_is_read_by_its_headings(void)
{
    struct queue_history h;
    CU_ASSERT_EQUAL(read_text("machine,cores,walltime_min,queue,submitted_epoch,wait_s\n"
                              "comet,16,120,compute,1476469964.5,114.85\n"
                              "supermic,32,30,workq,1476469970,23.85\n",
                              &h),
                    0);
    CU_ASSERT_EQUAL(h.n, 2);
    CU_ASSERT(!h.in_nodes);
    CU_ASSERT(h.has_walltimes);
    check_job(&h, 0, (struct past_wait){ 16, 7200, 1476469964.5, 114.85 });
    check_job(&h, 1, (struct past_wait){ 32, 1800, 1476469970, 23.85 });
    CU_ASSERT_STRING_EQUAL(h.machines[h.jobs[1].machine], "supermic");
    CU_ASSERT_STRING_EQUAL(h.queues[h.jobs[0].queue], "compute");
    size_t n;
    struct past_wait *of_one = queue_history_jobs(&h, 1, -1, &n);
    CU_ASSERT_EQUAL(n, 1);
    unit_near(of_one[0].size, 32, 0);
    free(of_one);
    queue_history_clear(&h);
}

/* Slurm's wait begins when a job is eligible; steps, cancelled jobs and unlimited ones say nothing.
 */
static const char sacct[] =
    "JobID|Partition|NNodes|ReqCPUS|Timelimit|Submit|Eligible|Start|State\n"
    "12|batch|4|128|02:00:00|2024-05-01T12:00:00|2024-05-01T12:10:00|2024-05-01T12:10:30|"
    "COMPLETED\n"
    "12.batch||1|32||2024-05-01T12:10:30|2024-05-01T12:10:30|2024-05-01T12:10:30|COMPLETED\n"
    "12.0||4|128||2024-05-01T12:10:31|2024-05-01T12:10:31|2024-05-01T12:10:31|COMPLETED\n"
    "13|batch|8|256|1-00:00:00|2024-05-01T12:00:00|Unknown|Unknown|PENDING\n"
    "14|gpu|2|64|UNLIMITED|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T13:00:00|RUNNING\n"
    "15|gpu|2|64|1-12:00:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T13:00:00|RUNNING\n"
    "16|gpu|x|64|30:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T13:00:00|RUNNING\n"
    "17|gpu|2|64|30:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T11:00:00|RUNNING\n";

static void what_sacct_printed_is_read(void)
{
    struct queue_history h;
    CU_ASSERT_EQUAL(read_text(sacct, &h), 0);
    CU_ASSERT_EQUAL(h.n, 2);
    CU_ASSERT(h.in_nodes);
    check_job(&h, 0, (struct past_wait){ 4, 7200, 1714564800, 30 });
    check_job(&h, 1, (struct past_wait){ 2, 129600, 1714564800, 3600 });
    CU_ASSERT_EQUAL(h.steps, 2);
    CU_ASSERT_EQUAL(h.not_started, 1);
    CU_ASSERT_EQUAL(h.no_walltime, 1);
    CU_ASSERT_EQUAL(h.no_size, 1);
    CU_ASSERT_EQUAL(h.bad, 1);
    unit_has(h.first_bad, "line 9");
    queue_history_clear(&h);
}

/* Cancelled while it waited: Slurm's start and end are the time of that. One that ran, and one that
 * waited again after it was requeued, count. */
static void jobs_cancelled_before_their_start_did_not_wait(void)
{
    struct queue_history h;
    CU_ASSERT_EQUAL(
        read_text("JobID|NNodes|Timelimit|Submit|Eligible|Start|End|State|Elapsed\n"
                  "1|4|02:00:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-02T12:00:00|"
                  "2024-05-02T12:00:00|CANCELLED by 1000|00:00:00\n"
                  "2|4|02:00:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T12:00:30|"
                  "2024-05-01T12:01:00|CANCELLED by 1000|00:00:30\n"
                  "3|4|02:00:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T12:01:00|"
                  "2024-05-01T12:01:00|FAILED|00:00:00\n"
                  "4|4|02:00:00|2024-05-01T12:00:00|2024-05-01T12:00:00|2024-05-01T12:02:00|"
                  "2024-05-01T12:03:00|REQUEUED|00:01:00\n"
                  "4|4|02:00:00|2024-05-01T12:03:00|2024-05-01T12:05:00|2024-05-01T12:09:00|"
                  "2024-05-01T13:03:00|COMPLETED|00:54:00\n"
                  "5_[1-9%2]|4|02:00:00|2024-05-01T12:03:00|Unknown|Unknown|Unknown|PENDING|"
                  "00:00:00\n",
                  &h),
        0);
    CU_ASSERT_EQUAL_FATAL(h.n, 4);
    CU_ASSERT_EQUAL(h.not_started, 2);
    check_job(&h, 0, (struct past_wait){ 4, 7200, 1714564800, 30 });
    check_job(&h, 1, (struct past_wait){ 4, 7200, 1714564800, 60 });
    check_job(&h, 2, (struct past_wait){ 4, 7200, 1714564800, 120 });
    check_job(&h, 3, (struct past_wait){ 4, 7200, 1714564980, 240 });
    queue_history_clear(&h);
    /* without Elapsed, the end tells */
    CU_ASSERT_EQUAL(read_text("nodes,submitted,started,ended,state\n"
                              "1,100,900,900,cancelled\n1,100,900,901,cancelled\n",
                              &h),
                    0);
    CU_ASSERT_EQUAL(h.n, 1);
    CU_ASSERT_EQUAL(h.not_started, 1);
    queue_history_clear(&h);
}

/* Each zone of its own; other words for the same columns. */
static void other_words_and_zones_are_read(void)
{
    struct queue_history h;
    CU_ASSERT_EQUAL(
        read_text(
            "host;total_cores;requested_walltime_hours;submission_time;begin;time_in_queue_min\n"
            "x;64;1.5;2024-05-01T12:00:00Z;2024-05-01T12:02:00Z;2\n"
            "x;32;2;2024-05-01T14:00:00+02:00;2024-05-01T07:10:00-05:00;\n",
            &h),
        0);
    CU_ASSERT_EQUAL_FATAL(h.n, 2);
    CU_ASSERT_STRING_EQUAL(h.machines[0], "x");
    check_job(&h, 0, (struct past_wait){ 64, 5400, 1714564800, 120 });
    check_job(&h, 1, (struct past_wait){ 32, 7200, 1714564800, 600 });
    queue_history_clear(&h);
}

static void tables_for_people_are_read(void)
{
    struct queue_history h;
    CU_ASSERT_EQUAL(
        read_text("   JobID   NNodes  Timelimit              Submit               Start \n"
                  "-------- -------- ---------- ------------------- ------------------- \n"
                  "12              4   02:00:00 2024-05-01T12:00:00 2024-05-01T12:10:30 \n",
                  &h),
        0);
    CU_ASSERT_EQUAL(h.n, 1);
    check_job(&h, 0, (struct past_wait){ 4, 7200, 1714564800, 630 });
    queue_history_clear(&h);
}

static void an_swf_trace_is_read(void)
{
    struct queue_history h;
    CU_ASSERT_EQUAL(read_text("; Version: 2\n; Computer: IBM SP2\n; MaxProcs: 430\n"
                              "1 0 23 1451 128 -1 -1 64 7200 -1 1 3 2 4 1 -1 -1 -1\n"
                              "1 0 23 700 128 -1 -1 64 7200 -1 2 3 2 4 1 -1 -1 -1\n"
                              "2 10 500 -1 -1 -1 -1 16 3600 -1 5 3 2 4 1 -1 -1 -1\n"
                              " 3 20 7 10 32 -1 -1 -1 60 -1 1 3 2 4 2 -1 -1 -1\n",
                              &h),
                    0);
    CU_ASSERT_EQUAL(h.n, 2);
    CU_ASSERT_EQUAL(h.not_started, 1);
    CU_ASSERT_STRING_EQUAL(h.machines[0], "IBM SP2");
    check_job(&h, 0, (struct past_wait){ 64, 7200, 0, 23 });
    check_job(&h, 1, (struct past_wait){ 32, 60, 20, 7 });
    CU_ASSERT_STRING_EQUAL(h.queues[h.jobs[1].queue], "2");
    queue_history_clear(&h);
}

static void check_refused(const char *text, const char *why)
{
    struct queue_history h;
    err.text[0] = '\0';
    CU_ASSERT_EQUAL(read_text(text, &h), -1);
    if (!strstr(err.text, why))
        printf("  '%s' is not in: %s\n", why, err.text);
    unit_has(err.text, why);
    queue_history_clear(&h);
}

static void what_is_no_history_is_refused(void)
{
    check_refused("", "is empty");
    check_refused("a,b\n1,2\n", "no column of nodes");
    check_refused("nodes,walltime\n1,60\n", "no column of waits");
    check_refused("nodes,wait_s\n1,-4\n", "no job is left");
    check_refused("nodes,wait_s\n", "no job is left");
    check_refused("\x1f\x8b\x08 packed", "is an archive");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_csv_is_read_by_its_headings), UNIT_TEST(what_sacct_printed_is_read),
        UNIT_TEST(jobs_cancelled_before_their_start_did_not_wait),
        UNIT_TEST(other_words_and_zones_are_read),
        UNIT_TEST(tables_for_people_are_read),    UNIT_TEST(an_swf_trace_is_read),
        UNIT_TEST(what_is_no_history_is_refused), { NULL, NULL },
    };
    return unit_run("queue_history", tests);
}
