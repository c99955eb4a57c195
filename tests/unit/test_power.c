/* Energy. Oracle: watts times seconds, summed by hand. */
#include "study/summary.h"

#include <math.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static double energy_of(const char *workflow, const char *platform, double walltime_s, int jobs)
{
    struct workflow *w = given_workflow(workflow);
    struct platform *p = given_platform(platform);
    struct middleware *m = middleware_ideal();
    struct scenario s = { .workflow = w,
                          .platform = p,
                          .middleware = m,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 1,
                          .walltime_s = walltime_s,
                          .allocation.jobs = jobs,
                          .scheduler =
                              scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
    struct replicas runs;
    CU_ASSERT_EQUAL_FATAL(
        replicate(&s, &(struct replicate_options){ .replicas = 2, .threads = 1 }, &runs, NULL), 0);
    double kwh = summary_of(&s, &runs).energy_kwh;
    replicas_clear(&runs);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
    return kwh * 3.6e6;
}

static const char watts[] = "{'nodes': [{'count': 2, 'cores': 8, 'gpus': 2, 'power': {'idle': 100, "
                            "'core': 5, 'gpu': 200}}]}";

static void busy_cores_and_gpus_add_to_idle_nodes(void)
{
    unit_near(
        energy_of(
            "{'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 2, 'gpus': 1, 'duration': 360}]}",
            watts, 0, 0),
        2 * 100 * 360 + 4 * (2 * 5 + 200) * 360, 1e-6);
    /* halves of a GPU; two ranks on two nodes */
    unit_near(energy_of("{'task_sets': [{'name': 'a', 'ranks': 2, 'cores': 8, 'gpus': 0.5, "
                        "'duration': 23.85}]}",
                        watts, 0, 0),
              (2 * 100 + 2 * (8 * 5 + 0.5 * 200)) * 23.85, 1e-6);
}

static void each_kind_of_node_draws_its_own(void)
{
    unit_near(energy_of("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 100}, {'name': 'b', "
                        "'cores': 2, 'gpus': 2, 'duration': 50}]}",
                        "{'nodes': [{'cores': 4, 'power': {'idle': 70, 'core': 3}},"
                        " {'cores': 2, 'gpus': 2, 'power': {'idle': 90, 'core': 7, 'gpu': 250}}]}",
                        0, 0),
              160 * 100 + 4 * 3 * 100 + (2 * 7 + 2 * 250) * 50, 1e-6);
}

/* Two hardware threads are one core. */
static void threads_are_parts_of_cores(void)
{
    unit_near(energy_of("{'task_sets': [{'name': 'a', 'threads': 6, 'duration': 10}]}",
                        "{'slots': 'threads', 'nodes': [{'cores': 4, 'threads_per_core': 2, "
                        "'power': {'idle': 50, 'core': 8}}]}",
                        0, 0),
              50 * 10 + 3 * 8 * 10, 1e-6);
}

/* 40 s, 40 s, 20 s that are cut; then 40 s: a job's nodes draw while it lasts. */
static void cut_work_draws_too(void)
{
    unit_near(energy_of("{'task_sets': [{'name': 'a', 'tasks': 3, 'cores': 8, 'duration': 40}]}",
                        "{'nodes': [{'cores': 8, 'power': {'idle': 100, 'core': 5}}]}", 100, 3),
              100 * 140 + 8 * 5 * 140, 1e-6);
}

static void without_watts_there_is_no_energy(void)
{
    CU_ASSERT(
        isnan(energy_of("{'task_sets': [{'name': 'a', 'duration': 1}]}",
                        "{'nodes': [{'cores': 8, 'power': {'idle': 100}}, {'cores': 8}]}", 0, 0)));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(busy_cores_and_gpus_add_to_idle_nodes),
        UNIT_TEST(each_kind_of_node_draws_its_own),
        UNIT_TEST(threads_are_parts_of_cores),
        UNIT_TEST(cut_work_draws_too),
        UNIT_TEST(without_watts_there_is_no_energy),
        { NULL, NULL },
    };
    return unit_run("power", tests);
}
