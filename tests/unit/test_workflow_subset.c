#include "core/workflow_subset.h"

#include <stdlib.h>
#include <string.h>

#include "base/json_print.h"
#include "base/xalloc.h"
#include "core/task_deps.h"
#include "num/rng.h"
#include "tests/support/unit.h"

static const char text[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"durations\": [1, 2, 3, 4, 5, 6], "
    "\"release\": [0, 1, 2, 3, 4, 5]},"
    "{\"name\": \"b\", \"tasks\": 6, \"duration\": 2, \"after\": [{\"set\": \"a\", \"kind\": "
    "\"each\"}]},"
    "{\"name\": \"c\", \"tasks\": 3, \"duration\": 3, \"after\": [{\"set\": \"b\", \"kind\": "
    "\"block\"}]},"
    "{\"name\": \"d\", \"tasks\": 2, \"duration\": 4, \"after\": [\"a\", {\"set\": \"c\", "
    "\"kind\": \"edges\", "
    "\"edges\": [[0, 1], [2, 0]]}]}],"
    "\"pipelines\": [{\"name\": \"p\", \"stages\": [[\"a\"], [\"b\"], [\"c\"]]}, "
    "{\"name\": \"q\", \"stages\": [[\"d\"]], \"after\": [\"p\"]}]}";

static struct workflow *whole(void)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "w.json", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    return w;
}

/* waits[parent * n + child] in numbers of the whole workflow; task_of NULL: they are its numbers.
 */
static bool *matrix(const struct workflow *w, const uint32_t *task_of, uint32_t n)
{
    bool *waits = xcalloc((size_t)n * n, sizeof *waits);
    for (size_t c = 0; c < w->n_sets; c++)
        for (size_t d = 0; d < w->sets[c].n_dependencies; d++) {
            const struct dependency *dep = &w->sets[c].dependencies[d];
            struct task_deps deps = task_deps_of(w, (int)c, dep);
            struct task_link link;
            while (task_deps_next(&deps, &link))
                for (uint32_t p = 0; p < link.n_parents; p++)
                    for (uint32_t k = 0; k < link.n_children; k++) {
                        uint32_t parent = w->sets[dep->parent].first_task + link.parent + p;
                        uint32_t child = w->sets[c].first_task + link.child + k;
                        waits[(task_of ? task_of[parent] : parent) * n +
                              (task_of ? task_of[child] : child)] = true;
                    }
        }
    return waits;
}

/* Of random subsets: each pair of tasks that are kept waits as it did, and keeps its durations and
 * releases. */
static void pairs_wait_as_they_did(void)
{
    struct workflow *w = whole();
    bool *before = matrix(w, NULL, w->n_tasks);
    for (uint32_t round = 0; round < 200; round++) {
        const struct rng_stream s = rng_stream(1, round, RNG_TEST, 0);
        bool keep[17] = { false };
        keep[round % w->n_tasks] = true;
        for (uint32_t t = 0; t < w->n_tasks; t++)
            keep[t] |= rng_uniform(&s, t, 0) < 0.2 + 0.7 * rng_uniform(&s, 99, 0);
        struct workflow_subset sub = workflow_subset(w, keep);
        bool *after = matrix(sub.workflow, sub.task_of, w->n_tasks);
        for (uint32_t p = 0; p < w->n_tasks; p++)
            for (uint32_t c = 0; c < w->n_tasks; c++)
                CU_ASSERT_EQUAL(after[p * w->n_tasks + c],
                                keep[p] && keep[c] && before[p * w->n_tasks + c]);
        for (size_t i = 0; i < sub.workflow->n_sets; i++) {
            const struct task_set *set = &sub.workflow->sets[i], *old = &w->sets[sub.set_of[i]];
            for (uint32_t t = 0; set->durations && t < set->n_tasks; t++) {
                unit_near(set->durations[t],
                          old->durations[sub.task_of[set->first_task + t] - old->first_task], 0);
                unit_near(set->release.list_s[t],
                          old->release.list_s[sub.task_of[set->first_task + t] - old->first_task],
                          0);
            }
        }
        free(after);
        workflow_subset_clear(&sub);
    }
    free(before);
    workflow_free(w);
}

static void nothing_left_out_is_the_same(void)
{
    struct workflow *w = whole();
    bool keep[17];
    memset(keep, 1, sizeof keep);
    struct workflow_subset sub = workflow_subset(w, keep);
    CU_ASSERT_EQUAL(sub.workflow->n_tasks, 17);
    CU_ASSERT_EQUAL(sub.workflow->n_pipelines, 2);
    CU_ASSERT_EQUAL(sub.workflow->pipelines[0].n_stages, 3);
    CU_ASSERT_EQUAL(sub.workflow->pipelines[1].after[0], 0);
    workflow_subset_clear(&sub);
    workflow_free(w);
}

/* Only d: the pipeline p is gone, and q waits for nothing; a saved subset is a workflow that reads
 * back. */
static void empty_stages_and_pipelines_go(void)
{
    struct workflow *w = whole();
    bool keep[17] = { [16] = true };
    struct workflow_subset sub = workflow_subset(w, keep);
    CU_ASSERT_EQUAL(sub.workflow->n_sets, 1);
    CU_ASSERT_EQUAL(sub.workflow->n_pipelines, 1);
    CU_ASSERT_STRING_EQUAL(sub.workflow->pipelines[0].name, "q");
    CU_ASSERT_EQUAL(sub.workflow->pipelines[0].n_after, 0);
    CU_ASSERT_EQUAL(sub.task_of[0], 16);
    cJSON *json = workflow_to_json(sub.workflow);
    char *saved = json_print(json);
    struct error err = { "" };
    struct workflow *again = workflow_parse(saved, strlen(saved), "again.json", &err);
    CU_ASSERT_PTR_NOT_NULL(again);
    workflow_free(again);
    free(saved);
    cJSON_Delete(json);
    workflow_subset_clear(&sub);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(pairs_wait_as_they_did), UNIT_TEST(nothing_left_out_is_the_same),
        UNIT_TEST(empty_stages_and_pipelines_go), { NULL, NULL },
    };
    return unit_run("workflow_subset", tests);
}
