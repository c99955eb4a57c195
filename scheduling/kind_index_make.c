#include "scheduling/kind_index_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static const double WEIGHT_LAST = 0.1;   /* of what tells of reserved nodes only */

static size_t begin_of(const struct kind_index *ix, size_t leaf)
{
    return leaf * ix->n / ix->n_leaves;
}

/* What is being arranged: a need's weight is how much a difference in it tells, over the range of
 * all kinds. */
struct arrangement {
    struct kind_index *index;
    uint32_t *kinds;                     /* in the order of the leaves */
    const struct kind_need *needs;
    double weight[NEED_DIMENSIONS];
};

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t old = *a;
    *a = *b;
    *b = old;
}

/* Hoare's selection: afterwards none of the first `middle` needs more of the resource than any of
 * the others. */
static void split(uint32_t *kinds, size_t n, size_t middle, const struct kind_need *needs, int d)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        double pivot = needs[kinds[low + (high - low) / 2]].of[d];
        size_t i = low, j = high - 1;
        for (;; i++, j--) {
            while (needs[kinds[i]].of[d] < pivot)
                i++;
            while (needs[kinds[j]].of[d] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&kinds[i], &kinds[j]);
        }
        size_t cut = i > j + 1 ? i : j + 1;
        if (middle < cut && cut < high)
            high = cut;
        else if (cut < high)
            low = cut;
        else
            break;
    }
}

static struct kind_need spread_of(const uint32_t *kinds, size_t n, const struct kind_need *needs)
{
    struct kind_need least = needs[kinds[0]], most = least;
    for (size_t i = 1; i < n; i++)
        need_range_add(&least, &most, &needs[kinds[i]]);
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        most.of[d] -= least.of[d];
    return most;
}

/* When the scarcest resource is used up, of the others a part is still free and tells nothing about
 * who fits: a need weighs the more, the closer its resource is to being used up by then. */
static void weigh(struct arrangement *a, size_t n, const struct room *whole)
{
    static const int resource_of[NEED_DIMENSIONS] = {
        [NEED_SLOTS] = ROOM_SLOTS, [NEED_GPUS] = ROOM_GPUS, [NEED_MEMORY] = ROOM_MEMORY,
        [NEED_ALL_SLOTS] = ROOM_SLOTS, [NEED_ALL_GPUS] = ROOM_GPUS, [NEED_RANKS] = -1,
        [NEED_DURATION] = -1, [NEED_NO_GPU] = -1
    };
    struct kind_need spread = spread_of(a->kinds, n, a->needs);
    double share[ROOM_DIMENSIONS] = { 0 }, most = 0;
    for (int r = 0; r < ROOM_DIMENSIONS; r++) {
        for (size_t k = 0; k < n && whole->of[r] > 0; k++)
            share[r] += a->needs[k].of[r] / whole->of[r];
        most = fmax(most, share[r]);
    }
    for (int d = 0; d < NEED_DIMENSIONS; d++) {
        int r = resource_of[d];
        double weight = r >= 0 && most > 0 ? 1 / (1.01 - share[r] / most) : WEIGHT_LAST;
        a->weight[d] = d != NEED_RANKS && spread.of[d] > 0 ? weight / spread.of[d] : 0;
    }
}

/* The need by which to split; -1: the kinds are all equal. */
static int choose_dimension(const struct arrangement *a, const uint32_t *kinds, size_t n)
{
    struct kind_need spread = spread_of(kinds, n, a->needs);
    double most = 0;
    int best = -1;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        if (a->weight[d] * spread.of[d] > most) {
            most = a->weight[d] * spread.of[d];
            best = d;
        }
    return best;
}

static void arrange(const struct arrangement *a, size_t leaf, size_t n_leaves)
{
    const struct kind_index *ix = a->index;
    size_t begin = begin_of(ix, leaf), end = begin_of(ix, leaf + n_leaves),
           middle = begin_of(ix, leaf + n_leaves / 2);
    int d = n_leaves > 1 ? choose_dimension(a, a->kinds + begin, end - begin) : -1;
    if (d < 0)
        return;
    split(a->kinds + begin, end - begin, middle - begin, a->needs, d);
    arrange(a, leaf, n_leaves / 2);
    arrange(a, leaf + n_leaves / 2, n_leaves / 2);
}

