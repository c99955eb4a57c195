#include "traces/importer/radical_profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

static bool is(struct text_slice s, const char *text)
{
    return s.length == strlen(text) && !memcmp(s.text, text, s.length);
}

static int split(const char *line, bool old_header, struct radical_row *row)
{
    return radical_profile_split(line, strlen(line), old_header, row);
}

static void both_orders_of_columns_are_read(void)
{
    struct radical_row r;
    CU_ASSERT_EQUAL(
        split("1661095447.1281562,advance,tmgr.0000,Thread-1,task.0071,DONE,a,b\r", false, &r), 1);
    unit_is(fabs(r.time_s - 1661095447.1281562), <, 3e-7);
    CU_ASSERT(is(r.event, "advance"));
    CU_ASSERT(is(r.component, "tmgr.0000"));
    CU_ASSERT(is(r.uid, "task.0071"));
    CU_ASSERT(is(r.state, "DONE"));
    CU_ASSERT(is(r.message, "a,b"));
    CU_ASSERT_EQUAL(
        split("1500000000.5,agent_0:Thread-1,unit.000001,AGENT_EXECUTING,exec_start,m,n", true, &r),
        1);
    CU_ASSERT(is(r.event, "exec_start"));
    CU_ASSERT(is(r.component, "agent_0"));
    CU_ASSERT(is(r.uid, "unit.000001"));
    CU_ASSERT(is(r.message, "m,n"));
    CU_ASSERT_EQUAL(
        split("1500000000.5,agent_0:Thread-1,unit.000001,AGENT_EXECUTING,exec_start,", false, &r),
        1);
    CU_ASSERT(is(r.event, "exec_start"));
    /* bootstrappers wrote the old header above rows of the new order */
    CU_ASSERT_EQUAL(
        split("23.0000,sync_rel,bootstrap_0,MainThread,pilot.0000,PMGR_ACTIVE_PENDING,agent.0",
              true, &r),
        1);
    CU_ASSERT(is(r.event, "sync_rel"));
    CU_ASSERT(is(r.component, "bootstrap_0"));
    unit_is(r.time_s, ==, 23);
}

/* A second method: digit by digit in doubles, as it was first written. However many digits, the
 * bits are the same. */
static double by_digits(const char *text)
{
    double value = 0, fraction = 0, scale = 1;
    for (; *text && *text != '.'; text++)
        value = value * 10 + (*text - '0');
    for (text += *text == '.'; *text; text++, scale *= 10)
        fraction = fraction * 10 + (*text - '0');
    return value + fraction / scale;
}

static void times_have_the_same_bits_however_many_digits(void)
{
    static const char digits[] = "166109544712815629876543901234567890";
    enum { MOST = 24 };
    for (int whole = 0; whole <= MOST; whole++)
        for (int fraction = 0; whole + fraction <= MOST + 1; fraction++) {
            char time[64], line[128];
            struct radical_row r;
            snprintf(time, sizeof time, "%.*s.%.*s", whole, digits, fraction, digits + 7);
            snprintf(line, sizeof line, "%s,a,b,c,d,e,f", time);
            int got = split(line, false, &r);
            CU_ASSERT_EQUAL(got, whole + fraction == 0 || whole + fraction > MOST ? -1 : 1);
            if (got >= 0)
                unit_is(r.time_s, ==, by_digits(time));
        }
}

static void what_is_no_record_is_told(void)
{
    struct radical_row r;
    static const char *const torn[] = { "1661095447.1,advance,tmgr", "x,advance,tmgr,T,u,S,",
                                        "-5,advance,tmgr,T,u,S,",    ",a,b,c,d,e,f",
                                        "1e9,a,b,c,d,e,f",           "12.34.5,a,b,c,d,e,f",
                                        "1661095447.1,a,b,c,d,e" };
    CU_ASSERT_EQUAL(split("", false, &r), 0);
    CU_ASSERT_EQUAL(split("#time,event,comp,thread,uid,state,msg", false, &r), 0);
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++)
        CU_ASSERT_EQUAL(split(torn[i], false, &r), -1);
}

static const char text[] =
    "#time,event,comp,thread,uid,state,msg\n"
    "1600000000.5,sync_abs,agent_scheduling.0000,T,,,batch1:10.1.1.1:1600000000.5:1600000000.75:"
    "ntp\n"
    "1600000001.5,advance,agent_scheduling.0000,T,unit.1,AGENT_SCHEDULING,\n"
    "1600000001.5,advance,agent_scheduling.0000,T,unit.2,AGENT_SCHEDULING,\n"
    "1600000002.25,schedule_ok,agent_scheduling.0000,T,unit.2,,\n"
    "1600000003.125,advance,umgr.0000,T,unit.2,CANCELED,\n"
    "1600000004.125,advance,umgr.0000,T,unit.2,DONE,\n"
    "1600000004.5,advance,pmgr.0000,T,pilot.0000,DONE,\n"
    "1600000004.5,mqs_setup_start,radical.entk.appmanager.0000,T,appmanager.0000,,\n"
    "1600000004.75,mqs_setup_stop,radical.entk.appmanager.0000,T,appmanager.0000,,\n"
    "1600000005,amgr run started,radical.entk.appmanager.0000,T,appmanager.0000,,";

