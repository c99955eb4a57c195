#include "core/timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

/* Two sets, b after a in the given way; a platform of two nodes with slot 3 of 0 .. 5 blocked, two
 * GPUs and 96 MiB. */
static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 6, \"gpus\": 2, \"memory_mib\": 96, "
    "\"blocked\": [3]}]}";
static const char after_all[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 2, \"cores\": 2, \"gpus\": 1, "
    "\"memory_mib\": 40, \"duration\": 5}, {\"name\": \"b\", \"tasks\": 1, \"cores\": 1, "
    "\"duration\": 3, "
    "\"after\": [\"a\"], \"retries\": 1}]}";

/* A timeline without fault: a[0] and a[1] beside each other, then b[0], which fails once. */
static struct world faultless(void)
{
    struct world w = world_new(after_all, platform);

    world_ran_on(&w, 0, 0, 1.5, 6.5, (struct world_place){ 0, 0, 2, 0 });
    world_ran_on(&w, 0, 1, 1.5, 7.5, (struct world_place){ 0, 4, 2, 1 });
    world_ran_on(&w, 1, 0, 7.5, 9.25, (struct world_place){ 1, 0, 1, -1 });
    w.timeline->status[2] = TASK_FAILED;
    struct timeline_record again = w.timeline->records[2];
    again.scheduled_s = again.started_s = 9.25;
    again.stopped_s = again.freed_s = 12.25;
    timeline_add(w.timeline, &again, TASK_DONE, 1);
    world_slots(&w, (struct world_place){ 1, 0, 1, -1 });
    return w;
}

static void refused(struct world *w, const char *expected)
{
    struct error err = { "" };
    bool as_expected = timeline_check(w->timeline, &err) == -1 && strstr(err.text, expected);

    if (!as_expected)
        printf("\n    expected \"%s\", is \"%s\"\n", expected, err.text);
    CU_ASSERT(as_expected);
    world_clear(w);
}

static void accepted(struct world *w)
{
    struct error err = { "" };

    unit_is(timeline_check(w->timeline, &err), ==, 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    world_clear(w);
}

static void a_faultless_timeline_passes(void)
{
    struct world w = faultless();

    accepted(&w);
}

/* --- tasks ------------------------------------------------------------------------------------ */

static void tasks_are_there_once(void)
{
    struct world lost = world_new(after_all, platform), strange = faultless(), twice = faultless(),
                 none = faultless();

    world_ran_on(&lost, 0, 0, 1.5, 6.5, (struct world_place){ 0, 0, 2, 0 });
    world_ran_on(&lost, 1, 0, 7.5, 9.25, (struct world_place){ 1, 0, 1, -1 });
    refused(&lost, "a[1]: is lost");
    strange.timeline->records[1].task = 3;
    refused(&strange, "record 1 is of task 3, the workflow has 3");
    world_ran_on(&twice, 0, 1, 20.5, 25.5, (struct world_place){ 0, 0, 2, 0 });
    refused(&twice, "a[1]: attempt 0 is there twice");
    none.timeline->n = 2;
    refused(&none, "b[0]: is lost");
}

static void attempts_follow_each_other(void)
{
    struct world gap = faultless(), first = faultless(), early = faultless(),
                 after_done = faultless(), many = faultless();

    gap.timeline->attempt[3] = 2;
    refused(&gap, "b[0]: attempt 1 is missing");
    first.timeline->attempt[0] = 1;
    refused(&first, "a[0]: attempt 0 is missing");
    early.timeline->records[3].scheduled_s = early.timeline->records[3].started_s = 9.0;
    refused(&early, "b[0]: attempt 1 begins before attempt 0 has stopped at 9.25 s");
    after_done.timeline->status[2] = TASK_DONE;
    refused(&after_done, "b[0]: attempt 1 follows one that is done");
    many.timeline->status[3] = TASK_FAILED;
    timeline_add(many.timeline,
                 &(struct timeline_record){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, .task = 2 },
                 TASK_CANCELLED, 2);
    refused(&many, "b[0]: has attempt 2, but only 1 retries are allowed");
}

static void states_and_times_agree(void)
{
    struct world unstarted = faultless(), unstopped = faultless(), cancelled = faultless(),
                 status = faultless();

    unstarted.timeline->records[0].started_s = NAN;
    refused(&unstarted, "a[0]: is done, but has no time of its start");
    unstopped.timeline->records[0].stopped_s = NAN;
    refused(&unstopped, "a[0]: is done, but has no time of its stop");
    cancelled.timeline->status[3] = TASK_CANCELLED;
    refused(&cancelled, "b[0]: is cancelled, but started at 9.25 s");
    status.timeline->status[3] = 9;
    refused(&status, "b[0]: its status is 9");
}

static void times_are_in_order(void)
{
    struct world notified = faultless(), launched = faultless(), infinite = faultless(),
                 skipped = faultless();

    notified.timeline->records[1].notified_s = 7.25;
    refused(&notified, "a[1]: notified at 7.25 s, before it was freed at 7.5 s");
    timeline_set_at(launched.timeline, 0, INSTANT_LAUNCHED, 1.75);
    refused(&launched, "a[0]: started at 1.5 s, before it was launched at 1.75 s");
    infinite.timeline->records[0].freed_s = INFINITY;
    refused(&infinite, "a[0]: its time 'freed' is infinite");
    skipped.timeline->records[0].submitted_s = 2.5;
    skipped.timeline->records[0].scheduled_s = NAN;
    refused(&skipped, "a[0]: started at 1.5 s, before it was submitted at 2.5 s");
}

/* --- dependencies ----------------------------------------------------------------------------- */

static void a_child_waits_for_the_last_of_all_parents(void)
{
    struct world early = faultless(), submitted = faultless(), failed = faultless();

    early.timeline->records[1].stopped_s = early.timeline->records[1].freed_s = 7.75;
    refused(&early,
            "b[0]: began at 7.5 s, before a[1], on which it depends, had stopped at 7.75 s");
    submitted.timeline->records[2].submitted_s = 7.25;
    refused(&submitted, "b[0]: began at 7.25 s, before a[1]");
    failed.timeline->status[0] = TASK_FAILED;
    refused(&failed, "b[0]: ran from 7.5 s on, though a[0], on which it depends, is not done");
}

/* Four parents p and two children c, fan-in by blocks of two; then e, each for each of c. */
static const char blocks[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"p\", \"tasks\": 4, "
                             "\"cores\": 1, \"duration\": 5}, "
                             "{\"name\": \"c\", \"tasks\": 2, \"cores\": 1, \"duration\": 3, "
                             "\"after\": [{\"set\": \"p\", \"kind\": \"block\"}]}, "
                             "{\"name\": \"e\", \"tasks\": 2, \"cores\": 1, \"duration\": 3, "
                             "\"after\": [{\"set\": \"c\", \"kind\": \"each\"}]}, "
                             "{\"name\": \"f\", \"tasks\": 4, \"cores\": 1, \"duration\": 3, "
                             "\"after\": [{\"set\": \"e\", \"kind\": \"block\"}]}]}";

/* p ends at 2.5 3.5 4.5 5.5; c runs from 3.5 and 5.5, e from 6.5 and 8.5, f
 * from 9.5, 9.5, 11.5, 11.5. */
static struct world fan(void)
{
    struct world w = world_new(blocks, platform);

    for (uint32_t i = 0; i < 4; i++)
        world_ran(&w, 0, i, 0.5, 2.5 + i);
    for (uint32_t i = 0; i < 2; i++) {
        world_ran(&w, 1, i, 3.5 + 2 * i, 6.5 + 2 * i);
        world_ran(&w, 2, i, 6.5 + 2 * i, 9.5 + 2 * i);
    }
    for (uint32_t i = 0; i < 4; i++)
        world_ran(&w, 3, i, 9.5 + 2 * (i / 2), 12.5 + 2 * (i / 2));
    return w;
}

static void blocks_and_pairs_bind_only_their_own(void)
{
    struct world right = fan(), in = fan(), each = fan(), out = fan();

    accepted(&right);
    in.timeline->records[3].stopped_s = in.timeline->records[3].freed_s = 5.75;
    refused(&in, "c[1]: began at 5.5 s, before p[3]");
    each.timeline->records[7].scheduled_s = each.timeline->records[7].started_s = 8.25;
    refused(&each, "e[1]: began at 8.25 s, before c[1]");
    out.timeline->records[10].scheduled_s = out.timeline->records[10].started_s = 11.25;
    refused(&out, "f[2]: began at 11.25 s, before e[1]");
}

static void edges_bind_task_to_task(void)
{
    static const char edges[] =
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"p\", \"tasks\": 2, \"cores\": 1, "
        "\"duration\": 5}, "
        "{\"name\": \"c\", \"tasks\": 2, \"cores\": 1, \"duration\": 3, "
        "\"after\": [{\"set\": \"p\", \"kind\": \"edges\", \"edges\": [[1, 0]]}]}]}";
    struct world w = world_new(edges, platform);

    world_ran(&w, 0, 0, 0.5, 9.5);
    world_ran(&w, 0, 1, 0.5, 2.5);
    world_ran(&w, 1, 0, 2.5, 3.5);
    world_ran(&w, 1, 1, 0.5, 1.5);
    unit_is(timeline_check(w.timeline, NULL), ==, 0);
    w.timeline->records[1].stopped_s = w.timeline->records[1].freed_s = 2.75;
    refused(&w, "c[0]: began at 2.5 s, before p[1]");
}

/* --- resources -------------------------------------------------------------------------------- */

/* faultless(), but with a[1] on these slots of the node. */
static struct world a1_on(uint32_t node, int first_slot, int n_slots, int gpu)
{
    struct world w = faultless();

    w.timeline->n = 1;
    world_ran_on(&w, 0, 1, 1.5, 7.5, (struct world_place){ node, first_slot, n_slots, gpu });
    world_ran_on(&w, 1, 0, 7.5, 9.25, (struct world_place){ 1, 0, 1, -1 });
    return w;
}

static void what_is_held_exists_and_is_allowed(void)
{
    struct world node = a1_on(2, 0, 2, 0), slot = a1_on(1, 5, 2, 0), blocked = a1_on(1, 2, 2, 0),
                 gpu = a1_on(1, 0, 2, 2);

    refused(&node, "a[1]: ran on node 2, the platform has 2");
    refused(&slot, "a[1]: holds slot 6 of node 1, which has 6");
    refused(&blocked, "a[1]: holds slot 3 of node 1, which is blocked");
    refused(&gpu, "a[1]: holds GPU 2 of node 1, which has 2");
}

static void what_is_held_is_the_demand(void)
{
    struct world few = a1_on(1, 0, 1, 0), no_gpu = a1_on(1, 0, 2, -1), ranks = a1_on(1, 0, 2, 0),
                 nothing = faultless();

    refused(
        &few,
        "a[1]: holds 1 slots and 1 GPUs of node 1, which is not ranks of 2 slots and 1 GPUs each");
    refused(&no_gpu, "a[1]: holds 2 slots and 0 GPUs");
    ranks.timeline->n = 1;
    world_ran_on(&ranks, 0, 1, 1.5, 7.5, (struct world_place){ 1, 0, 2, 0 });
    world_slots(&ranks, (struct world_place){ 0, 4, 2, 1 });
    world_ran_on(&ranks, 1, 0, 7.5, 9.25, (struct world_place){ 1, 0, 1, -1 });
    refused(&ranks, "a[1]: has slots for 2 ranks, needs 1");
    nothing.timeline->records[1].slots = TIMELINE_NO_SLOTS;
    refused(&nothing, "a[1]: ran, but has no slots");
}

static void nothing_is_held_twice(void)
{
    struct world slot = a1_on(0, 1, 2, 1), gpu = a1_on(0, 4, 2, 0), until_freed = faultless();

    refused(&slot, "slot 1 is held 2 times from 1.5 s on, when a[1] takes it");
    refused(&gpu, "2 of GPU 0 is held from 1.5 s on, when a[1] takes it");
    until_freed.timeline->records[2].freed_s = 9.5;
    refused(&until_freed, "slot 0 is held 2 times from 9.25 s on, when b[0] takes it");
}

static void a_slot_passes_on_at_the_instant_it_is_freed(void)
{
    struct world w = world_new(after_all, platform);

    world_ran_on(&w, 0, 1, 6.5, 7.5,
                 (struct world_place){ 0, 0, 2, 0 }); /* records in no order of time */
    world_ran_on(&w, 0, 0, 1.5, 6.5, (struct world_place){ 0, 0, 2, 0 });
    world_ran_on(&w, 1, 0, 7.5, 9.25, (struct world_place){ 0, 0, 1, -1 });
    accepted(&w);
}

static void memory_and_shares_add_up(void)
{
    static const char shared[] =
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"cores\": 1, \"gpus\": "
        "0.4, "
        "\"memory_mib\": 30, \"duration\": 5}, {\"name\": \"m\", \"tasks\": 1, \"cores\": 1, "
        "\"memory_mib\": 50, \"duration\": 5}]}";
    static const uint16_t slots[] = { 0, 1, 2, 4 }, gpu_zero = 0;
    struct world w = world_new(shared, platform);

    for (uint32_t i = 0; i < 3; i++) {
        world_ran(&w, 0, i, 1.5, 6.5 + i);
        timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0, .cores = &slots[i],
                                           .n_cores = 1, .gpus = &gpu_zero, .n_gpus = 1,
                                           .gpu_share = 400000 });
    }
    /* when the first has gone */
    w.timeline->records[2].scheduled_s = w.timeline->records[2].started_s = 6.5;
    /* when the second has gone */
    world_ran(&w, 1, 0, 7.5, 9.5);
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0, .cores = &slots[3],
                                       .n_cores = 1 });
    unit_is(timeline_check(w.timeline, NULL), ==, 0);

    w.timeline->records[2].scheduled_s = 6.25;
    struct error err = { "" };
    unit_is(timeline_check(w.timeline, &err), ==, -1);
    unit_has(err.text, "1.2 of GPU 0 is held from 6.25 s on, when a[2] takes it");
    w.timeline->records[2].scheduled_s = 6.5;
    w.timeline->records[3].scheduled_s = 7.25;
    refused(&w, "110 MiB of its 96 are held from 7.25 s on, when m[0] starts");
}

