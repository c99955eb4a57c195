#include "core/timeline.h"

#include <math.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct timeline_record at(uint32_t task, double started_s)
{
    return (struct timeline_record){ .submitted_s = NAN,
                                     .arrived_s = NAN,
                                     .scheduled_s = NAN,
                                     .started_s = started_s,
                                     .stopped_s = started_s + 2.5,
                                     .freed_s = NAN,
                                     .notified_s = NAN,
                                     .task = task };
}

static void slots_of_several_nodes_come_back_as_given(void)
{
    struct timeline *t = timeline_new(NULL, NULL);
    struct timeline_record r = at(7, 1.25);
    struct timeline_slots s;
    size_t first = timeline_add(t, &r, TASK_DONE, 0);

    timeline_add_slots(t, &(struct timeline_slots){ .node = 70001,
                                       .cores = (const uint16_t[]){ 3, 4, 167 }, .n_cores = 3,
                                       .gpus = (const uint16_t[]){ 5 }, .n_gpus = 1 });
    timeline_add_slots(t, &(struct timeline_slots){ .node = 9, .gpus = (const uint16_t[]){ 1, 1 },
                                       .n_gpus = 2, .gpu_share = 400000 });
    timeline_add_slots(t, &(struct timeline_slots){ .node = 2, .cores = (const uint16_t[]){ 8 },
                                       .n_cores = 1 });
    size_t second = timeline_add(t, &r, TASK_FAILED, 0);

    CU_ASSERT_FATAL(timeline_slots_first(t, first, &s));
    unit_is(s.node, ==, 70001);
    unit_must_be(s.n_cores, ==, 3);
    unit_is(s.cores[2], ==, 167);
    unit_must_be(s.n_gpus, ==, 1);
    unit_is(s.gpus[0], ==, 5);
    unit_is(s.gpu_share, ==, 0);
    CU_ASSERT_FATAL(timeline_slots_next(&s));
    unit_is(s.node, ==, 9);
    unit_must_be(s.n_cores, ==, 0);
    unit_must_be(s.n_gpus, ==, 2);
    unit_is(s.gpus[1], ==, 1);
    unit_is(s.gpu_share, ==, 400000);
    CU_ASSERT_FATAL(timeline_slots_next(&s));
    unit_is(s.node, ==, 2);
    unit_must_be(s.n_cores, ==, 1);
    unit_is(s.cores[0], ==, 8);
    CU_ASSERT_FALSE(timeline_slots_next(&s));
    unit_is(s.node, ==, 2);
    CU_ASSERT(!timeline_slots_first(t, second, &s));
    timeline_free(t);
}

/* Copied one by one, then dropped from the front in threes: what is left are the records that were
 * given, with their slots. */
static void copies_and_what_a_drop_leaves_have_their_slots(void)
{
    enum { N = 50 };
    struct timeline *from = timeline_new(NULL, NULL), *t = timeline_new(NULL, NULL);

    for (uint32_t i = 0; i < N; i++) {
        struct timeline_record r = at(i, 1.5 * i);
        uint16_t ids[] = { (uint16_t)i, (uint16_t)(i + 7), (uint16_t)(i + 9) };

        timeline_add(from, &r, i % 4 ? TASK_DONE : TASK_FAILED, i % 3);
        for (uint32_t part = 0; part < i % 3; part++)
            timeline_add_slots(from, &(struct timeline_slots){ .node = i + part, .cores = ids,
                                               .n_cores = 1 + part, .gpus = ids, .n_gpus = part,
                                               .gpu_share = (int32_t)(part * 70000) });
    }
    timeline_set_at(from, 31, INSTANT_LAUNCHED, 45.25);
    for (uint32_t i = 0; i < N; i++)
        timeline_add_copy(t, from, i);
    for (uint32_t first = 0; first < N; first += 3) {
        unit_must_be(t->n, ==, N - first);
        for (uint32_t i = first; i < N; i++) {
            struct timeline_slots a, b;
            bool more = timeline_slots_first(from, i, &a);
            size_t k = i - first;

            unit_is(t->records[k].task, ==, i);
            unit_is(t->status[k], ==, from->status[i]);
            unit_is(timeline_attempt(t, k), ==, i % 3);
            CU_ASSERT(i == 31 ? t->launched_s[k] == 45.25
                              : !t->launched_s || isnan(t->launched_s[k]));
            unit_is(timeline_slots_first(t, k, &b), ==, more);
            for (; more; more = timeline_slots_next(&a)) {
                unit_is(a.node, ==, b.node);
                unit_is(a.n_cores, ==, b.n_cores);
                unit_is(a.n_gpus, ==, b.n_gpus);
                unit_is(a.gpu_share, ==, b.gpu_share);
                unit_is(a.cores[a.n_cores - 1], ==, b.cores[b.n_cores - 1]);
                if (a.n_gpus)
                    unit_is(a.gpus[0], ==, b.gpus[0]);
                unit_is(timeline_slots_next(&b), ==, a.next != NULL);
            }
        }
        timeline_drop_first(t, first + 3 <= N ? 3 : N - first);
    }
    unit_is(t->n, ==, 0);
    timeline_free(from);
    timeline_free(t);
}

