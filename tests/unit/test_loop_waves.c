/* Waves of one name that took turns are lanes: small runs written by hand. */
#include "traces/loops.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct ran { const char *set; double start_s, stop_s; };

/* The loops of a run of these sets, as "sim to an: 2 x 3; side: 1 x 4". */
static void loops_are(const struct ran *ran, size_t n, const char *expected)
{
    struct str text = { 0 }, found = { 0 };
    str_add(&text, "{\"name\": \"w\", \"task_sets\": [");
    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s{\"name\": \"%s\", \"cores\": %d, \"duration\": %g}", i ? ", " : "",
                 ran[i].set, ran[i].set[0] - 'a' + 1, ran[i].stop_s - ran[i].start_s);
    str_add(&text, "]}");
    struct workflow *w = given_workflow(text.text);
    struct platform *p = given_platform("{\"nodes\": [{\"cores\": 64}]}");
    struct timeline *t = timeline_new(w, p);
    for (size_t i = 0; i < n; i++) {
        struct timeline_record r = { .task = (uint32_t)i, .started_s = ran[i].start_s,
                                     .stopped_s = ran[i].stop_s };
        timeline_add(t, &r, TASK_DONE, 0);
    }
    struct lanes lanes = lanes_of(w, t);
    size_t n_loops;
    struct repeated_stages *r = loops_of(w, &lanes, &n_loops);
    for (size_t i = 0; i < n_loops; i++)
        str_addf(&found, "%s%s: %zu x %zu", i ? "; " : "", lanes.at[r[i].lane].name, r[i].period,
                 r[i].times);
    bool right = str_equal(found.text ? found.text : "", expected);
    CU_ASSERT_TRUE(right);
    if (!right)
        printf("found '%s', expected '%s'\n", found.text ? found.text : "", expected);
    free(r);
    lanes_clear(&lanes);
    timeline_free(t);
    platform_free(p);
    workflow_free(w);
    str_clear(&text);
    str_clear(&found);
}

/* A lane of two that take turns, one that repeats beside it, and a set that does not. */
static void names_that_take_turns_are_a_lane(void)
{
    static const struct ran ran[] = {
        { "prep", 0, 5 },          { "sim", 5.2, 20 },        { "an", 20.3, 25 },
        { "sim.wave1", 25.2, 40 }, { "an.wave1", 40.4, 46 },  { "sim.wave2", 46.3, 61 },
        { "an.wave2", 61.4, 66 },  { "x.1", 5.1, 12.7 },      { "x.2", 13.2, 22.3 },
        { "x.3", 22.8, 31.1 },     { "x.4", 31.6, 39.5 },     { "out", 66.2, 70 },
    };
    loops_are(ran, sizeof ran / sizeof *ran, "x: 1 x 4; sim to an: 2 x 3");
}

/* The last time is cut; two that run beside each other in each time are one step. */
static void some_run_beside_each_other(void)
{
    static const struct ran ran[] = {
        { "a.1", 0, 10 },  { "b.1", 10.2, 15 }, { "c.1", 10.2, 30 }, { "d.1", 30.3, 35 },
        { "a.2", 35.5, 44 }, { "b.2", 44.2, 66 }, { "c.2", 44.3, 60 }, { "d.2", 66.3, 70 },
        { "a.3", 70.5, 80 }, { "b.3", 80.2, 88 }, { "c.3", 80.3, 89 }, { "d.3", 89.3, 94 },
        { "a.4", 94.5, 99 }, { "b.4", 99.2, 105 }, { "c.4", 99.3, 104 },
    };
    loops_are(ran, sizeof ran / sizeof *ran, "a to d: 3 x 4");
}

/* Twice is no loop, nor are batches that nobody waited for, nor waves that overlap. */
static void others_are_none(void)
{
    static const struct ran twice[] = { { "a.1", 0, 10 }, { "a.2", 10.2, 20 }, { "b", 20.2, 30 } },
                            batches[] = { { "a.1", 0, 10 }, { "a.2", 4000, 4010 },
                                          { "a.3", 90000, 90010 }, { "a.4", 180000, 180010 } },
                            overlap[] = { { "a.1", 0, 10 }, { "a.2", 5, 15 }, { "a.3", 10, 20 } };
    loops_are(twice, 3, "");
    loops_are(batches, 4, "");
    loops_are(overlap, 3, "");
}

static void labels_lose_their_number(void)
{
    unit_near((double)wave_label("sim.wave12"), 3, 0);
    unit_near((double)wave_label("sim.3"), 3, 0);
    unit_near((double)wave_label("step2"), 5, 0);
    unit_near((double)wave_label("sim.wave"), 8, 0);
    unit_near((double)wave_label(".7"), 2, 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(names_that_take_turns_are_a_lane), UNIT_TEST(some_run_beside_each_other),
        UNIT_TEST(others_are_none), UNIT_TEST(labels_lose_their_number), { NULL, NULL },
    };
    return unit_run("loop_waves", tests);
}
