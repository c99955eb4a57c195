#include "study/summary.h"

#include <math.h>
#include <string.h>

#include "core/platform.h"
#include "core/workflow.h"
#include "tests/support/unit.h"

static const char workflow_text[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", "
                                    "\"tasks\": 4, \"cores\": 2, \"duration\": 10}]}";

static struct platform *platform_of(const char *text)
{
    struct json_document *doc = json_parse(text, strlen(text), "platform", NULL);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, NULL);
    json_free(doc);
    return p;
}

/* Two replicas on 3 nodes of 7 usable cores and 2 GPUs: every figure by hand. */
static void figures_by_hand(void)
{
    struct workflow *w = workflow_parse(workflow_text, strlen(workflow_text), "workflow", NULL);
    struct platform *p = platform_of("{\"name\": \"p\", \"nodes\": [{\"count\": 3, \"cores\": 8, "
                                     "\"gpus\": 2, \"blocked\": [5]}]}");
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    struct scenario s = { .workflow = w, .platform = p };
    struct replica at[] = {
        { .makespan_s = 120, .session_s = 150, .busy_slot_s = 840, .busy_gpu_s = 72,
          .held_slot_s = 1260, .held_gpu_s = 144,
          .complete = true, .in_time = true, .wait_s = { 4, 0, 8, 0, 0, 12 }, .n_done = 4 },
        { .makespan_s = 240, .session_s = 290, .busy_slot_s = 2520, .busy_gpu_s = 576,
          .held_slot_s = 2520, .held_gpu_s = 576,
          .in_time = true, .wait_s = { 0, 0, 16, 0, 0, 0 }, .n_failed = 1, .n_cancelled = 2,
          .n_retries = 3, .lost_slot_s = 22 },
    };
    double bounds[] = { 100, 230 };
    struct replicas r = { .n = 2, .at = at, .bound_s = bounds };
    struct summary m = summary_of(&s, &r);
    CU_ASSERT_EQUAL(m.makespan.mean, 180);
    CU_ASSERT_EQUAL(m.session.mean, 220);
    CU_ASSERT_EQUAL(m.lower_bound_s, 165);
    unit_alike(m.utilisation_slots, (840. / (21 * 120) + 2520. / (21 * 240)) / 2, 1e-12);
    unit_alike(m.utilisation_gpus, (72. / (6 * 120) + 576. / (6 * 240)) / 2, 1e-12);
    unit_alike(m.held_slots, (1260. / (21 * 120) + 2520. / (21 * 240)) / 2, 1e-12);
    unit_alike(m.held_gpus, (144. / (6 * 120) + 576. / (6 * 240)) / 2, 1e-12);
    unit_alike(m.node_hours, 3 * 180 / 3600., 1e-12);
    CU_ASSERT_EQUAL(m.wait_s[0], 0.5);
    CU_ASSERT_EQUAL(m.wait_s[2], 3);
    CU_ASSERT_EQUAL(m.wait_s[5], 1.5);
    CU_ASSERT_EQUAL(m.share_complete, 0.5);
    CU_ASSERT_EQUAL(m.share_in_time, 1);
    CU_ASSERT_EQUAL(m.failed, 0.5);
    CU_ASSERT_EQUAL(m.cancelled, 1);
    CU_ASSERT_EQUAL(m.retries, 1.5);
    CU_ASSERT_EQUAL(m.lost_slot_s, 11);
    platform_free(p);
    workflow_free(w);
}

static void nothing_to_use_is_no_share(void)
{
    struct workflow *w = workflow_parse(workflow_text, strlen(workflow_text), "workflow", NULL);
    struct platform *p =
        platform_of("{\"name\": \"p\", \"nodes\": [{\"count\": 1, \"cores\": 8}]}");
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    struct scenario s = { .workflow = w, .platform = p };
    struct replica at = { .makespan_s = 0, .busy_slot_s = 0, .complete = true };
    struct summary m = summary_of(&s, &(struct replicas){ .n = 1, .at = &at });
    CU_ASSERT(isnan(m.utilisation_gpus));
    CU_ASSERT_EQUAL(m.utilisation_slots, 0);
    CU_ASSERT(isnan(m.lower_bound_s));
    platform_free(p);
    workflow_free(w);
}

static void each_wait_has_names(void)
{
    for (int i = 0; i < WAITS; i++)
        for (int k = 0; k < i; k++) {
            CU_ASSERT_STRING_NOT_EQUAL(wait_key((enum wait)i), wait_key((enum wait)k));
            CU_ASSERT_STRING_NOT_EQUAL(wait_label((enum wait)i), wait_label((enum wait)k));
        }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(figures_by_hand),
        UNIT_TEST(nothing_to_use_is_no_share),
        UNIT_TEST(each_wait_has_names),
        { NULL, NULL },
    };
    return unit_run("summary", tests);
}
