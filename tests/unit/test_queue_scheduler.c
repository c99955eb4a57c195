/* The queue scheduler by its events and decisions: orders, attempts, what is cancelled, runs
 * already or lies on a drained node, looks, many kinds. Where tasks go, and rules that reserve:
 * unit.placement, unit.easy, unit.conservative; all of it at random: oracle.plain_decisions. */
#include "scheduling/dispatch.h"

#include <math.h>
#include <stdio.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct world {
    struct workflow *workflow;
    struct platform *platform;
    struct dispatch *dispatch;
    uint32_t grants[64];                 /* of what the last pass started */
    size_t n;
};

static struct world world_of(const char *workflow, const char *platform,
                             struct scheduler_options options)
{
    struct world w = { .workflow = given_workflow(workflow), .platform = given_platform(platform) };
    struct error err = { "" };
    options.order = options.order ? options.order : "arrival";
    options.overtake = options.overtake ? options.overtake : "backfill";
    options.placement = options.placement ? options.placement : "first_fit";
    w.dispatch = dispatch_new(w.workflow, w.platform, &options, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(w.dispatch);
    return w;
}

static void world_clear(struct world *w)
{
    dispatch_free(w->dispatch);
    workflow_free(w->workflow);
    platform_free(w->platform);
}

/* "SET.TASK#ATTEMPT ": what a pass starts. */
static struct str pass(struct world *w, double now_s)
{
    struct str text = { 0 };
    const struct decision *got = dispatch_pass(w->dispatch, now_s, &w->n, NULL);
    str_add(&text, "");
    for (size_t i = 0; i < w->n; i++) {
        str_addf(&text, "%u.%u#%u ", got[i].set, got[i].task, got[i].attempt);
        w->grants[i] = got[i].grant;
    }
    return text;
}

static void starts(struct world *w, double now_s, const char *expected)
{
    struct str text = pass(w, now_s);
    const char *got = text.text ? text.text : "";
    CU_ASSERT_STRING_EQUAL(got, expected);
    if (!str_equal(got, expected))
        printf("    at %g s: '%s', not '%s'\n", now_s, got, expected);
    str_clear(&text);
}

static void free_all(struct world *w)
{
    for (size_t i = 0; i < w->n; i++)
        dispatch_freed(w->dispatch, w->grants[i]);
}

static const char three_sizes[] = "{'task_sets': [{'name': 'a', 'cores': 1, 'tasks': 9, "
                                  "'duration': 5}, {'name': 'b', 'cores': 4, 'tasks': 9, "
                                  "'duration': 3}, {'name': 'c', 'cores': 2, 'tasks': 9, "
                                  "'duration': 9}]}";
static const char four_cores[] = "{'nodes': [{'cores': 4}]}";

/* Of equal ones the first to arrive. */
static void the_first_by_the_order_starts_first(void)
{
    static const struct { const char *order, *first, *second; } known[] = {
        { "arrival", "0.0#0 2.0#0 0.1#0 ", "1.0#0 " },
        { "largest", "1.0#0 ", "2.0#0 2.1#0 " },
        { "smallest", "0.0#0 0.1#0 2.0#0 ", "2.1#0 " },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct world w = world_of(three_sizes, four_cores,
                                  (struct scheduler_options){ .order = known[i].order });
        dispatch_ready(w.dispatch, 0, 0, 1, 0);
        dispatch_ready(w.dispatch, 2, 0, 1, 0);
        dispatch_ready(w.dispatch, 1, 0, 1, 0);
        dispatch_ready(w.dispatch, 0, 1, 1, 0);
        dispatch_ready(w.dispatch, 2, 1, 1, 0);
        starts(&w, 0, known[i].first);
        free_all(&w);
        starts(&w, 1, known[i].second);
        world_clear(&w);
    }
}

/* The order `random` draws a number for each task of each replica. */
static void random_orders_are_those_of_their_replica(void)
{
    struct world w = world_of("{'task_sets': [{'name': 'a', 'tasks': 60, 'duration': 1}]}",
                              "{'nodes': [{'cores': 60}]}",
                              (struct scheduler_options){ .order = "random" });
    struct str text[3];
    for (uint32_t i = 0; i < 3; i++) {
        dispatch_reset(w.dispatch, 5, i / 2);
        dispatch_ready(w.dispatch, 0, 0, 60, 0);
        text[i] = pass(&w, 0);
        unit_near((double)w.n, 60, 0);
    }
    CU_ASSERT_STRING_EQUAL(text[0].text, text[1].text);
    CU_ASSERT_STRING_NOT_EQUAL(text[0].text, text[2].text);
    for (int i = 0; i < 3; i++)
        str_clear(&text[i]);
    world_clear(&w);
}

static void none_passes_who_waits_unless_the_rule_says_so(void)
{
    static const struct { const char *overtake, *second; } known[] = {
        { "none", "" }, { "backfill", "0.1#0 0.2#0 " }
    };
    for (size_t i = 0; i < 2; i++) {
        struct world w = world_of(three_sizes, four_cores,
                                  (struct scheduler_options){ .overtake = known[i].overtake });
        dispatch_ready(w.dispatch, 0, 0, 1, 0);
        dispatch_ready(w.dispatch, 2, 0, 1, 0);
        starts(&w, 0, "0.0#0 2.0#0 ");
        dispatch_freed(w.dispatch, w.grants[0]);
        dispatch_ready(w.dispatch, 1, 0, 1, 0);
        dispatch_ready(w.dispatch, 0, 1, 2, 0);
        starts(&w, 1, known[i].second);
        world_clear(&w);
    }
}

static void attempts_come_back_with_their_number(void)
{
    struct world w = world_of(three_sizes, four_cores, (struct scheduler_options){ 0 });
    dispatch_ready(w.dispatch, 1, 3, 1, 0);
    starts(&w, 0, "1.3#0 ");
    dispatch_ready(w.dispatch, 1, 4, 1, 0);
    free_all(&w);
    dispatch_ready(w.dispatch, 1, 3, 1, 1);
    starts(&w, 1, "1.4#0 ");
    free_all(&w);
    starts(&w, 2, "1.3#1 ");
    world_clear(&w);
}

static void what_is_cancelled_never_starts(void)
{
    struct world w = world_of(three_sizes, four_cores, (struct scheduler_options){ 0 });
    dispatch_ready(w.dispatch, 1, 0, 1, 0);
    starts(&w, 0, "1.0#0 ");
    dispatch_ready(w.dispatch, 0, 0, 5, 0);
    dispatch_ready(w.dispatch, 2, 0, 2, 0);
    unit_near((double)dispatch_waiting(w.dispatch), 7, 0);
    unit_near((double)dispatch_cancel_waiting(w.dispatch), 7, 0);
    unit_near((double)dispatch_waiting(w.dispatch), 0, 0);
    free_all(&w);
    starts(&w, 1, "");
    dispatch_ready(w.dispatch, 2, 2, 1, 0);
    starts(&w, 2, "2.2#0 ");
    world_clear(&w);
}

static void a_reset_frees_all_and_forgets_all(void)
{
    struct world w = world_of(three_sizes, four_cores, (struct scheduler_options){ 0 });
    for (uint32_t replica = 0; replica < 3; replica++) {
        dispatch_reset(w.dispatch, 1, replica);
        dispatch_ready(w.dispatch, 1, 0, 2, 0);
        starts(&w, 0, "1.0#0 ");
        unit_near((double)dispatch_waiting(w.dispatch), 1, 0);
    }
    world_clear(&w);
}

static void what_runs_already_keeps_its_slots(void)
{
    struct world w = world_of(three_sizes, four_cores, (struct scheduler_options){ 0 });
    const uint16_t slots[] = { 1, 3 };
    const struct pool_part part = { 0, 1, 2, 0, slots, NULL };
    dispatch_reset(w.dispatch, 0, 0);
    uint32_t grant = dispatch_runs(w.dispatch, 2, &part, 1, -4);
    dispatch_ready(w.dispatch, 1, 0, 1, 0);
    dispatch_ready(w.dispatch, 2, 1, 2, 0);
    starts(&w, 0, "2.1#0 ");
    struct grant_part left = pool_grant_part(dispatch_pool(w.dispatch), w.grants[0]);
    unit_near((double)grant_part_slots(&left, 0), 0x5, 0);
    free_all(&w);
    dispatch_freed(w.dispatch, grant);
    starts(&w, 1, "1.0#0 ");
    world_clear(&w);
}

static void a_drained_node_starts_none_until_it_returns(void)
{
    struct world w = world_of(three_sizes, "{'nodes': [{'count': 2, 'cores': 4}]}",
                              (struct scheduler_options){ 0 });
    dispatch_ready(w.dispatch, 1, 0, 5, 0);
    starts(&w, 0, "1.0#0 1.1#0 ");
    dispatch_drain_node(w.dispatch, 0);
    free_all(&w);
    starts(&w, 1, "1.2#0 ");
    dispatch_return_node(w.dispatch, 0);
    starts(&w, 2, "1.3#0 ");
    world_clear(&w);
}

/* Between looks, every 10 s, nobody passes the first; the next look is asked for while it can find
 * something. */
static void tasks_overtake_at_looks_only(void)
{
    struct world w = world_of(three_sizes, four_cores, (struct scheduler_options){
                                                           .overtake_every = { true, 10 } });
    dispatch_ready(w.dispatch, 2, 0, 1, 0);
    dispatch_ready(w.dispatch, 1, 0, 1, 0);
    dispatch_ready(w.dispatch, 0, 0, 1, 0);
    starts(&w, 0, "2.0#0 0.0#0 ");                       /* 0 is a look */
    CU_ASSERT(isinf(dispatch_look_s(w.dispatch)));
    dispatch_ready(w.dispatch, 0, 1, 1, 0);
    starts(&w, 3, "");
    unit_near(dispatch_look_s(w.dispatch), 10, 0);
    starts(&w, 10, "0.1#0 ");
    world_clear(&w);
}

/* ---- many kinds: far more than are looked at one by one ---- */

enum { KINDS = 60, CORES = 64 };

static struct workflow *unlike_sets(void)
{
    struct str text = { 0 };
    str_add(&text, "{'task_sets': [");
    for (int k = 0; k < KINDS; k++)
        str_addf(&text, "%s{'name': 's%d', 'cores': %d, 'tasks': 50, 'duration': 1}",
                 k ? ", " : "", k, k + 1);
    str_add(&text, "]}");
    struct workflow *w = given_workflow(text.text);
    str_clear(&text);
    return w;
}

/* A plain list: in order of arrival, whoever fits; with `none` up to the first who does not. */
static struct str plain_pass(uint32_t *waiting, size_t *n, int *free_cores, bool passes)
{
    struct str text = { 0 };
    size_t left = 0;
    bool goes_on = true;
    str_add(&text, "");
    for (size_t i = 0; i < *n; i++) {
        int cores = (int)(waiting[i] / 50) + 1;
        bool fits = goes_on && cores <= *free_cores;
        goes_on &= fits || passes;
        *free_cores -= fits ? cores : 0;
        if (fits)
            str_addf(&text, "%u.%u#0 ", waiting[i] / 50, waiting[i] % 50);
        else
            waiting[left++] = waiting[i];
    }
    *n = left;
    return text;
}

/* Each round a few or many arrive, of any kind, and all that ran has ended. */
static void many_kinds_are_one_queue(void)
{
    for (int passes = 0; passes < 2; passes++) {
        struct error err = { "" };
        struct scheduler_options options = { .order = "arrival", .placement = "first_fit",
                                             .overtake = passes ? "backfill" : "none" };
        struct world w = { .workflow = unlike_sets(),
                           .platform = given_platform("{'nodes': [{'cores': 64}]}") };
        uint32_t waiting[KINDS * 50], arrived[KINDS] = { 0 };
        size_t n = 0, started = 0;
        w.dispatch = dispatch_new(w.workflow, w.platform, &options, &err);
        for (uint64_t round = 0; round < 400; round++) {
            for (int i = given_choice(3, 100 * round, 0, round % 20 ? 3 : 40); i > 0; i--) {
                uint32_t k = (uint32_t)given_choice(3, 100 * round + (uint64_t)i, 0, KINDS - 1);
                if (arrived[k] == 50)
                    continue;
                dispatch_ready(w.dispatch, k, arrived[k], 1, 0);
                waiting[n++] = 50 * k + arrived[k]++;
            }
            int free_cores = CORES;
            free_all(&w);
            struct str expected = plain_pass(waiting, &n, &free_cores, passes);
            starts(&w, (double)round, expected.text);
            started += w.n;
            str_clear(&expected);
        }
        unit_is(started, >, 300);
        world_clear(&w);
    }
}

static void what_it_cannot_do_is_one_sentence(void)
{
    static const struct { struct scheduler_options o; const char *sentence; } wrong[] = {
        { { .order = "larges", .overtake = "none", .placement = "first_fit" },
          "larges: no such order; `dagcast list` shows them" },
        { { .order = "largest", .overtake = "never", .placement = "first_fit" },
          "never: no such overtake; `dagcast list` shows them" },
        { { .order = "largest", .overtake = "none", .placement = "fit" },
          "fit: no such placement; `dagcast list` shows them" },
        { { .order = "arrival", .overtake = "easy", .placement = "first_fit" },
          "overtake easy reserves no named resources, and task sets ask for some; use another "
          "one" },
    };
    struct workflow *w = given_workflow("{'task_sets': [{'name': 'a', 'duration': 1, "
                                        "'resources': [{'name': 'licence'}]}]}");
    struct platform *p = given_platform("{'nodes': [{'cores': 4}], "
                                        "'resources': [{'name': 'licence', 'amount': 2}]}");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error err = { "" };
        CU_ASSERT_PTR_NULL(dispatch_new(w, p, &wrong[i].o, &err));
        CU_ASSERT_STRING_EQUAL(err.text, wrong[i].sentence);
    }
    workflow_free(w);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_first_by_the_order_starts_first),
        UNIT_TEST(random_orders_are_those_of_their_replica),
        UNIT_TEST(none_passes_who_waits_unless_the_rule_says_so),
        UNIT_TEST(attempts_come_back_with_their_number),
        UNIT_TEST(what_is_cancelled_never_starts),
        UNIT_TEST(a_reset_frees_all_and_forgets_all),
        UNIT_TEST(what_runs_already_keeps_its_slots),
        UNIT_TEST(a_drained_node_starts_none_until_it_returns),
        UNIT_TEST(tasks_overtake_at_looks_only),
        UNIT_TEST(many_kinds_are_one_queue),
        UNIT_TEST(what_it_cannot_do_is_one_sentence),
        { NULL, NULL },
    };
    return unit_run("queue_scheduler", tests);
}
