#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "num/stats.h"
#include "tests/support/scratch.h"
#include "tests/support/session_world.h"
#include "tests/support/unit.h"
#include "traces/session_workflow.h"

static const double clock_s = 2e-6;

struct loaded {
    char *folder;
    struct world world;
    struct session_writer writer;
    struct session *session;
};

static struct loaded load(const char *json, bool entk, bool sleeps)
{
    struct loaded l = { .folder = scratch_new(), .world = session_world_new(json) };
    for (size_t k = 0; k < l.world.workflow->n_sets;
         k++) { /* sleeps ask for what the set lasts on the mean, and a bit */
        struct task_set *set = &l.world.workflow->sets[k];
        set->durations = calloc(set->n_tasks, sizeof *set->durations);
        CU_ASSERT_PTR_NOT_NULL_FATAL(set->durations);
        for (uint32_t i = 0; i < set->n_tasks; i++)
            set->durations[i] = dist_mean(set->duration) - 0.5 + 0.25 * i;
    }
    l.writer = (struct session_writer){ .timeline = l.world.timeline, .dialect = DIALECT_TASK,
                                        .entk = entk, .sleeps = sleeps };
    if (!entk)
        l.writer.dialect = DIALECT_RANK;
    l.session = session_world_load(l.folder, &l.writer);
    return l;
}

static void unload(struct loaded *l)
{
    session_free(l->session);
    world_clear(&l->world);
    scratch_free(l->folder);
}

