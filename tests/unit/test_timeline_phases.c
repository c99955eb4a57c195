/* Phases of a timeline: kept through copies, sorting and the CSV, and checked. */
#include "core/timeline_phases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char machine[] =
    "{'nodes': [{'count': 2, 'cores': 8}], 'flows': [{'name': 'scratch', 'rate': 100}, {'name': "
    "'nvme', 'rate': 50, 'per': 'node'}], 'resources': [{'name': 'licence', 'amount': 3, 'per': "
    "'machine'}, {'name': 'buffer', 'amount': 4}]}";
static const char reading[] =
    "{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': 10, 'input': {'flow': "
    "'scratch', 'amount': 500}}]}";

static void add(struct world *w, enum phase_kind kind, const char *flow, double from_s, double to_s,
                double amount)
{
    uint16_t name = flow ? timeline_name_flow(w->timeline, flow) : 0;
    timeline_add_phase(w->timeline, &(struct timeline_phase){ .from_s = from_s,
                                                              .to_s = to_s,
                                                              .amount = amount,
                                                              .name = name,
                                                              .full_rate = flow ? 100 : NAN,
                                                              .kind = (uint8_t)kind });
}

/* Two tasks read 500 MiB each at 100 MiB/s together, then compute 10 s. */
static struct world shared(double amount, double read_until_s)
{
    struct world w = world_new(reading, machine);
    for (uint32_t t = 0; t < 2; t++) {
        world_ran_on(&w, 0, t, 0, read_until_s + 10,
                     (struct world_place){ 0, (int)(2 * t), 2, -1 });
        add(&w, PHASE_MOVES, "scratch", 0, read_until_s, amount);
        add(&w, PHASE_COMPUTES, NULL, read_until_s, read_until_s + 10, 10);
    }
    return w;
}

static void checked(struct world *w, const char *expected)
{
    struct error err = { "" };
    int status = timeline_check(w->timeline, &err);
    CU_ASSERT_EQUAL(status, *expected ? -1 : 0);
    CU_ASSERT_STRING_EQUAL(err.text, expected);
    world_clear(w);
}

static void a_flow_serves_its_rate(void)
{
    struct world w = shared(500, 10);
    checked(&w, "");
    w = shared(510, 10);
    checked(&w, "flow 'scratch': serves 1020 from 0 to 10 s, while its rate gives 1000");
    w = shared(490, 10);
    checked(&w, "flow 'scratch': serves 980 from 0 to 10 s, while its rate gives 1000");
    w = shared(500, 4.5);
    checked(&w, "a[0]: takes 500 of flow 'scratch' in 4.5 s, alone it would need 5 s");
}

static void phases_are_those_of_the_set(void)
{
    struct world w = world_new(reading, machine);
    for (uint32_t t = 0; t < 2; t++) {
        world_ran_on(&w, 0, t, 0, 20, (struct world_place){ 0, (int)(2 * t), 2, -1 });
        add(&w, PHASE_COMPUTES, NULL, 0, 20, 10);
    }
    checked(&w, "a[0]: its phase 1 is not that of its task set");
    w = world_new(reading, machine);
    world_ran_on(&w, 0, 0, 0, 20, (struct world_place){ 0, 0, 2, -1 });
    add(&w, PHASE_MOVES, "scratch", 0, 10, 500);
    world_ran_on(&w, 0, 1, 0, 20, (struct world_place){ 0, 2, 2, -1 });
    checked(&w, "a[0]: is done, but has 1 of its 2 phases");
    w = shared(500, 10);
    struct timeline_phase *p;
    timeline_phases_of(w.timeline, 0, &p);
    p[1].from_s = 9;
    checked(&w, "a[0]: its phase 2 begins at 9 s, before the one before has ended at 10 s");
    w = shared(500, 10);
    timeline_phases_of(w.timeline, 1, &p);
    p[1].to_s = 21;
    checked(&w, "a[1]: has a phase from 10 to 21 s, but ran from 0 to 20 s");
}

