/* A scenario with settings changed, as a study says them. */
#include "core/variant.h"

#include <stdlib.h>
#include <string.h>

#include "study/grid.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static const char workflow_text[] =
    "{\"name\": \"w\", \"iterations\": 2, \"task_sets\": ["
    "{\"name\": \"a\", \"tasks\": 7, \"threads\": 8, \"gpus\": 1, \"duration\": {\"distribution\": "
    "\"gamma\", \"mean\": 34.5, \"sd\": 3}},"
    "{\"name\": \"b\", \"tasks\": 7, \"cores\": 5, \"duration\": 12.5, \"after\": [{\"set\": "
    "\"a\", \"kind\": \"each\"}]},"
    "{\"name\": \"c\", \"durations\": [3.25, 4.5]}]}";

/* The workflow under the only point of the study {workflow, platform, `members`}; NULL: refused, or
 * unchanged. */
static struct workflow *varied(const char *members, struct error *err)
{
    char *text =
        str_format("{\"workflow\": \"w\", \"platform\": \"p\"%s%s}", *members ? ", " : "", members);
    struct grid *g = grid_parse(text, strlen(text), "study", err);
    struct workflow *base = given_workflow(workflow_text), *made = NULL;
    struct scenario s = { .workflow = base };
    CU_ASSERT_PTR_NOT_NULL_FATAL(g);
    struct setting_change changes[16];
    size_t n = grid_changes(g, 0, changes);
    struct variant v;
    variant_init(&v, &s);
    int status = variant_apply(&v, changes + 2, n - 2, err);
    CU_ASSERT_EQUAL(status, err->text[0] ? -1 : 0);
    if (!err->text[0]) {
        made = v.workflow;
        v.workflow = NULL;
    }
    variant_clear(&v);
    workflow_free(base);
    grid_free(g);
    free(text);
    return made;
}

static struct workflow *given(const char *members)
{
    struct error err = { "" };
    struct workflow *w = varied(members, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    return w;
}

static const struct task_set *set_of(const struct workflow *w, const char *name)
{
    int s = workflow_find_set(w, name);
    unit_must_be(s, >=, 0);
    return &w->sets[s];
}

static void nothing_said_changes_nothing(void)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(varied("", &err));
    CU_ASSERT_STRING_EQUAL(err.text, "");
}

static void counts_change_in_every_iteration(void)
{
    struct workflow *w =
        given("\"task_scale\": 2.5, \"task_scale.c\": 1, \"tasks.a\": 4, \"tasks.b\": 4");
    CU_ASSERT_EQUAL(set_of(w, "a.1")->n_tasks, 10);
    CU_ASSERT_EQUAL(set_of(w, "b.2")->n_tasks, 10);
    CU_ASSERT_EQUAL(set_of(w, "c.2")->n_tasks, 2);
    uint32_t sum = 0;
    for (size_t s = 0; s < w->n_sets; s++) {
        CU_ASSERT_EQUAL(w->sets[s].first_task, sum);
        sum += w->sets[s].n_tasks;
    }
    CU_ASSERT_EQUAL(w->n_tasks, sum);
    workflow_free(w);
}

static void durations_keep_their_mean_under_another_spread(void)
{
    struct workflow *w = given("\"duration_cv.a\": 0.5, \"duration_scale\": 3");
    const struct task_set *a = set_of(w, "a.1"), *c = set_of(w, "c.1");
    unit_alike(dist_mean(a->duration), 3 * 34.5, 1e-9);
    unit_alike(dist_sd(a->duration), 0.5 * 3 * 34.5, 1e-9);
    CU_ASSERT_STRING_EQUAL(dist_family(a->duration), "lognormal");
    CU_ASSERT_EQUAL(dist_mean(set_of(w, "b.1")->duration), 37.5);
    CU_ASSERT_EQUAL(c->durations[0], 9.75);
    CU_ASSERT_EQUAL(c->durations[1], 13.5);
    workflow_free(w);
}

static void demands_and_failures_change(void)
{
    struct workflow *w = given(
        "\"cores.a\": 3, \"gpus.a\": 0.25, \"ranks.b\": 4, \"threads.b\": 2, \"memory_mib\": 512,"
        " \"failure_probability.b\": 0.125, \"retries\": 2");
    const struct task_set *a = set_of(w, "a.2"), *b = set_of(w, "b.2");
    CU_ASSERT_EQUAL(a->traits->demand.cores, 3);
    CU_ASSERT_EQUAL(a->traits->demand.threads, 0);
    CU_ASSERT_EQUAL(a->traits->demand.gpus, 0);
    CU_ASSERT_EQUAL(a->traits->demand.gpu_share, DEMAND_WHOLE_GPU / 4);
    CU_ASSERT_EQUAL(b->traits->demand.ranks, 4);
    CU_ASSERT_EQUAL(b->traits->demand.threads, 2);
    CU_ASSERT_EQUAL(b->traits->demand.cores, 0);
    CU_ASSERT_EQUAL(b->traits->demand.memory_mib, 512);
    CU_ASSERT_EQUAL(a->traits->failure_probability, 0);
    CU_ASSERT_EQUAL(b->traits->failure_probability, 0.125);
    CU_ASSERT_EQUAL(a->traits->retries, 2);
    workflow_free(w);
}

static void what_is_no_workflow_says_why(void)
{
    static const struct { const char *members, *part; } wrong[] = {
        { "\"tasks.a\": 8", "both need as many tasks" },
        { "\"tasks.c\": 3", "has its durations one by one" },
        { "\"duration_cv\": 0.1", "no spread to change" },
        { "\"cores.b\": 0", "asks for no core" },
        { "\"task_scale.a\": 1e9", "at most 1000000000" },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error err = { "" };
        CU_ASSERT_PTR_NULL(varied(wrong[i].members, &err));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, wrong[i].part));
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "task set '"));
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(nothing_said_changes_nothing),
        UNIT_TEST(counts_change_in_every_iteration),
        UNIT_TEST(durations_keep_their_mean_under_another_spread),
        UNIT_TEST(demands_and_failures_change),
        UNIT_TEST(what_is_no_workflow_says_why),
        { NULL, NULL },
    };
    return unit_run("variant", tests);
}
