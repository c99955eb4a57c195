#include "scheduling/node_set.h"

#include <assert.h>
#include <stdlib.h>

#include "base/bits.h"
#include "base/compiler.h"
#include "base/xalloc.h"

void node_set_init(struct node_set *s, size_t n_nodes)
{
    size_t words = n_nodes;
    *s = (struct node_set){ 0 };
    do {
        words = (words + 63) / 64;
        assert(s->n_levels < NODE_SET_LEVELS);
        s->n_words[s->n_levels] = words;
        s->level[s->n_levels++] = xcalloc(words, sizeof(uint64_t));
    } while (words > 1);
    s->top = s->level[s->n_levels - 1];
}

void node_set_clear(struct node_set *s)
{
    for (size_t l = 0; l < s->n_levels; l++)
        free(s->level[l]);
    *s = (struct node_set){ 0 };
}

OUT_OF_LINE void node_set_follow(struct node_set *s, uint32_t node)
{
    size_t at = node / 64;
    for (size_t l = 1; l < s->n_levels; l++, at /= 64) {
        uint64_t *word = &s->level[l][at / 64], before = *word;
        *word = before ^ UINT64_C(1) << (at % 64);
        if (before != 0 && *word != 0)
            return;
    }
}

void node_set_add(struct node_set *s, size_t from, size_t end)
{
    for (size_t l = 0; l < s->n_levels && from < end; l++) {
        bits_add_range(s->level[l], from, end);
        from /= 64;
        end = (end - 1) / 64 + 1;
    }
}

void node_set_remove(struct node_set *s, size_t from, size_t end)
{
    for (size_t l = 0; l < s->n_levels && from < end; l++) {
        const uint64_t *words = s->level[l];
        bits_remove_range(s->level[l], from, end);
        end = (end - 1) / 64 + (words[(end - 1) / 64] == 0);
        from = from / 64 + (words[from / 64] != 0);      /* those between are empty */
    }
}

uint32_t node_set_first(const struct node_set *s, uint32_t from)
{
    size_t at = from, l = 0;
    for (;; l++) {                               /* climb until a word has a bit at `at` or above */
        if (l == s->n_levels || at / 64 >= s->n_words[l])
            return NODE_SET_NONE;
        uint64_t rest = s->level[l][at / 64] & ~UINT64_C(0) << (at % 64);
        if (rest) {
            at = at / 64 * 64 + (size_t)bits_lowest(rest);
            break;
        }
        at = at / 64 + 1;
    }
    for (; l > 0; l--)                           /* and down to the first node below that bit */
        at = at * 64 + (size_t)bits_lowest(s->level[l - 1][at]);
    return (uint32_t)at;
}