/* Each node's flow is its own: 250 MiB at 50 MiB/s on either node. */
static void nodes_have_flows_of_their_own(void)
{
    static const char text[] = "{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'phases': "
                               "[{'flow': 'nvme', 'amount': 250}]}]}";
    for (uint32_t node = 0; node < 2; node++) {
        struct world w = world_new(text, machine);
        for (uint32_t t = 0; t < 2; t++) {
            world_ran_on(&w, 0, t, 0, 5, (struct world_place){ t * node, (int)(2 * t), 2, -1 });
            add(&w, PHASE_MOVES, "nvme", 0, 5, 250);
        }
        checked(
            &w,
            node > 0
                ? ""
                : "flow 'nvme' of node node0: serves 500 from 0 to 5 s, while its rate gives 250");
    }
}

/* A server of 2 a second answers from 3 s on; requests before that cannot have ended. */
static void a_service_answers_while_it_serves(void)
{
    static const char text[] = "{'task_sets': [{'name': 'c', 'tasks': 1, 'cores': 1, 'phases': "
                               "[{'flow': 'llm', 'amount': 4}]}, "
                               "{'name': 'llm', 'cores': 1, 'service': {'rate': 2, 'ready': 3}}]}";
    for (int late = 0; late < 2; late++) {
        double ends_s = late ? 5 : 4.5;
        struct world w = world_new(text, machine);
        world_ran_on(&w, 0, 0, 0, ends_s, (struct world_place){ 0, 0, 1, -1 });
        add(&w, PHASE_ASKS, "llm", 0, ends_s, 4);
        world_ran_on(&w, 1, 0, 0, ends_s, (struct world_place){ 0, 1, 1, -1 });
        add(&w, PHASE_LOADS, "llm", 0, 3, NAN);
        add(&w, PHASE_SERVES, "llm", 3, ends_s, NAN);
        checked(&w, late ? "" : "flow 'llm': serves 4 from 0 to 4.5 s, while its rate gives 3");
    }
}

static void named_resources_are_not_held_twice(void)
{
    static const char text[] =
        "{'task_sets': [{'name': 'a', 'tasks': 3, 'cores': 2, 'duration': 5, 'resources': "
        "[{'name': "
        "'licence'}, {'name': 'buffer', 'amount': 2}]}, {'name': 'b', 'cores': 1, 'duration': 5, "
        "'resources': [{'name': 'licence'}]}]}";
    struct world w = world_new(text, machine);
    for (uint32_t t = 0; t < 3; t++)
        world_ran_on(&w, 0, t, 0, 5, (struct world_place){ t / 2, (int)(2 * (t % 2)), 2, -1 });
    world_ran_on(&w, 1, 0, 5, 10, (struct world_place){ 1, 6, 1, -1 });
    checked(&w, "");
    w = world_new(text, machine);
    for (uint32_t t = 0; t < 3; t++)
        world_ran_on(&w, 0, t, 0, 5, (struct world_place){ t / 2, (int)(2 * (t % 2)), 2, -1 });
    world_ran_on(&w, 1, 0, 4, 9, (struct world_place){ 1, 6, 1, -1 });
    checked(&w, "the machine: 4 of its 3 licence are held from 4 s on, when b[0] takes some");
    w = world_new(text, machine);
    for (uint32_t t = 0; t < 3; t++)
        world_ran_on(&w, 0, t, 0, 5, (struct world_place){ 0, (int)(2 * t), 2, -1 });
    world_ran_on(&w, 1, 0, 5, 10, (struct world_place){ 1, 6, 1, -1 });
    checked(&w, "node node0: 6 of its 4 buffer are held from 0 s on, when a[2] takes some");
}

/* Both tasks of a node go down with it. */
static void a_failed_node_takes_all_with_it(void)
{
    static const char fails[] =
        "{'nodes': [{'count': 2, 'cores': 8}], 'failures': {'mtbf': 100, 'repair': 1}}";
    static const char text[] =
        "{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': 10}]}";
    for (uint32_t node = 0; node < 2; node++) {
        struct world w = world_new(text, fails);
        world_ran_on(&w, 0, 0, 0, 4, (struct world_place){ 0, 0, 2, -1 });
        w.timeline->status[0] = TASK_KILLED;
        world_ran_on(&w, 0, 1, 0, 10, (struct world_place){ node, 2, 2, -1 });
        checked(&w, node > 0
                        ? ""
                        : "a[1]: ran on node 0 at 4 s, when the node failed and a[0] was lost");
    }
}

