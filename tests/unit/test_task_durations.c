#include "traces/task_durations.h"

#include <math.h>
#include <string.h>

#include "tests/support/simulated_session.h"
#include "tests/support/unit.h"

static const char platform[] = "{'name': 'p', 'nodes': [{'count': 10, 'cores': 100}]}";

enum { MOST = 60 };

/* Sessions whose requests nobody recorded, so that durations are measured. */
static void make(struct session **at, size_t n, const char *workflow)
{
    struct middleware *m = middleware_ideal();
    for (size_t s = 0; s < n; s++) {
        at[s] = simulated_session(workflow, platform, m, 8, (uint32_t)s);
        for (size_t i = 0; i < at[s]->timeline->n; i++)
            at[s]->tasks[i].requested_s = NAN;
    }
    middleware_free(m);
}

static void clear(struct session **at, size_t n)
{
    for (size_t s = 0; s < n; s++)
        session_free(at[s]);
}

static struct task_durations fitted(struct session **at, size_t n)
{
    struct task_durations d;
    struct error err = { "" };
    unit_is(task_durations_fit((const struct session *const *)at, n, &d, &err), ==, 0);
    return d;
}

/* Sixty sessions of known distributions and shared effects. */
static void distributions_and_shared_effects_are_found(void)
{
    static const char workflow[] =
        "{'session_sd': 0.1, 'task_sets': ["
        "{'name': 'a', 'tasks': 40, 'cores': 1, 'duration': {'distribution': 'normal', "
        "'mean': 300, 'sd': 30}, 'set_sd': 0.05},"
        "{'name': 'b', 'tasks': 40, 'cores': 1, 'duration': {'distribution': 'lognormal', "
        "'mean': 80, 'sd': 30}, 'set_sd': 0.05},"
        "{'name': 'c', 'tasks': 30, 'cores': 2, 'duration': {'distribution': 'normal', 'mean': 50, "
        "'sd': 2}, 'set_sd': 0.05}],"
        "'pipelines': [{'name': 'p', 'stages': [['a'], ['b'], ['c']]}]}";
    struct session *at[MOST];
    make(at, MOST, workflow);
    struct task_durations d = fitted(at, MOST);
    unit_is(d.n, ==, 3);
    unit_alike(d.session_sd, 0.1, 0.3);
    unit_alike(d.set_sd, 0.05, 0.2);
    unit_alike(d.labels[0].mean_s, 300, 0.05);
    unit_alike(dist_sd(d.labels[0].dist), 30, 0.1);
    unit_alike(d.labels[1].mean_s, 80, 0.06);
    unit_alike(dist_sd(d.labels[1].dist), 30, 0.15);
    CU_ASSERT_STRING_EQUAL(d.labels[1].family, "lognormal");
    CU_ASSERT_FALSE(d.labels[0].requested);
    unit_must_be(d.labels[0].n_instances, ==, MOST);
    unit_is(d.labels[0].n_samples, ==, 40 * MOST);
    task_durations_clear(&d);
    clear(at, MOST);
}

/* Tasks killed half way are known to take longer. */
static void tasks_cut_off_exceed_what_they_ran(void)
{
    static const char workflow[] = "{'task_sets': [{'name': 'a', 'tasks': 400, 'cores': 1, "
                                   "'duration': {'distribution': 'exponential', 'mean': 100}}],"
                                   "'pipelines': [{'name': 'p', 'stages': [['a']]}]}";
    struct session *at[3];
    make(at, 3, workflow);
    for (size_t s = 0; s < 3; s++)
        for (size_t i = 0; i < at[s]->timeline->n; i++) {
            struct timeline_record *r = &at[s]->timeline->records[i];
            if (r->stopped_s - r->started_s > 120) {
                r->stopped_s = r->started_s + 120;
                at[s]->timeline->status[i] = TASK_KILLED;
            }
        }
    struct task_durations d = fitted(at, 3);
    unit_must_be(d.labels[0].n_censored, >, 300);
    unit_alike(d.labels[0].mean_s, 100, 0.08);
    task_durations_clear(&d);
    clear(at, 3);
}

static void requests_are_taken_where_all_are_known(void)
{
    static const char workflow[] =
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 1, 'duration': 42}],"
        "'pipelines': [{'name': 'p', 'stages': [['a']]}]}";
    struct session *at[1];
    make(at, 1, workflow);
    for (size_t i = 0; i < at[0]->timeline->n; i++)
        at[0]->tasks[i].requested_s = 40;
    struct task_durations d = fitted(at, 1);
    CU_ASSERT(d.labels[0].requested);
    unit_is(d.labels[0].mean_s, ==, 40);
    CU_ASSERT(dist_is_constant(d.labels[0].dist));
    unit_near(d.set_sd, NAN, 0);
    unit_near(d.session_sd, NAN, 0);
    cJSON *json = task_durations_json(&d);
    cJSON *set = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "task_sets"), 0);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItem(set, "name")), "a");
    unit_is(cJSON_GetNumberValue(cJSON_GetObjectItem(set, "duration")), ==, 40);
    CU_ASSERT_EQUAL(d.n, 1);
    cJSON_Delete(json);
    task_durations_clear(&d);
    clear(at, 1);
}

static void sets_of_one_label_and_other_demands_are_others(void)
{
    static const char workflow[] =
        "{'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 1, 'duration': 42}, {'name': 'b', "
        "'tasks': 4, 'cores': 2, 'duration': 7}],"
        "'pipelines': [{'name': 'p', 'stages': [['a', 'b']]}]}";
    struct session *at[1];
    make(at, 1, workflow);
    strcpy(at[0]->workflow->sets[1].label, "a");
    struct task_durations d = fitted(at, 1);
    unit_is(d.n, ==, 2);
    CU_ASSERT_STRING_EQUAL(d.labels[1].label, "a/2");
    task_durations_clear(&d);
    clear(at, 1);
}

static void no_task_at_all_is_an_error(void)
{
    struct task_durations d;
    struct error err = { "" };
    unit_is(task_durations_fit(NULL, 0, &d, &err), ==, -1);
    unit_has(err.text, "no task");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(distributions_and_shared_effects_are_found),
        UNIT_TEST(tasks_cut_off_exceed_what_they_ran),
        UNIT_TEST(requests_are_taken_where_all_are_known),
        UNIT_TEST(sets_of_one_label_and_other_demands_are_others),
        UNIT_TEST(no_task_at_all_is_an_error),
        { NULL, NULL },
    };
    return unit_run("task_durations", tests);
}
