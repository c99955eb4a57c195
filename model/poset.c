#include "model/poset.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/xalloc.h"

#define NONE (-1)

struct poset {
    size_t n, words;
    uint64_t *before;                    /* element * words + w */
};

static uint64_t *row(const struct poset *p, size_t element)
{
    return p->before + element * p->words;
}

static bool has(const uint64_t *set, int element)
{
    return set[element / 64] >> (element % 64) & 1;
}

static void add(uint64_t *set, int element)
{
    set[element / 64] |= UINT64_C(1) << (element % 64);
}

static void drop(uint64_t *set, int element)
{
    set[element / 64] &= ~(UINT64_C(1) << (element % 64));
}

/* Where each element's edges to its successors begin in `after`, n + 1 entries. */
static size_t *index_edges(size_t n, const struct poset_edge *edges, size_t n_edges, int *after)
{
    size_t *first = xcalloc(n + 2, sizeof *first), *next = first + 1;
    for (size_t e = 0; e < n_edges; e++)
        next[edges[e].before + 1]++;
    for (size_t i = 0; i < n; i++)
        next[i + 1] += next[i];
    for (size_t e = 0; e < n_edges; e++)
        after[next[edges[e].before]++] = edges[e].after;
    return first;
}

/* Elements in topological order; each hands what precedes it on to its successors. */
static void close_transitively(struct poset *p, const struct poset_edge *edges, size_t n_edges)
{
    int *after = xcalloc(n_edges, sizeof *after), *order = xcalloc(p->n, sizeof *order);
    size_t *first = index_edges(p->n, edges, n_edges, after), *left = xcalloc(p->n, sizeof *left),
           n = 0;
    for (size_t e = 0; e < n_edges; e++)
        left[edges[e].after]++;
    for (size_t i = 0; i < p->n; i++)
        if (left[i] == 0)
            order[n++] = (int)i;
    for (size_t head = 0; head < n; head++) {
        int a = order[head];
        for (size_t k = first[a]; k < first[a + 1]; k++) {
            uint64_t *to = row(p, (size_t)after[k]);
            for (size_t w = 0; w < p->words; w++)
                to[w] |= row(p, (size_t)a)[w];
            add(to, a);
            if (--left[after[k]] == 0)
                order[n++] = after[k];
        }
    }
    assert(n == p->n);
    xfree(after, order, first, left);
}

struct poset *poset_new(size_t n, const struct poset_edge *edges, size_t n_edges)
{
    struct poset *p = xcalloc(1, sizeof *p);
    p->n = n;
    p->words = (n + 63) / 64;
    p->before = xcalloc(n * p->words, sizeof *p->before);
    close_transitively(p, edges, n_edges);
    return p;
}

void poset_free(struct poset *p)
{
    if (!p)
        return;
    xfree(p->before, p);
}

bool poset_precedes(const struct poset *p, int a, int b)
{
    return has(row(p, (size_t)b), a);
}

size_t poset_words(const struct poset *p)
{
    return p->words;
}

const uint64_t *poset_before(const struct poset *p, int b)
{
    return row(p, (size_t)b);
}

/* Hopcroft and Karp. Left element b may be matched with any right element a that precedes it. */
struct matching {
    const struct poset *p;
    int *right_of, *left_of;             /* partner, or NONE */
    /* right elements at distance 2 d + 1 from a free left one, as sets; shrink as they are used */
    uint64_t **layers;
    size_t n_layers, layer_room;
    uint64_t *unseen;
    int *frontier, *next_frontier;       /* left elements */
    int *path;                           /* left elements of the alternating path at hand */
};

static uint64_t *new_layer(struct matching *m)
{
    size_t had = m->layer_room;
    xgrow(&m->layers, &m->layer_room, m->n_layers + 1, sizeof *m->layers);
    for (size_t i = had; i < m->layer_room; i++)
        m->layers[i] = xcalloc(m->p->words, sizeof *m->layers[i]);
    uint64_t *layer = m->layers[m->n_layers++];
    memset(layer, 0, m->p->words * sizeof *layer);
    return layer;
}

