#include "traces/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "cli/calibrate_doc.h"
#include "doc/render.h"
#include "core/transfer.h"
#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

enum { MOST = 4 };

struct known { struct middleware *truth; struct session *at[MOST]; size_t n; };

static struct known known_sessions(size_t n, double between_sd)
{
    struct known k = { .truth = known_middleware(), .n = n };
    known_spread(k.truth, between_sd);
    for (size_t s = 0; s < n; s++)
        k.at[s] = known_session(k.truth, (uint32_t)s + 40);
    return k;
}

static void clear(struct known *k)
{
    for (size_t s = 0; s < k->n; s++)
        session_free(k->at[s]);
    middleware_free(k->truth);
}

static struct calibration calibrated(const struct known *k)
{
    struct calibration c;
    struct error err = { "" };
    unit_is(calibrate((const struct session *const *)k->at, k->n, NULL, &c, &err), ==, 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    return c;
}

static bool polled(enum station_parameter p)
{
    return p == STATION_AGENT || p == STATION_DETECT || p == STATION_FREE || p == STATION_NOTIFY;
}

/* Constants without spread: found exactly, but for what polls and the clock of whole seconds hide.
 */
static void constants_are_found(void)
{
    struct known k = known_sessions(4, 0);
    struct calibration c = calibrated(&k);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        if (!k.truth->parameter[p])
            continue;
        double is = dist_mean(k.truth->parameter[p]);
        unit_is(c.station[p].status, ==, CALIBRATION_FITTED);
        if (polled((enum station_parameter)p) || p == STATION_BOOTSTRAP)
            unit_is(fabs(c.station[p].mean_s - is), <,
                    0.5 * fmax(0.1, calibration_period(k.truth, (enum station_parameter)p)) + 0.5);
        else
            unit_alike(c.station[p].mean_s, is, 1e-6);
    }
    unit_is(c.profile->cold_rule, ==, COLD_FIRST_WAVE);
    unit_is(c.profile->n_sessions, ==, 4);
    unit_is(c.profile->n_nodes_seen, ==, 8);
    calibration_clear(&c);
    clear(&k);
}

static void few_sessions_have_prior_intervals(void)
{
    for (size_t n = 1; n <= 2; n++) {
        struct known k = known_sessions(n, 0.1);
        struct calibration c = calibrated(&k);
        unit_is(c.station[STATION_NEXT_STAGE].status, ==, CALIBRATION_FEW);
        unit_near(c.station[STATION_NEXT_STAGE].ci95.low, NAN, 0);
        const struct station_estimate *e = &c.profile->estimate[STATION_NEXT_STAGE];
        double prior = transfer_sd(CLIENT_ENTK, STATION_NEXT_STAGE, TRANSFER_KIND,
                                   c.station[STATION_NEXT_STAGE].mean_s);
        int known = transfer_degrees(CLIENT_ENTK, STATION_NEXT_STAGE);
        CU_ASSERT_EQUAL(e->degrees, known + (int)n - 1);
        if (n <= 1)
            unit_alike(e->between_s, prior, 1e-9);
        /* one session differs from the mean of all as any does */
        if (n <= 1)
            unit_alike(e->se_s, prior, 1e-9);
        unit_is(e->between_s, >=, prior * sqrt(known / (double)e->degrees) * (1 - 1e-9));
        unit_has(c.notes.text, "every interval is a prior");
        calibration_clear(&c);
        clear(&k);
    }
}

/* No session has a second run(): the named prior, and it is said. */
static void stations_without_samples_are_assumed(void)
{
    struct known k = known_sessions(3, 0.1);
    for (size_t s = 0; s < k.n; s++)
        k.at[s]->n_runs = 1;
    struct calibration c = calibrated(&k);
    unit_is(c.station[STATION_NEXT_RUN].status, ==, CALIBRATION_ASSUMED);
    unit_is(c.station[STATION_NEXT_RUN].mean_s, ==, 5.5);
    CU_ASSERT(c.profile->assumed[STATION_NEXT_RUN]);
    CU_ASSERT_FALSE(c.profile->assumed[STATION_NEXT_STAGE]);
    unit_has(c.notes.text, "client.next_run: no session has a sample; assumed 5.5 s");
    calibration_clear(&c);
    clear(&k);
}

