#include "scheduling/wait_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/bisection.h"
#include "tests/support/unit.h"

enum { CLASSES = 5, MOST = 600 };
/* classes 0 and 3 share a size */
static const double sizes[CLASSES] = { 7, 2.385, 40, 7, 16 };

/* A task's number tells its class. */
enum { STRIDE = 1000000 };
static uint32_t class_of(uint32_t task)
{
    return task / STRIDE;
}

/* The pool as a plain array that is sorted anew before each pass. */
struct plain {
    uint32_t tasks[MOST], next[MOST];
    size_t n;
    double free;                         /* size left to give: what fits */
    uint32_t taken[MOST];                /* by the last pass, in order */
    size_t n_taken;
};

/* The same of a pass over the pool itself. */
struct room {
    double free;
    uint32_t taken[MOST];
    size_t n_taken;
};

static void sort_stably(struct plain *p)
{
    for (size_t i = 1; i < p->n; i++) {
        uint32_t t = p->tasks[i];
        size_t at = i;
        for (; at > 0 && sizes[class_of(p->tasks[at - 1])] < sizes[class_of(t)]; at--)
            p->tasks[at] = p->tasks[at - 1];
        p->tasks[at] = t;
    }
}

static bool take(double *free_size, uint32_t class)
{
    bool fits = sizes[class] <= *free_size;
    *free_size -= fits ? sizes[class] : 0;
    return fits;
}

static bool plain_place(void *user, size_t i)
{
    struct plain *p = user;
    bool taken = take(&p->free, class_of(p->tasks[i]));
    if (taken)
        p->taken[p->n_taken++] = p->tasks[i];
    return taken;
}

static bool pool_may(void *user, size_t class)
{
    const struct room *room = user;
    return sizes[class] <= room->free;
}

static bool pool_place(void *user, uint32_t task)
{
    struct room *room = user;
    bool taken = take(&room->free, class_of(task));
    if (taken)
        room->taken[room->n_taken++] = task;
    return taken;
}

static const struct wait_pool_ops pool_ops = { .may = pool_may, .place = pool_place };

static size_t plain_pass(struct plain *p, struct bisection *b)
{
    size_t n = 0, before = p->n;
    p->n_taken = 0;
    sort_stably(p);
    bisection_run(b, p->n, plain_place, p);
    for (size_t i = 0; i < b->n_refused; i++)
        for (size_t at = b->refused[i].high + 1; at-- > b->refused[i].low;)
            p->next[n++] = p->tasks[at];
    memcpy(p->tasks, p->next, n * sizeof *p->next);
    p->n = n;
    return before - n;
}

/* A pass over both with so much room: the same tasks leave, in the same order. */
static void pass_both(struct wait_pool *pool, struct plain *p, struct bisection *b, double size)
{
    struct room room = { .free = size };
    p->free = size;
    size_t placed = wait_pool_pass(pool, &pool_ops, &room);
    CU_ASSERT_EQUAL_FATAL(placed, plain_pass(p, b));
    CU_ASSERT_EQUAL_FATAL(room.n_taken, p->n_taken);
    CU_ASSERT_EQUAL_FATAL(memcmp(room.taken, p->taken, p->n_taken * sizeof *p->taken), 0);
    CU_ASSERT_EQUAL_FATAL(room.free, p->free);
    CU_ASSERT_EQUAL_FATAL(wait_pool_length(pool), p->n);
}

static void add(struct wait_pool *pool, struct plain *p, uint32_t class, uint32_t first,
                uint32_t count)
{
    wait_pool_add(pool, class, class * STRIDE + first, count);
    for (uint32_t i = 0; i < count; i++)
        p->tasks[p->n++] = class * STRIDE + first + i;
}

static void agrees_with_an_array_sorted_each_time(void)
{
    struct wait_pool *pool = wait_pool_new(sizes, CLASSES);
    struct bisection b = { 0 };
    struct plain *p = xcalloc(1, sizeof *p);
    struct rng_stream stream = rng_stream(11, 0, RNG_TEST, 0);
    for (uint32_t step = 0, first = 0; step < 2000; step++) {
        uint32_t count = (uint32_t)(rng_uniform(&stream, step, 0) * 30);
        if (p->n + count < MOST && step % 2 == 0)
            add(pool, p, (uint32_t)(rng_uniform(&stream, step, 1) * CLASSES), first, count);
        first += count;
        pass_both(pool, p, &b, step % 3 == 0 ? 0 : rng_uniform(&stream, step, 2) * 100);
    }
    pass_both(pool, p, &b, 1e9);
    CU_ASSERT_EQUAL(p->n, 0);
    bisection_clear(&b);
    wait_pool_free(pool);
    free(p);
}

/* Counted passes, few (carried out one by one) and many (by the power of the permutation), equal
 * passes that place nothing. */