/* Levels of groups above the leaves, eight times fewer each, up to one group. */
static void lay_out_levels(struct kind_index *ix)
{
    size_t counts[KIND_MOST_LEVELS], n = 0;
    for (size_t count = ix->n_leaves;; count = (count + KIND_FAN - 1) / KIND_FAN) {
        counts[n++] = count;
        if (count == 1)
            break;
    }
    ix->n_levels = n;
    for (size_t l = 1; l < n; l++)
        ix->begin[l] = ix->begin[l - 1] + counts[n - l];
}

static void empty_groups(struct kind_index *ix)
{
    size_t n = ix->begin[ix->n_levels - 1] + ix->n_leaves;
    ix->groups = xmalloc_aligned(2 * XALLOC_LINE, n * sizeof *ix->groups);
    for (size_t g = 0; g < n; g++)
        for (int i = 0; i < KIND_FAN; i++) {
            ix->groups[g].need[i] = need_lanes_most(&ix->lanes);
            ix->groups[g].first[i] = KIND_NO_KEY | i;
        }
}

static void fill_slots(struct kind_index *ix, const uint32_t *kinds, const struct kind_need *needs)
{
    for (size_t leaf = 0; leaf < ix->n_leaves; leaf++)
        for (size_t begin = begin_of(ix, leaf), i = begin; i < begin_of(ix, leaf + 1); i++) {
            uint32_t slot = (uint32_t)(leaf * KIND_FAN + (i - begin));
            ix->kind[slot] = kinds[i];
            ix->at[kinds[i]] =
                (struct kind_at){ need_lanes_of(&ix->lanes, &needs[kinds[i]]), slot };
        }
}

/* Keys and arrivals share the bits above those of the member and below the sign, if enough are left
 * to arrivals: more than tasks can ever arrive. */
static void lay_out_words(struct kind_index *ix, size_t n_keys)
{
    enum { BITS = 60, KEY_BITS = 53, ARRIVAL_BITS = 36 };
    int key_bits = n_keys > 0 ? 0 : KEY_BITS;
    while (key_bits < BITS && n_keys > UINT64_C(1) << key_bits)
        key_bits++;
    ix->lower_bits = BITS - key_bits;
    ix->scale = n_keys > 0 ? 1 : 0x1p53;
    if (n_keys == 0 || ix->lower_bits < ARRIVAL_BITS)
        ix->arrivals = xcalloc(ix->n, sizeof *ix->arrivals);
}

struct kind_index *kind_index_new(const struct kind_need *needs, size_t n, const struct room *whole,
                                  size_t n_keys)
{
    struct kind_index *ix = xcalloc(1, sizeof *ix);
    struct arrangement a = { .index = ix, .needs = needs, .kinds = xcalloc(n, sizeof *a.kinds) };
    ix->n = n;
    ix->n_leaves = 1;
    while (ix->n_leaves * KIND_FAN < n)
        ix->n_leaves *= 2;
    ix->at = xcalloc(n, sizeof *ix->at);
    ix->kind = xmalloc_aligned(XALLOC_LINE, ix->n_leaves * KIND_FAN * sizeof *ix->kind);
    memset(ix->kind, 0, ix->n_leaves * KIND_FAN * sizeof *ix->kind);
    for (size_t k = 0; k < n; k++)
        a.kinds[k] = (uint32_t)k;
    weigh(&a, n, whole);
    arrange(&a, 0, ix->n_leaves);
    need_lanes_init(&ix->lanes, needs, n);
    lay_out_levels(ix);
    lay_out_words(ix, n_keys);
    empty_groups(ix);
    fill_slots(ix, a.kinds, needs);
    free(a.kinds);
    return ix;
}

void kind_index_free(struct kind_index *ix)
{
    if (!ix)
        return;
    xfree(ix->groups, ix->arrivals, ix->kind, ix->at, ix);
}
