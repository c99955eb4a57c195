/* The client's way from ready tasks to the agent. Oracle: times worked out by hand from constant
 * parameters. */
#include "sim/simulate.h"

#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

static struct ran run(const char *workflow, const char *middleware)
{
    return ran_texts(&(struct ran_scenario){
        .workflow = workflow, .platform = "{'nodes': [{'cores': 4}]}", .middleware = middleware,
        .mode = MODE_ASYNCHRONOUS, .seed = 7,
        .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" } });
}

static double start_of(const struct ran *r, uint32_t task)
{
    return ran_record(r, task)->started_s;
}

/* Of bulks of at most n tasks: each is created while the one before is on its way; what is ready
 * together has one base. */
static void a_client_submits_what_is_ready_in_bulks(void)
{
    static const struct { const char *profile; double last_s; } cases[] = {
        { "{'stations': {'client': {'base': 2, 'open_task': 0.5, 'bulk': 1}}}", 3 * 0.5 },
        /* 3 and 1 */
        { "{'stations': {'client': {'base': 2, 'open_task': 0.5, 'bulk': 3}}}", 0.5 },
        { "{'stations': {'client': {'base': 2, 'open_task': 0.5}}}", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ran r = run("{'task_sets': [{'name': 'a', 'tasks': 4, 'duration': 10}, "
                           "{'name': 'b', 'duration': 1, 'after': ['a']}]}", cases[i].profile);
        unit_near(start_of(&r, 3) - start_of(&r, 0), cases[i].last_s, 1e-9);
        unit_near(r.out.makespan_s, 10 + cases[i].last_s + 2 + 0.5 + 1, 1e-9);
        ran_clear(&r);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(a_client_submits_what_is_ready_in_bulks),
                                              { NULL, NULL } };
    return unit_run("client", tests);
}
