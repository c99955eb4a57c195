#include "validation/report.h"

#include <math.h>
#include <string.h>

#include "tests/support/measured.h"
#include "tests/support/unit.h"

static struct validation validated(const struct session *s, const struct middleware *m)
{
    struct session_question q = { .session = s, .middleware = m, .level = INFORMATION_REQUESTED, .seed = 5 };
    struct error err = { "" };
    struct validation v;
    CU_ASSERT_EQUAL_FATAL(validate_session(&v, &q, &(struct validate_options){ .replicas = 20, .gap_s = 5 }, &err), 0);
    return v;
}

static double number(const cJSON *o, const char *key)
{
    const cJSON *item = cJSON_GetObjectItem(o, key);
    CU_ASSERT(cJSON_IsNumber(item));
    return item ? item->valuedouble : NAN;
}

/* The JSON says what the struct says, under the names that it promises. */
static void the_json_is_the_validation(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 4);
    struct validation v = validated(run.session, m);
    cJSON *all = report_json(&v, 1);
    const cJSON *one = cJSON_GetArrayItem(all, 0), *predicted = cJSON_GetObjectItem(one, "predicted");
    CU_ASSERT_STRING_EQUAL(cJSON_GetObjectItem(one, "session")->valuestring, run.session->name);
    CU_ASSERT_EQUAL(number(one, "measured"), v.measured_s);
    CU_ASSERT_EQUAL(number(predicted, "mean"), v.forecast.makespan.mean);
    CU_ASSERT_EQUAL(cJSON_GetArrayItem(cJSON_GetObjectItem(predicted, "pi95"), 1)->valuedouble, v.forecast.pi95.high);
    CU_ASSERT_DOUBLE_EQUAL(number(one, "error"), number(predicted, "mean") - number(one, "measured"), 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(number(one, "overhead_error") * (v.measured_s - v.critical_path_s), v.error_s, 1e-9);
    CU_ASSERT_EQUAL(cJSON_IsTrue(cJSON_GetObjectItem(one, "in_interval")), v.in_interval);
    CU_ASSERT(number(one, "interval_score") >= number(one, "interval_width"));
    CU_ASSERT_EQUAL(number(one, "task_start_mae"), v.task_starts.mean_s);
    CU_ASSERT(number(one, "placements_equal") <= 1);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItem(one, "stages")), 3);
    cJSON_Delete(all);
    validation_clear(&v);
    measured_clear(&run);
    middleware_free(m);
}

static void tables_and_sentences_name_what_matters(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_BAG, DIALECT_UNIT, m, 4);
    struct validation v = validated(run.session, m);
    struct table *tables[] = { report_makespans(&v, 1), report_details(&v, 1), report_baselines(&v, 1) };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        CU_ASSERT_EQUAL(table_rows(tables[i]), 1);
        CU_ASSERT_STRING_EQUAL(table_text(tables[i], 0, 0), run.session->name);
        table_free(tables[i]);
    }
    struct table *stages = report_stages(&v);
    CU_ASSERT_EQUAL(table_rows(stages), run.session->workflow->n_sets);
    table_free(stages);
    struct str notes = { 0 }, verdict = { 0 };
    report_notes(&v, &notes);
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.text, "order of arrival"));
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.text, "EXTRAPOLATION: RADICAL-Pilot 1.4"));
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.text, "the interval is a prior: the profile knows 0 sessions"));
    report_verdict(&v, 1, &verdict);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict.text, v.in_interval ? "holds in 1 of 1" : "holds in 0 of 1"));
    str_clear(&notes);
    str_clear(&verdict);
    validation_clear(&v);
    measured_clear(&run);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_json_is_the_validation), UNIT_TEST(tables_and_sentences_name_what_matters), { NULL, NULL },
    };
    return unit_run("report", tests);
}
