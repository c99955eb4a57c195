#include "traces/platform_fit.h"

#include <stdlib.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

/* A session of one task set, fitted; the platform and the demand that came out. */
static void fit(const char *set, const char *nodes, struct platform **platform,
                struct demand *demand)
{
    char *w = str_format(
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 2, \"duration\": 5, %s}]}",
        set);
    char *p = str_format("{\"name\": \"p\", \"nodes\": [%s]}", nodes);
    struct world world = world_new(w, p);
    struct session *s = session_new("s", "s", "none");
    struct error err = { "" };
    s->workflow = world.workflow;
    s->platform = platform_copy(world.platform);
    platform_fit(s);
    CU_ASSERT_EQUAL(platform_check(s->platform, s->workflow, &err), 0);
    *platform = s->platform;
    *demand = s->workflow->sets[0].traits->demand;
    s->workflow = NULL;
    s->platform = NULL;
    session_free(s);
    world_clear(&world);
    free(w);
    free(p);
}

static void a_platform_holds_what_ran_on_it(void)
{
    static const struct {
        const char *set, *nodes;
        int slots, gpus;
        size_t n_nodes;
        int ranks;
    } cases[] = {
        /* as it is */
        { "\"cores\": 8", "{\"count\": 3, \"cores\": 8}", 8, 0, 3, 1 },
        { "\"cores\": 32", "{\"count\": 3, \"cores\": 8}", 32, 0, 3, 1 },
        { "\"cores\": 2, \"gpus\": 3", "{\"count\": 1, \"cores\": 8, \"gpus\": 1}", 8, 3, 1, 1 },
        { "\"cores\": 6", "{\"count\": 1, \"cores\": 8, \"blocked\": [0, 5, 7]}", 9, 0, 1, 1 },
        { "\"cores\": 8, \"ranks\": 5", "{\"count\": 2, \"cores\": 16}", 16, 0, 3, 5 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct platform *p;
        struct demand d;
        fit(cases[i].set, cases[i].nodes, &p, &d);
        CU_ASSERT_EQUAL(platform_node(p, 0)->n_slots, cases[i].slots);
        CU_ASSERT_EQUAL(platform_node(p, 0)->n_gpus, cases[i].gpus);
        CU_ASSERT_EQUAL(p->n_nodes, cases[i].n_nodes);
        CU_ASSERT_EQUAL(d.ranks, cases[i].ranks);
        platform_free(p);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(a_platform_holds_what_ran_on_it),
                                              { NULL, NULL } };
    return unit_run("platform_fit", tests);
}