static void ranks_of_one_node_stay_together(void)
{
    static const char spread[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": "
                                 "1, \"ranks\": 2, \"cores\": 2, "
                                 "\"duration\": 5}]}";
    struct world w = world_new(spread, platform);

    world_ran_on(&w, 0, 0, 1.5, 6.5, (struct world_place){ 0, 0, 2, -1 });
    world_slots(&w, (struct world_place){ 1, 4, 2, -1 });
    unit_is(timeline_check(w.timeline, NULL), ==, 0);
    task_traits_own(&w.workflow->sets[0])->demand.one_node = true;
    refused(&w, "a[0]: lies on nodes 0 and 1, must lie on one");
}

static void a_task_cut_off_holds_its_slots_for_ever(void)
{
    struct world w = a1_on(1, 0, 2, 0);

    w.timeline->status[1] = TASK_CUT;
    w.timeline->records[1].stopped_s = w.timeline->records[1].freed_s = NAN;
    w.timeline->n = 2;
    timeline_add(w.timeline,
                 &(struct timeline_record){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, .task = 2 },
                 TASK_CANCELLED, 0);
    unit_is(timeline_check(w.timeline, NULL), ==, 0);
    w.timeline->n = 1;
    w.timeline->records[0].scheduled_s = w.timeline->records[0].started_s = 70.5;
    w.timeline->records[0].stopped_s = w.timeline->records[0].freed_s = 80.5;
    size_t cut = world_ran_on(&w, 0, 1, 1.5, 7.5, (struct world_place){ 0, 0, 2, 0 });
    w.timeline->status[cut] = TASK_CUT;
    w.timeline->records[cut].stopped_s = w.timeline->records[cut].freed_s = NAN;
    timeline_add(w.timeline,
                 &(struct timeline_record){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, .task = 2 },
                 TASK_CANCELLED, 0);
    refused(&w, "slot 0 is held 2 times from 70.5 s on, when a[0] takes it");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_faultless_timeline_passes),
        UNIT_TEST(tasks_are_there_once),
        UNIT_TEST(attempts_follow_each_other),
        UNIT_TEST(states_and_times_agree),
        UNIT_TEST(times_are_in_order),
        UNIT_TEST(a_child_waits_for_the_last_of_all_parents),
        UNIT_TEST(blocks_and_pairs_bind_only_their_own),
        UNIT_TEST(edges_bind_task_to_task),
        UNIT_TEST(what_is_held_exists_and_is_allowed),
        UNIT_TEST(what_is_held_is_the_demand),
        UNIT_TEST(nothing_is_held_twice),
        UNIT_TEST(a_slot_passes_on_at_the_instant_it_is_freed),
        UNIT_TEST(memory_and_shares_add_up),
        UNIT_TEST(ranks_of_one_node_stay_together),
        UNIT_TEST(a_task_cut_off_holds_its_slots_for_ever),
        { NULL, NULL },
    };
    return unit_run("timeline_check", tests);
}