static void a_cleared_timeline_forgets_attempts_and_launches(void)
{
    struct timeline *t = timeline_new(NULL, NULL);
    struct timeline_record r = at(3, 4.5);

    for (unsigned i = 0; i < 100; i++)
        timeline_add(t, &r, TASK_DONE, i % 3);
    timeline_set_at(t, 42, INSTANT_LAUNCHED, 4.25);
    unit_is(timeline_attempt(t, 98), ==, 2);
    unit_is(timeline_attempt(t, 0), ==, 0);
    unit_is(t->launched_s[42], ==, 4.25);
    unit_near(t->launched_s[41], NAN, 0);
    t->session_end_s = 12.5;

    timeline_clear(t);
    timeline_add(t, &r, TASK_KILLED, 0);
    unit_must_be(t->n, ==, 1);
    unit_is(t->records[0].task, ==, 3);
    unit_is(t->status[0], ==, TASK_KILLED);
    CU_ASSERT_FALSE(t->attempt);
    CU_ASSERT_FALSE(t->launched_s);
    unit_near(t->session_end_s, NAN, 0);
    timeline_free(t);
}

static void makespan_passes_over_what_never_ran(void)
{
    struct timeline *t = timeline_new(NULL, NULL);
    struct timeline_record never = at(0, NAN), late = at(1, 7.75), early = at(2, 3.5);

    CU_ASSERT(isnan(timeline_makespan(t)));
    timeline_add(t, &never, TASK_CANCELLED, 0);
    CU_ASSERT(isnan(timeline_makespan(t)));
    timeline_add(t, &late, TASK_DONE, 0);
    timeline_add(t, &early, TASK_DONE, 0);
    unit_is(timeline_first_start(t), ==, 3.5);
    unit_is(timeline_last_stop(t), ==, 10.25);
    unit_is(timeline_makespan(t), ==, 6.75);
    timeline_free(t);
}

static void sorting_carries_every_column_along(void)
{
    static const struct { uint32_t task; double started_s; unsigned attempt; } given[] = {
        { 5, NAN, 0 }, { 4, 2.5, 1 }, { 4, 2.5, 0 }, { 9, 1.5, 0 }, { 2, 2.5, 0 },
    };
    static const uint32_t expected[] = { 9, 2, 4, 4, 5 };
    struct timeline *t = timeline_new(NULL, NULL);
    struct timeline_slots s;

    for (size_t i = 0; i < 5; i++) {
        struct timeline_record r = at(given[i].task, given[i].started_s);
        size_t added =
            timeline_add(t, &r, given[i].task == 5 ? TASK_CANCELLED : TASK_DONE, given[i].attempt);

        timeline_add_slots(t, &(struct timeline_slots){ .node = given[i].task,
                                           .cores = (const uint16_t[]){ 1 }, .n_cores = 1 });
        timeline_set_at(t, added, INSTANT_LAUNCHED, 100 + given[i].task);
    }
    timeline_sort(t);
    for (size_t i = 0; i < 5; i++) {
        unit_is(t->records[i].task, ==, expected[i]);
        unit_is(t->launched_s[i], ==, 100 + expected[i]);
        CU_ASSERT(timeline_slots_first(t, i, &s));
        unit_is(s.node, ==, expected[i]);
    }
    unit_is(timeline_attempt(t, 2), ==, 0);
    unit_is(timeline_attempt(t, 3), ==, 1);
    unit_is(t->status[4], ==, TASK_CANCELLED);
    timeline_free(t);
}

/* Of many records, few starts, submissions and tasks: neighbours are in order, and each record has
 * what was given to it. */
static void many_are_sorted_in_place(void)
{
    enum { N = 700 };
    struct timeline *t = timeline_new(NULL, NULL);
    for (uint32_t i = 0; i < N; i++) {
        int start = given_choice(7, 4 * i, 0, 30);
        struct timeline_record r =
            at((uint32_t)given_choice(7, 4 * i + 1, 0, 3), start == 30 ? NAN : start / 4.0);
        r.submitted_s = given_choice(7, 4 * i + 2, 0, 2);
        r.notified_s = i;
        timeline_add(t, &r, (enum task_status)(i % 5), i % 3);
        timeline_set_at(t, i, INSTANT_LAUNCHED, 1000 + i);
    }
    timeline_sort(t);
    size_t carried = 0, in_order = 0;
    for (size_t k = 0; k < N; k++) {
        const struct timeline_record *r = &t->records[k], *next = k + 1 < N ? r + 1 : NULL;
        uint32_t i = (uint32_t)r->notified_s;
        carried += t->launched_s[k] == 1000 + i && t->status[k] == i % 5 &&
                   timeline_attempt(t, k) == i % 3;
        const double mine[] = { isnan(r->started_s) ? 99 : r->started_s, r->submitted_s, r->task,
                                i % 3, i };
        const double others[] = { next && !isnan(next->started_s) ? next->started_s : 99,
                                  next ? next->submitted_s : 99, next ? next->task : 99,
                                  next ? (uint32_t)next->notified_s % 3 : 0,
                                  next ? next->notified_s : 0 };
        size_t same = 0;
        while (same < 4 && mine[same] == others[same])
            same++;
        in_order += mine[same] < others[same];
    }
    unit_is(carried, ==, N);
    unit_is(in_order, ==, N);
    timeline_free(t);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(slots_of_several_nodes_come_back_as_given),
        UNIT_TEST(copies_and_what_a_drop_leaves_have_their_slots),
        UNIT_TEST(a_cleared_timeline_forgets_attempts_and_launches),
        UNIT_TEST(makespan_passes_over_what_never_ran),
        UNIT_TEST(sorting_carries_every_column_along),
        UNIT_TEST(many_are_sorted_in_place),
        { NULL, NULL },
    };
    return unit_run("timeline", tests);
}
