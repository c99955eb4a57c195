/* Sets of a workflow in a session. Oracle: by hand. */
#include "validation/set_match.h"

#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

/* Two rounds of 4 simulations and a training as one pipeline of EnTK records them: each stage after
 * the one before. */
static const char recorded[] =
    "{'task_sets': [{'name': 'Sim.1', 'label': 'Sim', 'tasks': 4, 'cores': 2, 'duration': 100}, "
    "{'name': 'train', 'cores': 1, 'duration': 10}, "
    "{'name': 'Sim.2', 'label': 'Sim', 'tasks': 4, 'cores': 2, 'duration': 102}, "
    "{'name': 'Train.2', 'cores': 1, 'duration': 10}], "
    "'pipelines': [{'name': 'p', 'stages': [['Sim.1'], ['train'], ['Sim.2'], ['Train.2']]}]}";
static const char meant[] =
    "{'iterations': 2, 'task_sets': [{'name': 'simulate', 'tasks': 4, 'cores': 2, 'duration': "
    "100}, "
    "{'name': 'train', 'cores': 1, 'duration': 10, 'after': ['simulate']}]}";

struct pair {
    struct workflow *session, *given;
    struct platform *platform;
    struct set_match match;
    struct error err;
    int status;
};

static struct pair matched(const char *session, const char *given)
{
    struct pair p = { given_workflow(session), given_workflow(given),
                      given_platform("{'nodes': [{'cores': 8}]}"), { 0 }, { "" }, 0 };
    p.status = set_match(&p.match, p.session, p.given, p.platform, &p.err);
    return p;
}

static void clear(struct pair *p)
{
    set_match_clear(&p->match);
    workflow_free(p->session);
    workflow_free(p->given);
    platform_free(p->platform);
}

/* Train.2 is train.2 but for case; train.1 and both simulations have their shape and order alone.
 */
static void names_go_before_shapes_and_shapes_keep_their_order(void)
{
    struct pair p = matched(recorded, meant);
    static const char *const expected[][2] = { { "Sim.1", "simulate.1" },
                                               { "train", "train.1" },
                                               { "Sim.2", "simulate.2" },
                                               { "Train.2", "train.2" } };
    CU_ASSERT_EQUAL_FATAL(p.status, 0);
    for (int k = 0; k < 4; k++) {
        CU_ASSERT_STRING_EQUAL(p.session->sets[k].name, expected[k][0]);
        CU_ASSERT_STRING_EQUAL(p.given->sets[p.match.given_of[k]].name, expected[k][1]);
        CU_ASSERT_EQUAL(p.match.session_of[p.match.given_of[k]], k);
    }
    CU_ASSERT_EQUAL(p.match.by[3], MATCH_NAME);
    CU_ASSERT_EQUAL(p.match.by[0], MATCH_SHAPE);
    unit_near(p.match.worst_share, 2 / 102.0, 1e-12);
    clear(&p);
}

/* The session's chain of four becomes two chains of two; its tasks keep their numbers and
 * durations. */
static void dependencies_become_the_true_ones(void)
{
    struct pair p = matched(recorded, meant);
    CU_ASSERT_EQUAL_FATAL(p.status, 0);
    CU_ASSERT_EQUAL(p.session->sets[2].n_dependencies, 1);
    CU_ASSERT_EQUAL(p.session->sets[2].dependencies[0].parent, 1);
    set_match_take_order(p.session, p.given, &p.match);
    CU_ASSERT_EQUAL(p.session->sets[0].n_dependencies, 0);
    CU_ASSERT_EQUAL(p.session->sets[2].n_dependencies, 0);
    CU_ASSERT_EQUAL_FATAL(p.session->sets[1].n_dependencies, 1);
    CU_ASSERT_EQUAL(p.session->sets[1].dependencies[0].parent, 0);
    CU_ASSERT_EQUAL_FATAL(p.session->sets[3].n_dependencies, 1);
    CU_ASSERT_EQUAL(p.session->sets[3].dependencies[0].parent, 2);
    CU_ASSERT_EQUAL(p.session->n_pipelines, 0);
    CU_ASSERT_EQUAL(p.session->sets[2].iteration, 2);
    CU_ASSERT_EQUAL(p.session->sets[2].first_task, 5);
    unit_near(dist_mean(p.session->sets[2].duration), 102, 0);
    clear(&p);
}

static void is_refused(const char *given, const char *sentence)
{
    struct pair p = matched(recorded, given);
    CU_ASSERT_EQUAL(p.status, -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(p.err.text, sentence));
    if (!strstr(p.err.text, sentence))
        printf("got: %s\n", p.err.text);
    clear(&p);
}

static void what_has_no_counterpart_is_refused(void)
{
    is_refused("{'task_sets': [{'name': 'a', 'duration': 1}]}",
               "the workflow has 1 task sets, the session 4");
    is_refused(
        "{'iterations': 2, 'task_sets': [{'name': 'simulate', 'tasks': 4, 'cores': 3, 'duration': "
        "100}, "
        "{'name': 'train', 'duration': 10}]}",
        "set 'simulate.1' (4 tasks of 3 cores) of the workflow has no counterpart in the session");
    is_refused("{'task_sets': [{'name': 'Sim.1', 'tasks': 5, 'cores': 2, 'duration': 100}, "
               "{'name': 'b', 'tasks': 4, 'cores': 2, 'duration': 9}, "
               "{'name': 'c', 'duration': 9}, {'name': 'd', 'duration': 9}]}",
               "set 'Sim.1' has 5 tasks in the workflow, 'Sim.1' has 4 in the session");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(names_go_before_shapes_and_shapes_keep_their_order),
        UNIT_TEST(dependencies_become_the_true_ones),
        UNIT_TEST(what_has_no_counterpart_is_refused),
        { NULL, NULL }
    };
    return unit_run("set_match", tests);
}
