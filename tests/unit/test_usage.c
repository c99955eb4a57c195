#include "core/usage.h"

#include <math.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char workflow[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 2, "
                               "\"ranks\": 2, \"cores\": 2, \"gpus\": 0.25, "
                               "\"duration\": 5}]}";
static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 10, \"gpus\": 2}]}";

/* What is recorded counts; where no slots are, the demand does: 2 ranks of 2 cores and a quarter of
 * a GPU. */
static void amounts_are_recorded_or_demanded(void)
{
    static const uint16_t cores[] = { 4, 5, 6 }, gpus[] = { 0, 1 };
    struct world w = world_new(workflow, platform);
    struct usage u;

    world_ran(&w, 0, 0, 1.5, 3.5);
    world_ran(&w, 0, 1, 2.5, 4.5);
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0, .cores = cores,
                                       .n_cores = 3, .gpus = gpus, .n_gpus = 2,
                                       .gpu_share = 400000 });
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 1, .cores = cores,
                                       .n_cores = 1, .gpus = gpus, .n_gpus = 1 });
    struct usage_reader *reader = usage_reader_new(w.timeline);

    CU_ASSERT(usage_read(reader, 0, &u));
    unit_is(u.set, ==, 0);
    unit_is(u.slots, ==, 4);
    unit_is(u.gpus, ==, 0.5);
    CU_ASSERT(usage_read(reader, 1, &u));
    unit_is(u.slots, ==, 4);
    unit_alike(u.gpus, 1.8, 1e-12);
    unit_is(u.started_s, ==, 2.5);
    unit_is(u.stopped_s, ==, 4.5);
    unit_is(u.held_from_s, ==, 2.5);
    unit_is(u.held_to_s, ==, 4.5);
    usage_reader_free(reader);
    world_clear(&w);
}

static void what_was_cut_off_runs_to_the_end(void)
{
    struct world w = world_new(workflow, platform);
    struct usage_reader *reader;
    struct usage u;

    world_ran(&w, 0, 0, 2.5, 8.5);
    w.timeline->status[0] = TASK_CUT;
    w.timeline->records[0].scheduled_s = 1.5;
    w.timeline->records[0].stopped_s = w.timeline->records[0].freed_s = NAN;
    world_ran(&w, 0, 1, 3.5, 12.5);
    timeline_add(w.timeline,
                 &(struct timeline_record){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, .task = 1 },
                 TASK_CANCELLED, 0);

    reader = usage_reader_new(w.timeline);
    CU_ASSERT(usage_read(reader, 0, &u));
    unit_is(u.started_s, ==, 2.5);
    unit_is(u.stopped_s, ==, 12.5);
    unit_is(u.held_from_s, ==, 1.5);
    unit_is(u.held_to_s, ==, 12.5);
    CU_ASSERT(!usage_read(reader, 2, &u));
    usage_reader_free(reader);
    w.timeline->session_end_s = 20.25;
    reader = usage_reader_new(w.timeline);
    CU_ASSERT(usage_read(reader, 0, &u));
    unit_is(u.stopped_s, ==, 20.25);
    unit_is(u.held_to_s, ==, 20.25);
    usage_reader_free(reader);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(amounts_are_recorded_or_demanded),
        UNIT_TEST(what_was_cut_off_runs_to_the_end),
        { NULL, NULL },
    };
    return unit_run("usage", tests);
}
