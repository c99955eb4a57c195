/* Oracle: the smallest of an array, looked for. */
#include "base/min_heap.h"

#include "num/rng.h"
#include "tests/support/unit.h"

enum { STEPS = 20000, MOST = 200 };

static size_t smallest(const struct heap_item *v, size_t n)
{
    size_t at = 0;

    for (size_t i = 1; i < n; i++)
        if (v[i].key < v[at].key || (v[i].key == v[at].key && v[i].value < v[at].value))
            at = i;
    return at;
}

static void the_smallest_leaves_first(void)
{
    struct rng_stream stream = rng_stream(13, 0, RNG_TEST, 6);
    struct min_heap h = { 0 };
    struct heap_item all[MOST];
    size_t n = 0;

    for (uint64_t step = 0; step < STEPS; step++) {
        /* whole numbers, so that keys and whole items are there twice */
        struct heap_item item = { (double)(int)(40 * rng_uniform(&stream, 3 * step, 0)),
                                  (uint64_t)(5 * rng_uniform(&stream, 3 * step + 1, 0)) };

        if (n < MOST && (n == 0 || rng_uniform(&stream, 3 * step + 2, 0) < 0.52)) {
            min_heap_push(&h, item);
            all[n++] = item;
        } else {
            size_t at = smallest(all, n);
            struct heap_item popped = min_heap_pop(&h);

            unit_is(popped.key, ==, all[at].key);
            unit_is(popped.value, ==, all[at].value);
            all[at] = all[--n];
        }
        unit_must_be(h.n, ==, n);
        if (n != 0)
            unit_is(h.items[0].key, ==, all[smallest(all, n)].key);
    }
    min_heap_clear(&h);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_smallest_leaves_first),
        { NULL, NULL },
    };
    return unit_run("min_heap", tests);
}