/* Whatever a session lacks, what is left is calibrated, and no figure is anything but a number. */
static void whatever_is_missing_the_rest_stands(void)
{
    for (int e = -4; e < SESSION_EVENTS; e++) {
        struct known k = known_sessions(3, 0.1);
        for (size_t s = 0; s < k.n; s++)
            for (size_t i = 0; i < k.at[s]->timeline->n; i++) {
                struct timeline_record *r = &k.at[s]->timeline->records[i];
                double *lost[] = { &r->submitted_s, &r->notified_s, &r->freed_s, &r->stopped_s };
                *(e < 0 ? lost[-e - 1] : &k.at[s]->tasks[i].at[e]) = NAN;
            }
        struct calibration c = calibrated(&k);
        for (int p = 0; p < STATION_PARAMETERS; p++) {
            CU_ASSERT(isfinite(c.station[p].mean_s));
            unit_is(c.station[p].mean_s, >=, 0);
            CU_ASSERT(isfinite(c.station[p].between_s));
            if (c.profile->estimate[p].known)
                CU_ASSERT(isfinite(c.profile->estimate[p].se_s));
        }
        calibration_clear(&c);
        clear(&k);
    }
}

/* Of 1, 2 and 3 executors of 0.135 s a launch each: the service is that of one, and the profile has
 * as many servers. */
static void service_is_that_of_one_executor(void)
{
    for (int n = 1; n <= 3; n++) {
        struct middleware *m = known_middleware();
        m->launch_servers = n;
        dist_free(m->parameter[STATION_LAUNCH]);
        m->parameter[STATION_LAUNCH] = dist_constant(0.135);
        struct session *s = known_session(m, 7);
        s->n_executors = (size_t)n;
        struct calibration c;
        struct error err = { "" };
        CU_ASSERT_EQUAL_FATAL(calibrate((const struct session *const[]){ s }, 1, NULL, &c, &err),
                              0);
        CU_ASSERT_EQUAL(c.profile->launch_servers, n);
        unit_near(c.station[STATION_LAUNCH].mean_s, 0.135, 1e-6);
        calibration_clear(&c);
        session_free(s);
        middleware_free(m);
    }
}

/* Sessions of unlike numbers agree on the service; the profile has most sessions' number, and that
 * is noted. */
static void sessions_of_unlike_numbers_of_executors_agree_on_the_service(void)
{
    struct known k = { .truth = known_middleware(), .n = 3 };
    for (size_t s = 0; s < k.n; s++) {
        k.truth->launch_servers = s == 1 ? 2 : 3;
        dist_free(k.truth->parameter[STATION_LAUNCH]);
        k.truth->parameter[STATION_LAUNCH] = dist_constant(0.135);
        k.at[s] = known_session(k.truth, 40 + (uint32_t)s);
        k.at[s]->n_executors = (size_t)k.truth->launch_servers;
    }
    struct calibration c = calibrated(&k);
    CU_ASSERT_EQUAL(c.profile->launch_servers, 3);
    unit_near(c.station[STATION_LAUNCH].mean_s, 0.135, 1e-6);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.notes.text, "different numbers of executors"));
    calibration_clear(&c);
    clear(&k);
}

/* One bulk's submissions are lost in one of four sessions: client.base is what it is without the
 * loss. */
static void a_lost_record_does_not_move_the_client(void)
{
    struct known k = known_sessions(4, 0.1);
    struct calibration whole = calibrated(&k);
    struct session *s = k.at[1];
    s->bulks[3].submitted_s = NAN;
    for (size_t i = 0; i < s->timeline->n; i++)
        if (s->tasks[i].bulk == 3)
            s->timeline->records[i].submitted_s = s->tasks[i].at[EVENT_CLIENT_SUBMITTED] = NAN;
    struct calibration c = calibrated(&k);
    unit_near(c.station[STATION_CLIENT_BASE].mean_s, whole.station[STATION_CLIENT_BASE].mean_s,
              0.01);
    CU_ASSERT_EQUAL(c.station[STATION_CLIENT_BASE].n_samples,
                    whole.station[STATION_CLIENT_BASE].n_samples - 1);
    CU_ASSERT_EQUAL(c.station[STATION_CLIENT_BASE].n_lost, 1);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(c.notes.text, "a time that they need was not recorded: 1 of client.base"));
    calibration_clear(&c);
    calibration_clear(&whole);
    clear(&k);
}

static void a_session_without_entk_has_no_stages_to_close(void)
{
    struct known k = known_sessions(3, 0.1);
    for (size_t s = 0; s < k.n; s++) {
        k.at[s]->has_entk = false;
        k.at[s]->n_stages = k.at[s]->n_runs = 0;
    }
    struct calibration c = calibrated(&k);
    unit_is(c.station[STATION_NEXT_STAGE].status, ==, CALIBRATION_NONE);
    unit_is(c.station[STATION_NEXT_RUN].status, ==, CALIBRATION_NONE);
    unit_is(c.station[STATION_NOTIFY].status, ==, CALIBRATION_FITTED);
    unit_is(c.station[STATION_NOTIFY].n_samples, ==, 21);
    calibration_clear(&c);
    clear(&k);
}

