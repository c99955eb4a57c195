/* Oracle: an array indexed by the key. */
#include "base/key_map.h"

#include <stdbool.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { KEYS = 300, STEPS = 60000 };

struct value { double weight; uint32_t count; };

/* Keys that differ in their lower or in their upper bits only. */
static uint64_t key_of(size_t k)
{
    return k % 2 ? (uint64_t)k << 32 : k;
}

static bool agrees(const struct key_map *m, const double *weight, size_t k)
{
    const struct value *v = key_map_find(m, key_of(k));

    return weight[k] > 0 ? v && v->weight == weight[k] && v->count == k : !v;
}

static void what_was_added_is_found_until_it_is_removed(void)
{
    struct rng_stream stream = rng_stream(11, 0, RNG_TEST, 3);
    struct key_map m = { .value_size = sizeof(struct value) };
    double weight[KEYS] = { 0 };         /* 0: not in the map */
    size_t n = 0;

    for (uint64_t step = 0; step < STEPS; step++) {
        size_t k = (size_t)(KEYS * rng_uniform(&stream, 2 * step, 0));
        double draw = rng_uniform(&stream, 2 * step + 1, 0);

        if (draw < 0.5) {
            struct value *v = key_map_add(&m, key_of(k));

            CU_ASSERT(weight[k] > 0 || (v->weight == 0 && v->count == 0));
            *v = (struct value){ draw + 1, (uint32_t)k };
            n += weight[k] == 0;
            weight[k] = draw + 1;
        } else {
            key_map_remove(&m, key_of(k));
            n -= weight[k] > 0;
            weight[k] = 0;
        }
        CU_ASSERT(m.n == n && agrees(&m, weight, k) && agrees(&m, weight, (k + 17) % KEYS));
    }
    for (size_t k = 0; k < KEYS; k++)
        CU_ASSERT(agrees(&m, weight, k));
    key_map_clear(&m);
}

static void room_is_that_of_the_most_at_once(void)
{
    struct key_map m = { .value_size = sizeof(struct value) };

    for (uint64_t k = 0; k < 100000; k++) {
        key_map_add(&m, k);
        if (k >= 10)
            key_map_remove(&m, k - 10);
    }
    CU_ASSERT(m.n == 10 && m.room <= 32);
    key_map_empty(&m);
    CU_ASSERT(m.n == 0 && !key_map_find(&m, 99999));
    CU_ASSERT(((struct value *)key_map_add(&m, 99999))->count == 0);
    key_map_clear(&m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_was_added_is_found_until_it_is_removed),
        UNIT_TEST(room_is_that_of_the_most_at_once),
        { NULL, NULL },
    };
    return unit_run("key_map", tests);
}