/* Right elements not seen before that a left element reaches go to the layer, their partners to the
 * next frontier. Returns the new frontier's length; *found when one of them is free. */
static size_t reach(struct matching *m, int left, uint64_t *layer, size_t n_next, bool *found)
{
    for (size_t w = 0; w < m->p->words; w++) {
        uint64_t fresh = row(m->p, (size_t)left)[w] & m->unseen[w];
        m->unseen[w] &= ~fresh;
        layer[w] |= fresh;
        for (; fresh; fresh &= fresh - 1) {
            int partner = m->left_of[w * 64 + (size_t)bits_lowest(fresh)];
            if (partner == NONE)
                *found = true;
            else
                m->next_frontier[n_next++] = partner;
        }
    }
    return n_next;
}

/* Breadth first from all free left elements, up to the first layer with a free right element; false
 * if there is none. */
static bool build_layers(struct matching *m)
{
    size_t n = 0;
    bool found = false;
    m->n_layers = 0;
    memset(m->unseen, 0xff, m->p->words * sizeof *m->unseen);
    for (size_t i = 0; i < m->p->n; i++)
        if (m->right_of[i] == NONE)
            m->frontier[n++] = (int)i;
    while (n > 0 && !found) {
        uint64_t *layer = new_layer(m);
        size_t n_next = 0;
        for (size_t i = 0; i < n; i++)
            n_next = reach(m, m->frontier[i], layer, n_next, &found);
        int *swap = m->frontier;
        m->frontier = m->next_frontier;
        m->next_frontier = swap;
        n = n_next;
    }
    return found;
}

static int pick(const struct matching *m, int left, size_t layer)
{
    for (size_t w = 0; w < m->p->words; w++) {
        uint64_t both = row(m->p, (size_t)left)[w] & m->layers[layer][w];
        if (both)
            return (int)(w * 64) + bits_lowest(both);
    }
    return NONE;
}

/* Depth first through the layers; each right element is tried once a phase. True: a path was found
 * and the matching grew by one. */
static bool augment(struct matching *m, int from)
{
    size_t depth = 0;
    m->path[0] = from;
    for (;;) {
        int right = pick(m, m->path[depth], depth);
        if (right == NONE) {
            if (depth-- == 0)
                return false;
            continue;
        }
        drop(m->layers[depth], right);
        if (m->left_of[right] == NONE) {
            for (size_t i = depth + 1; i-- > 0;) {
                int freed = m->right_of[m->path[i]];
                m->right_of[m->path[i]] = right;
                m->left_of[right] = m->path[i];
                right = freed;
            }
            return true;
        }
        if (depth + 1 < m->n_layers)
            m->path[++depth] = m->left_of[right];
    }
}

size_t poset_width(const struct poset *p)
{
    struct matching m = { .p = p };
    m.right_of = xcalloc(p->n, sizeof *m.right_of);
    m.left_of = xcalloc(p->n, sizeof *m.left_of);
    m.frontier = xcalloc(p->n, sizeof *m.frontier);
    m.next_frontier = xcalloc(p->n, sizeof *m.next_frontier);
    m.path = xcalloc(p->n + 1, sizeof *m.path);
    m.unseen = xcalloc(p->words, sizeof *m.unseen);
    for (size_t i = 0; i < p->n; i++)
        m.right_of[i] = m.left_of[i] = NONE;
    size_t matched = 0;
    while (build_layers(&m))
        for (size_t i = 0; i < p->n; i++)
            matched += m.right_of[i] == NONE && augment(&m, (int)i);
    for (size_t i = 0; i < m.layer_room; i++)
        free(m.layers[i]);
    xfree(m.layers, m.right_of, m.left_of, m.frontier, m.next_frontier, m.path, m.unseen);
    return p->n - matched;
}