/* ---- copies and the CSV ---- */

static char *format(const struct timeline *t, size_t record)
{
    struct str out = { 0 };
    timeline_phases_format(&out, t, record);
    return out.text ? out.text : xstrdup("");
}

static void sorting_and_copies_keep_phases(void)
{
    struct world w = world_new(reading, machine);
    world_ran(&w, 0, 1, 7, 20);
    add(&w, PHASE_MOVES, "scratch", 7, 12, 500);
    world_ran(&w, 0, 0, 3, 9);
    world_ran(&w, 0, 0, 5, 9);
    add(&w, PHASE_MOVES, "nvme", 5, 6.5, NAN);
    timeline_sort(w.timeline);
    struct timeline *copy = timeline_new(w.workflow, w.platform);
    timeline_add_copy(copy, w.timeline, 1);
    timeline_add_copy(copy, w.timeline, 2);
    timeline_drop_first(copy, 1);
    static const char *const sorted[] = { "", "move:nvme:5:6.5::100", "move:scratch:7:12:500:100" };
    for (size_t i = 0; i < 3; i++) {
        char *text = format(w.timeline, i);
        CU_ASSERT_STRING_EQUAL(text, sorted[i]);
        free(text);
    }
    char *text = format(copy, 0);
    CU_ASSERT_STRING_EQUAL(text, sorted[2]);
    free(text);
    timeline_free(copy);
    world_clear(&w);
}

/* A cell comes back, names with separators and all; broken ones are refused. */
static void cells_are_read_as_they_are_written(void)
{
    static const char good[] =
        "load:a%3Ab%3B%25:0:1.5::;ask:x:1.5:0.1e2:3:2;compute::10:11.25:::cut";
    static const char *const bad[] = {
        "move:x:0:1:2",
        "fly:x:0:1:2:3",
        "move::0:1:2:3",
        "move:x:2:1:2:3",
        "move:x::1:2:3",
        "move:x:0:1:-2:3",
        "move:x:0:1:2:0",
        "move:x:0:1:2:3:cu",
        "move:x:0:1:2:3:cut:",
        "move:x:0:nan:2:3",
        ";",
        "move",
    };
    struct world w = world_new(reading, machine);
    world_ran(&w, 0, 0, 0, 20);
    char *cell = xstrdup(good), *again;
    CU_ASSERT(timeline_phases_parse(w.timeline, cell));
    again = format(w.timeline, 0);
    CU_ASSERT_STRING_EQUAL(again,
                           "load:a%3Ab%3B%25:0:1.5::;ask:x:1.5:10:3:2;compute::10:11.25:::cut");
    struct timeline_phase *p;
    CU_ASSERT_EQUAL(timeline_phases_of(w.timeline, 0, &p), 3);
    CU_ASSERT_STRING_EQUAL(timeline_flow_name(w.timeline, p[0].name), "a:b;%");
    unit_near(timeline_phase_alone_s(&p[1]), 1.5, 1e-12);
    CU_ASSERT(isnan(timeline_phase_alone_s(&p[2])));
    free(again);
    free(cell);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cell = xstrdup(bad[i]);
        bool read = timeline_phases_parse(w.timeline, cell);
        if (read)
            printf("\n    '%s' is read\n", bad[i]);
        CU_ASSERT_FALSE(read);
        free(cell);
    }
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_flow_serves_its_rate),
        UNIT_TEST(phases_are_those_of_the_set),
        UNIT_TEST(nodes_have_flows_of_their_own),
        UNIT_TEST(a_service_answers_while_it_serves),
        UNIT_TEST(named_resources_are_not_held_twice),
        UNIT_TEST(a_failed_node_takes_all_with_it),
        UNIT_TEST(sorting_and_copies_keep_phases),
        UNIT_TEST(cells_are_read_as_they_are_written),
        { NULL, NULL },
    };
    return unit_run("timeline_phases", tests);
}