static void counted_passes_are_passes_that_place_nothing(void)
{
    static const size_t counts[] = { 1, 2, 3, 7, 64, 1001 };
    struct bisection b = { 0 };
    struct plain *p = xcalloc(1, sizeof *p);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (uint32_t n = 1; n < 100; n += 14) {
            struct wait_pool *pool = wait_pool_new(sizes, CLASSES);
            p->n = 0;
            p->free = 0;
            for (uint32_t k = 0; k < CLASSES; k++)
                add(pool, p, (k * 3) % CLASSES, 100 * k, n + k);
            wait_pool_idle_passes(pool, counts[c]);
            for (size_t i = 0; i < counts[c]; i++)
                plain_pass(p, &b);
            pass_both(pool, p, &b, 1e9);
            wait_pool_free(pool);
        }
    bisection_clear(&b);
    free(p);
}

static bool could_be_3(void *user, size_t class)
{
    bool *refused = user;
    refused[class] = class != 3;
    return class == 3;
}

static bool may_3(void *user, size_t class)
{
    (void)user;
    return class == 3;
}

static bool place_any(void *user, uint32_t task)
{
    (void)user;
    (void)task;
    return true;
}

static const struct wait_pool_ops only_3 = { .may = may_3, .place = place_any };

static bool place_if_3(void *user, size_t i)
{
    const struct plain *p = user;
    return class_of(p->tasks[i]) == 3;
}

/* Passes of the plain pool that place nothing, before one that finds a task of class 3. */
static size_t vain_plainly(struct plain *p, struct bisection *b, size_t most)
{
    size_t passes = 0;
    for (; passes < most; passes++) {
        size_t n = 0;
        sort_stably(p);
        bisection_run(b, p->n, place_if_3, p);
        if (b->n_fitted > 0)
            break;
        for (size_t i = 0; i < b->n_refused; i++)
            for (size_t at = b->refused[i].high + 1; at-- > b->refused[i].low;)
                p->next[n++] = p->tasks[at];
        memcpy(p->tasks, p->next, n * sizeof *p->next);
    }
    return passes;
}

/* Class 3 shares its size with class 0, so that passes find one only when it lies at a place that
 * they try. The first pass in vain is made before, or foreseen as well. */
static void passes_in_vain_are_foreseen(void)
{
    enum { MOST_PASSES = 3000 };
    struct bisection b = { 0 };
    struct plain *p = xcalloc(1, sizeof *p);
    struct rng_stream stream = rng_stream(12, 0, RNG_TEST, 0);
    size_t some = 0, never = 0;
    for (uint32_t i = 0; i < 300; i++) {
        struct wait_pool *pool = wait_pool_new(sizes, CLASSES);
        p->n = 0;
        for (uint32_t k = 0; k < 12; k++) {
            double many = k % 4 == 3 ? 3 : 40;
            add(pool, p, (k * 3) % CLASSES, 100 * k, (uint32_t)(rng_uniform(&stream, i, k) * many));
        }
        bool refused[CLASSES] = { false };
        const struct wait_pool_could who = { could_be_3, refused, refused };
        size_t plain = vain_plainly(p, &b, MOST_PASSES), made = i % 2 && plain > 0;
        if (made)
            CU_ASSERT_EQUAL_FATAL(wait_pool_pass(pool, &only_3, NULL), 0);
        size_t foreseen = wait_pool_vain_passes(pool, &who);
        CU_ASSERT_EQUAL_FATAL(foreseen < MOST_PASSES ? foreseen + made : MOST_PASSES, plain);
        some += plain > 0 && plain < MOST_PASSES;
        never += plain == MOST_PASSES;
        wait_pool_free(pool);
    }
    unit_is(some, >, 20);
    unit_is(never, >, 0);
    bisection_clear(&b);
    free(p);
}

static void a_million_wait_and_none_is_lost(void)
{
    struct wait_pool *pool = wait_pool_new(sizes, CLASSES);
    size_t placed = 0;
    for (uint32_t k = 0; k < CLASSES; k++)
        wait_pool_add(pool, k, k * STRIDE, 200000);
    for (int i = 0; i < 2000; i++) {
        struct room room = { .free = 16 };
        placed += wait_pool_pass(pool, &pool_ops, &room);
    }
    /* six of the smallest each time */
    unit_is(placed, ==, 2000 * 6);
    unit_is(wait_pool_length(pool), ==, 1000000 - placed);
    wait_pool_free(pool);
}

static void a_reset_forgets_what_waits(void)
{
    struct wait_pool *pool = wait_pool_new(sizes, CLASSES);
    CU_ASSERT(!wait_pool_sizes_are_classes(pool));
    wait_pool_add(pool, 4, 17, 2);
    unit_is(wait_pool_length(pool), ==, 2);
    wait_pool_reset(pool);
    unit_is(wait_pool_length(pool), ==, 0);
    wait_pool_free(pool);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_an_array_sorted_each_time),
        UNIT_TEST(counted_passes_are_passes_that_place_nothing),
        UNIT_TEST(passes_in_vain_are_foreseen),
        UNIT_TEST(a_million_wait_and_none_is_lost),
        UNIT_TEST(a_reset_forgets_what_waits),
        { NULL, NULL },
    };
    return unit_run("wait_pool", tests);
}