static void each_level_sees_its_durations(void)
{
    struct loaded l = load(session_world_staged, true, true);
    struct error err = { "" };
    size_t imputed = 9;
    struct workflow *requested = session_workflow(l.session, INFORMATION_REQUESTED, &imputed, &err);
    struct workflow *measured = session_workflow(l.session, INFORMATION_MEASURED, NULL, &err);
    struct workflow *description = session_workflow(l.session, INFORMATION_DESCRIPTION, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(requested);
    CU_ASSERT_PTR_NOT_NULL_FATAL(measured);
    CU_ASSERT_PTR_NOT_NULL_FATAL(description);
    CU_ASSERT_EQUAL(imputed, 0);
    for (size_t k = 0; k < 3; k++) {
        const struct task_set *truth = &l.world.workflow->sets[k];
        double mean = 0;
        for (uint32_t i = 0; i < truth->n_tasks;
             i++) { /* tasks arrived in their own order: index is index */
            double ran = dist_mean(truth->duration) + 0.001 * (truth->first_task + i);
            unit_alike(requested->sets[k].durations[i], truth->durations[i], 1e-15);
            unit_is(fabs(measured->sets[k].durations[i] - ran), <, clock_s);
            mean += truth->durations[i] / truth->n_tasks;
        }
        CU_ASSERT_PTR_NULL(description->sets[k].durations);
        CU_ASSERT_STRING_EQUAL(dist_family(description->sets[k].duration), "normal");
        unit_alike(dist_mean(description->sets[k].duration), mean, 1e-9);
    }
    unit_must_be(requested->n_pipelines, ==, 2);
    unit_is(requested->pipelines[1].n_after, ==, 1);
    workflow_free(requested);
    workflow_free(measured);
    workflow_free(description);
    unload(&l);
}

/* Measured durations without requests: the same mean and sd, stragglers farther out than a
 * normal's. */
static void measured_moments_have_stragglers(void)
{
    struct loaded l = load(session_world_staged, true, true);
    for (size_t i = 0; i < l.session->timeline->n; i++)
        l.session->tasks[i].requested_s = NAN;
    struct error err = { "" };
    struct workflow *w = session_workflow(l.session, INFORMATION_DESCRIPTION, NULL, &err);
    struct workflow *measured = session_workflow(l.session, INFORMATION_MEASURED, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_PTR_NOT_NULL_FATAL(measured);
    size_t varying = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct dist *d = w->sets[k].duration;
        struct stats_summary s =
            stats_summarise(measured->sets[k].durations, measured->sets[k].n_tasks);
        unit_near(dist_mean(d), s.mean, 1e-6);
        if (!(s.sd > 1e-6 * s.mean) || s.sd > 0.3 * s.mean)
            continue;
        varying++;
        unit_near(dist_sd(d), s.sd, 1e-6 * s.mean);
        unit_is(dist_quantile(d, 0.999), >, s.mean + 4 * s.sd); /* a normal's: 3.1 */
        unit_is(dist_quantile(d, 0.001), <, s.mean - 2 * s.sd);
    }
    unit_is(varying, >, 0);
    workflow_free(w);
    workflow_free(measured);
    unload(&l);
}

static void arrivals_are_releases_and_nothing_else(void)
{
    struct loaded l = load(session_world_staged, true, true);
    static const double after_first_s[] = { 0, 36.5, 59.5 };
    struct workflow *w = session_workflow(l.session, INFORMATION_ARRIVALS, NULL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    unit_is(w->n_pipelines, ==, 0);
    unit_is(w->n_stages, ==, 0);
    for (size_t k = 0; k < 3; k++) {
        CU_ASSERT_EQUAL(w->sets[k].n_dependencies, 0);
        CU_ASSERT_EQUAL_FATAL(w->sets[k].release.kind, RELEASE_LIST);
        for (uint32_t i = 0; i < w->sets[k].n_tasks; i++)
            unit_is(fabs(w->sets[k].release.list_s[i] - after_first_s[k]), <, clock_s);
    }
    workflow_free(w);
    unload(&l);
}

static void inferred_edges_survive_every_other_level(void)
{
    struct loaded l = load(session_world_bare, false, false);
    for (int level = INFORMATION_DESCRIPTION; level < INFORMATION_ARRIVALS; level++) {
        struct error err = { "" };
        struct workflow *w = session_workflow(l.session, (enum information)level, NULL, &err);
        /* `work` asks for no duration */
        CU_ASSERT_EQUAL(w == NULL, level == INFORMATION_REQUESTED);
        CU_ASSERT_EQUAL(strstr(err.text, "ask for no duration") != NULL,
                        level == INFORMATION_REQUESTED);
        CU_ASSERT_EQUAL(w ? workflow_edge_count(w) : 2, 2);
        workflow_free(w);
    }
    unload(&l);
}

static void the_unmeasured_take_the_mean_of_their_set(void)
{
    char *folder = scratch_new();
    struct world w = world_new(session_world_staged, session_world_platform);
    for (uint32_t i = 0; i < 4; i++)
        session_world_ran(&w, 0, i, 50, 0, i == 2 ? TASK_CUT : TASK_DONE);
    struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_TASK,
                                     .entk = true };
    struct session *s = session_world_load(folder, &writer);
    size_t imputed = 0;
    struct workflow *measured = session_workflow(s, INFORMATION_MEASURED, &imputed, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(measured);
    CU_ASSERT_EQUAL(imputed, 1);
    /* of 0, 1 and 3 ms */
    unit_is(fabs(measured->sets[0].durations[2] - (30.25 + 0.004 / 3)), <, clock_s);
    workflow_free(measured);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void the_critical_path_is_the_longest_of_each_stage(void)
{
    struct loaded staged = load(session_world_staged, true, true),
                  bare = load(session_world_bare, false, true);
    double longest = (30.25 - 0.5 + 0.75) + (12.5 - 0.5 + 0.5) + (7.125 - 0.5 + 0.25);
    unit_alike(session_critical_path_s(staged.session), longest, 1e-12);
    unit_alike(session_critical_path_s(bare.session), longest, 1e-12);
    unload(&staged);
    unload(&bare);
}

/* What --write-workflow and --write-platform write is what can be run. */
static void what_is_written_is_read_back(void)
{
    for (int entk = 0; entk < 2; entk++) {
        struct loaded l = load(entk ? session_world_staged : session_world_bare, entk, true);
        for (int level = 0; level < INFORMATION_LEVELS; level++) {
            struct error err = { "" };
            struct workflow *w = session_workflow(l.session, (enum information)level, NULL, &err);
            cJSON *tree = workflow_to_json(w);
            char *text = json_print(tree);
            struct workflow *again = workflow_parse(text, strlen(text), "written", &err);
            CU_ASSERT_STRING_EQUAL(err.text, "");
            CU_ASSERT_PTR_NOT_NULL_FATAL(again);
            unit_is(again->n_tasks, ==, w->n_tasks);
            unit_is(again->n_pipelines, ==, w->n_pipelines);
            CU_ASSERT_EQUAL(workflow_edge_count(again), workflow_edge_count(w));
            for (size_t k = 0; k < w->n_sets; k++)
                for (uint32_t i = 0; w->sets[k].durations && i < w->sets[k].n_tasks; i++)
                    CU_ASSERT_EQUAL(again->sets[k].durations[i], w->sets[k].durations[i]);
            workflow_free(again);
            free(text);
            cJSON_Delete(tree);
            workflow_free(w);
        }
        cJSON *tree = platform_to_json(l.session->platform);
        char *text = json_print(tree);
        struct json_document *doc = json_parse(text, strlen(text), "platform", NULL);
        struct json root = json_root(doc);
        struct platform *again = platform_from_json(&root, NULL);
        CU_ASSERT_PTR_NOT_NULL_FATAL(again);
        CU_ASSERT_EQUAL(platform_usable_slots(again), platform_usable_slots(l.session->platform));
        platform_free(again);
        json_free(doc);
        free(text);
        cJSON_Delete(tree);
        unload(&l);
    }
}

static void moved_output_is_a_phase_without_slots(void)
{
    struct loaded l = load(session_world_staged, true, true);
    struct error err = { "" };
    l.session->tasks[0].staged_out_s = 2.385;
    int set = l.session->tasks[0].set;
    struct workflow *w = session_workflow(l.session, INFORMATION_REQUESTED, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    const struct task_set *of = &w->sets[set];
    CU_ASSERT_EQUAL_FATAL(phases_count(of), 2);
    CU_ASSERT(phases_is_duration(phases_at(of, 0)));
    CU_ASSERT_EQUAL(phases_at(of, 1)->staging, STAGING_OUTSIDE);
    unit_near(dist_mean(phases_at(of, 1)->compute), 2.385 / of->n_tasks, 1e-9);
    for (int k = 0; k < (int)w->n_sets; k++)
        if (k != set)
            unit_is(phases_count(&w->sets[k]), ==, 0);
    workflow_free(w);
    unload(&l);
}

static void levels_have_names(void)
{
    for (int i = 0; i < INFORMATION_LEVELS; i++)
        CU_ASSERT_EQUAL(information_find(information_name((enum information)i)), i);
    CU_ASSERT_EQUAL(information_find("guess"), -1);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_level_sees_its_durations),
        UNIT_TEST(measured_moments_have_stragglers),
        UNIT_TEST(arrivals_are_releases_and_nothing_else),
        UNIT_TEST(inferred_edges_survive_every_other_level),
        UNIT_TEST(the_unmeasured_take_the_mean_of_their_set),
        UNIT_TEST(the_critical_path_is_the_longest_of_each_stage),
        UNIT_TEST(what_is_written_is_read_back),
        UNIT_TEST(moved_output_is_a_phase_without_slots),
        UNIT_TEST(levels_have_names),
        { NULL, NULL },
    };
    return unit_run("session_workflow", tests);
}
