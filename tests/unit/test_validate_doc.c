#include "cli/validate_doc.h"

#include <math.h>
#include <string.h>

#include "doc/render.h"
#include "tests/support/measured.h"
#include "tests/support/unit.h"
#include "traces/session_workflow.h"
#include "validation/baselines.h"

static struct validation validated(const struct session *s, const struct middleware *m)
{
    struct session_question q = { .session = s, .middleware = m, .level = INFORMATION_REQUESTED,
                                  .seed = 5 };
    struct error err = { "" };
    struct validation v;
    CU_ASSERT_EQUAL_FATAL(
        validate_session(&v, &q, &(struct validate_options){ .replicas = 20, .gap_s = 5 }, &err),
        0);
    return v;
}

static struct doc *doc_of(struct validation *v)
{
    struct doc *d = doc_new("validate", "0");
    validate_doc_add(d, &(struct leave_one_out){ .of = v, .n = 1 },
                     &(struct drawn_predictions){ 0 }, true);
    return d;
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
    struct doc *d = doc_of(&v);
    cJSON *all = doc_render_json(d);
    const cJSON *one = cJSON_GetArrayItem(cJSON_GetObjectItem(all, "sessions"), 0),
                *predicted = cJSON_GetObjectItem(one, "predicted");
    CU_ASSERT_STRING_EQUAL(cJSON_GetObjectItem(one, "session")->valuestring, run.session->name);
    CU_ASSERT_EQUAL(number(one, "measured"), v.measured_s);
    CU_ASSERT_EQUAL(number(predicted, "mean"), v.forecast.makespan.mean);
    CU_ASSERT_EQUAL(cJSON_GetArrayItem(cJSON_GetObjectItem(predicted, "pi95"), 1)->valuedouble,
                    v.forecast.pi95.high);
    unit_near(number(one, "error"), number(predicted, "mean") - number(one, "measured"), 1e-9);
    unit_near(number(one, "overhead_error") * (v.measured_s - v.critical_path_s), v.error_s, 1e-9);
    CU_ASSERT_EQUAL(cJSON_IsTrue(cJSON_GetObjectItem(one, "in_interval")), v.in_interval);
    unit_is(number(one, "interval_score"), >=, number(one, "interval_width"));
    CU_ASSERT_EQUAL(number(one, "task_start_mae"), v.task_starts.mean_s);
    unit_is(number(one, "placements_equal"), <=, 1);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItem(one, "stages")), 3);
    const cJSON *simpler = cJSON_GetObjectItem(one, "baselines");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(simpler), BASELINES);
    CU_ASSERT_EQUAL(number(cJSON_GetObjectItem(simpler, "fifo"), "makespan"),
                    v.simpler[BASELINE_FIFO].makespan_s);
    cJSON_Delete(all);
    doc_free(d);
    validation_clear(&v);
    measured_clear(&run);
    middleware_free(m);
}

static void tables_and_sentences_name_what_matters(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_BAG, DIALECT_UNIT, m, 4);
    struct validation v = validated(run.session, m);
    static const char *const said[] = { "order of arrival", "EXTRAPOLATION: RADICAL-Pilot 1.4",
                                        "the interval is a prior: the profile knows 0 sessions",
                                        "Makespan: predicted against measured" };
    struct doc *d = doc_of(&v);
    struct str text = { 0 };
    /* no name is folded */
    doc_render_text(d, &(struct doc_text_options){ .width = 300 }, &text);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(text.text, said[i]));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text.text, v.in_interval ? "holds in 1 of 1" : "holds in 0 of 1"));
    CU_ASSERT_PTR_NULL(strstr(text.text, "nan"));
    for (int b = 0; b < BASELINES; b++) /* the verdict's names are those of the columns */
        CU_ASSERT_PTR_NOT_NULL(
            strstr(strstr(text.text, "Errors of the makespan"), baseline_name((enum baseline)b)));
    str_clear(&text);
    doc_free(d);
    validation_clear(&v);
    measured_clear(&run);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_json_is_the_validation),
        UNIT_TEST(tables_and_sentences_name_what_matters),
        { NULL, NULL },
    };
    return unit_run("validate_doc", tests);
}
