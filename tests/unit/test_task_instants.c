#include "sim/task_instants.h"

#include "tests/support/unit.h"

enum { TASKS = 5000, NOTES = 4000 };

/* Noted in runs of any length: the same as an array, one value a task. */
static void pages_are_an_array(void)
{
    static double expected[TASKS];
    struct task_instants *t = task_instants_new(TASKS);
    uint64_t state = 2385;
    for (size_t i = 0; i < TASKS; i++)
        expected[i] = INSTANT_AS_RECORDED;
    for (int k = 0; k < NOTES; k++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
        size_t first = (size_t)(state >> 33) % TASKS, most = TASKS - first;
        size_t count = (size_t)(state >> 50) % (k % 3 ? 3 : 4096) + 1;
        double at_s = (double)(state >> 60) / 8;
        count = count < most ? count : most;
        task_instants_note(t, first, count, INSTANT_SERVED, at_s);
        for (size_t i = first; i < first + count; i++)
            expected[i] = at_s;
    }
    size_t different = 0;
    for (size_t i = 0; i < TASKS; i++)
        different += task_instants_at(t, i, INSTANT_SERVED) != expected[i];
    CU_ASSERT_EQUAL(different, 0);
    CU_ASSERT_EQUAL(task_instants_at(t, 17, INSTANT_DUE), INSTANT_AS_RECORDED);
    task_instants_free(t);
}

/* A million tasks that are due at once, and else follow their records, take a few bytes each 1,024.
 */
static void what_is_alike_takes_no_room(void)
{
    enum { MANY = 1000000 };
    struct task_instants *t = task_instants_new(MANY);
    size_t empty = task_instants_bytes(t);
    task_instants_note(t, 0, MANY, INSTANT_DUE, 2.385);
    for (size_t i = 0; i < MANY; i++) {
        task_instants_note(t, i, 1, INSTANT_SERVED, INSTANT_AS_RECORDED);
        task_instants_note_attempt(t, i, 1, 0);
    }
    unit_is(empty, <, MANY);
    size_t last_page = 1024 * sizeof(double);
    unit_is(task_instants_bytes(t), <=, empty + last_page);
    CU_ASSERT_EQUAL(task_instants_at(t, MANY - 1, INSTANT_DUE), 2.385);
    task_instants_free(t);
}

static void a_task_is_moved_as_a_whole(void)
{
    struct task_instants *t = task_instants_new(3);
    task_instants_note(t, 1, 1, INSTANT_READY, 10);
    task_instants_note_work(t, 1, 7.25);
    task_instants_note_attempt(t, 1, 1, 4);
    task_instants_move(t, 1, 2.5);
    CU_ASSERT_EQUAL(task_instants_at(t, 1, INSTANT_READY), 12.5);
    CU_ASSERT_EQUAL(task_instants_at(t, 1, INSTANT_BOOKED), INSTANT_AS_RECORDED);
    CU_ASSERT_EQUAL(task_instants_work(t, 1), 7.25);
    CU_ASSERT_EQUAL(task_instants_attempt(t, 1), 4);
    CU_ASSERT_EQUAL(task_instants_attempt(t, 0), 0);
    task_instants_free(t);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(pages_are_an_array),
        UNIT_TEST(what_is_alike_takes_no_room),
        UNIT_TEST(a_task_is_moved_as_a_whole),
        { NULL, NULL },
    };
    return unit_run("task_instants", tests);
}