static void check_text(struct radical_records *r)
{
    struct radical_entity *one = radical_records_find(r, "unit.1"),
                          *two = radical_records_find(r, "unit.2");
    CU_ASSERT_PTR_NOT_NULL_FATAL(one);
    CU_ASSERT_PTR_NOT_NULL_FATAL(two);
    CU_ASSERT_EQUAL(radical_records_count(r), 2);
    int row = radical_row_of(EVENT_AGENT_ARRIVED);
    CU_ASSERT_EQUAL(one->at[EVENT_AGENT_ARRIVED], 1600000001.5);
    unit_is(one->row[row], <, two->row[row]);
    unit_is(two->at[EVENT_SCHEDULE_OK], ==, 1600000002.25);
    unit_near(one->at[EVENT_SCHEDULE_OK], NAN, 0);
    unit_is(two->client_state, ==, STATE_DONE);
    unit_is(two->at[EVENT_CLIENT_DONE], ==, 1600000004.125);
    struct radical_totals t = radical_records_totals(r);
    unit_must_be(t.n_runs, ==, 1);
    unit_is(t.run_started[0], ==, 1600000005.0);
    unit_is(t.clock_offset_s, ==, 0.25);
    unit_is(t.queues_ready_s - t.queues_begun_s, ==, 0.25);
    unit_is(t.first_s, ==, 1600000000.5);
    unit_is(t.last_s, ==, 1600000005.0);
}

static void blocks_may_end_anywhere(void)
{
    for (size_t block = 1; block <= sizeof text; block += block < 20 ? 1 : 37) {
        struct radical_profile p = { .records = radical_records_new() };
        radical_profile_begin(&p);
        for (size_t at = 0; at < sizeof text - 1; at += block)
            radical_profile_feed(&p, text + at,
                                 sizeof text - 1 - at < block ? sizeof text - 1 - at : block);
        radical_profile_end(&p);
        unit_is(p.lines, ==, 11);
        unit_is(p.torn, ==, 0);
        unit_is(p.bad_times, ==, 0);
        check_text(p.records);
        radical_records_free(p.records);
        radical_profile_clear(&p);
    }
}

static void the_same_file_twice_is_the_same_session(void)
{
    struct radical_profile p = { .records = radical_records_new() };
    for (int i = 0; i < 2; i++) {
        radical_profile_begin(&p);
        radical_profile_feed(&p, text, sizeof text - 1);
        radical_profile_end(&p);
    }
    check_text(p.records);
    CU_ASSERT_EQUAL(radical_records_totals(p.records).conflicts, 0);
    radical_records_free(p.records);
    radical_profile_clear(&p);
}

static void long_lines_and_odd_times_are_counted(void)
{
    struct radical_profile p = { .records = radical_records_new() };
    size_t size = 1 << 20;
    char *noise = malloc(size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(noise);
    memset(noise, 'x', size);
    radical_profile_begin(&p);
    radical_profile_feed(&p, noise, size);
    radical_profile_feed(&p, noise, size);
    radical_profile_feed(
        &p, "\n12.5,schedule_ok,agent,T,unit.9,,\n999999999999,schedule_ok,agent,T,unit.9,,\n", 77);
    radical_profile_end(&p);
    unit_is(p.torn, ==, 1);
    unit_is(p.bad_times, ==, 2);
    unit_is(radical_records_count(p.records), ==, 0);
    free(noise);
    radical_records_free(p.records);
    radical_profile_clear(&p);
}

static void an_old_bootstrap_is_tied_to_the_agents_clock(void)
{
    static const char boot[] =
        "#time,name,uid,state,event,msg\n0.0000,bootstrap_0_start,bootstrap_0,M,pilot.0000,S,\n"
        "23.0000,sync_rel,bootstrap_0,M,pilot.0000,S,agent.0\n";
    static const char agent[] = "1593614778.375,sync_rel,agent.0,M,pilot.0000,,agent.0\n";
    struct radical_profile p = { .records = radical_records_new() };
    radical_profile_begin(&p);
    radical_profile_feed(&p, boot, sizeof boot - 1);
    radical_profile_end(&p);
    CU_ASSERT(isnan(radical_records_totals(p.records).bootstrap_s));
    radical_profile_feed(&p, agent, sizeof agent - 1);
    radical_profile_end(&p);
    CU_ASSERT_EQUAL(radical_records_totals(p.records).bootstrap_s, 1593614778.375 - 23);
    CU_ASSERT_EQUAL(p.bad_times, 0);
    radical_records_free(p.records);
    radical_profile_clear(&p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(both_orders_of_columns_are_read),
        UNIT_TEST(times_have_the_same_bits_however_many_digits),
        UNIT_TEST(what_is_no_record_is_told),
        UNIT_TEST(blocks_may_end_anywhere),
        UNIT_TEST(the_same_file_twice_is_the_same_session),
        UNIT_TEST(long_lines_and_odd_times_are_counted),
        UNIT_TEST(an_old_bootstrap_is_tied_to_the_agents_clock),
        { NULL, NULL },
    };
    return unit_run("radical_profile", tests);
}