/* Written, read back and simulated: sessions as those that it was fitted on. */
static void the_profile_makes_sessions_again(void)
{
    struct known k = known_sessions(4, 0.1);
    struct calibration c = calibrated(&k);
    cJSON *json = middleware_to_json(c.profile);
    char *text = json_print(json);
    struct error err = { "" };
    struct json_document *doc = json_parse(text, strlen(text), "profile", &err);
    struct json root = json_root(doc);
    struct middleware *back = middleware_from_json(&root, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    unit_is(back->estimate[STATION_CLIENT_BASE].se_s, ==,
            c.profile->estimate[STATION_CLIENT_BASE].se_s);
    unit_is(back->sessions[2].mean[STATION_LAUNCH], ==,
            c.profile->sessions[2].mean[STATION_LAUNCH]);
    double measured = 0, made = 0;
    for (uint32_t i = 0; i < 40; i++) {
        struct session *s = known_session(k.truth, 100 + i), *again = known_session(back, 200 + i);
        measured += timeline_makespan(s->timeline) / 40;
        made += timeline_makespan(again->timeline) / 40;
        session_free(s);
        session_free(again);
    }
    unit_alike(made, measured, 0.01);
    middleware_free(back);
    json_free(doc);
    free(text);
    cJSON_Delete(json);
    calibration_clear(&c);
    clear(&k);
}

static void nothing_to_calibrate_on_is_an_error(void)
{
    struct calibration c;
    struct error err = { "" };
    struct session *empty = session_new("none", "none.tgz", "test");
    unit_is(calibrate(NULL, 0, NULL, &c, &err), ==, -1);
    unit_has(err.text, "no session");
    empty->workflow = NULL;
    unit_is(calibrate((const struct session *const[]){ empty }, 1, NULL, &c, &err), ==, -1);
    unit_has(err.text, "none.tgz");
    session_free(empty);
}

static void the_doc_has_a_row_a_station(void)
{
    struct known k = known_sessions(3, 0.1);
    struct calibration c = calibrated(&k);
    const struct task_durations none = { 0 };
    struct doc *d = doc_new("calibrate", "0");
    struct str text = { 0 };
    calibrate_doc_add(d, &c, &none, &(struct station_pictures){ 0 });
    doc_render_text(d, &(struct doc_text_options){ 0 }, &text);
    cJSON *json = doc_render_json(d);
    const cJSON *stations = cJSON_GetObjectItem(json, "stations");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(stations), STATION_PARAMETERS);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        const char *name = station_parameter_name((enum station_parameter)p);
        const cJSON *mean = cJSON_GetObjectItem(cJSON_GetObjectItem(stations, name), "mean");
        CU_ASSERT_PTR_NOT_NULL(strstr(text.text, name));
        CU_ASSERT_PTR_NOT_NULL(mean);
        if (c.station[p].status == CALIBRATION_NONE)
            CU_ASSERT_TRUE(cJSON_IsNull(mean));
        if (c.station[p].status == CALIBRATION_FITTED)
            unit_near(cJSON_GetNumberValue(mean), c.station[p].mean_s, 0);
    }
    CU_ASSERT_TRUE(cJSON_IsArray(cJSON_GetObjectItem(json, "notes")));
    CU_ASSERT_TRUE(cJSON_IsObject(cJSON_GetObjectItem(json, "profile")));
    cJSON_Delete(json);
    str_clear(&text);
    doc_free(d);
    calibration_clear(&c);
    clear(&k);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(constants_are_found),
        UNIT_TEST(few_sessions_have_prior_intervals),
        UNIT_TEST(stations_without_samples_are_assumed),
        UNIT_TEST(whatever_is_missing_the_rest_stands),
        UNIT_TEST(a_lost_record_does_not_move_the_client),
        UNIT_TEST(service_is_that_of_one_executor),
        UNIT_TEST(sessions_of_unlike_numbers_of_executors_agree_on_the_service),
        UNIT_TEST(a_session_without_entk_has_no_stages_to_close),
        UNIT_TEST(the_profile_makes_sessions_again),
        UNIT_TEST(nothing_to_calibrate_on_is_an_error),
        UNIT_TEST(the_doc_has_a_row_a_station),
        { NULL, NULL },
    };
    return unit_run("calibrate", tests);
}
