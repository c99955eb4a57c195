/* The first node with room, against a look at each node. */
#include "scheduling/room_tree.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { MOST = 100 };

static uint32_t plain_first(const struct room *rooms, uint32_t n, const struct room *need,
                            uint32_t from)
{
    for (uint32_t node = from; node < n; node++)
        if (rooms[node].of[0] >= need->of[0] && rooms[node].of[1] >= need->of[1] &&
            rooms[node].of[2] >= need->of[2])
            return node;
    return ROOM_TREE_NONE;
}

/* The most of each; also where it was changed since, and not searched. */
static void knows_the_most(struct room_tree *t, const struct room *rooms, uint32_t n)
{
    struct room got = room_tree_most(t);
    for (int d = 0; d < ROOM_DIMENSIONS; d++) {
        double most = rooms[0].of[d];
        for (uint32_t node = 1; node < n; node++)
            most = rooms[node].of[d] > most ? rooms[node].of[d] : most;
        CU_ASSERT_EQUAL_FATAL(got.of[d], most);
    }
}

static struct room any_room(uint64_t number, uint64_t at)
{
    return (struct room){ { given_choice(number, at, 0, 9), given_choice(number, at + 1, 0, 9),
                            given_choice(number, at + 2, 0, 9) } };
}

static void finds_the_first_node_with_room(void)
{
    static const uint32_t sizes[] = { 1, 2, 3, 16, 37, MOST };
    for (uint64_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct room rooms[MOST];
        struct room_tree t;
        uint32_t n = sizes[i];
        room_tree_init(&t, n);
        for (uint32_t node = 0; node < n; node++)
            rooms[node] = (struct room){ { -1, -1, -1 } };
        for (uint64_t step = 0; step < 1000; step++) {
            uint32_t node = (uint32_t)given_choice(i, 20 * step, 0, (int)n - 1),
                     from = (uint32_t)given_choice(i, 20 * step + 1, 0, (int)n);
            struct room need = any_room(i, 20 * step + 2);
            rooms[node] = any_room(i, 20 * step + 5);
            room_tree_set(&t, node, &rooms[node]);
            if (step % 7 == 0)
                knows_the_most(&t, rooms, n);
            if (step % 3 > 0)
                continue;
            CU_ASSERT_EQUAL_FATAL(room_tree_first(&t, &need, from),
                                  plain_first(rooms, n, &need, from));
        }
        room_tree_clear(&t);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(finds_the_first_node_with_room),
                                              { NULL, NULL } };
    return unit_run("room_tree", tests);
}
