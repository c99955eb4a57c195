/* base/key_map.h - 64-bit keys to small values, added and removed all the time: open addressing, memory by the most that were in it
 * at once.
 *
 *     struct key_map m = { .value_size = sizeof(struct place) };
 *     struct place *p = key_map_add(&m, 7);
 */
#ifndef DAGCAST_BASE_KEY_MAP_H
#define DAGCAST_BASE_KEY_MAP_H

#include <stddef.h>
#include <stdint.h>

#define KEY_MAP_NONE UINT64_MAX          /* no key may be this one */

struct key_map {
    size_t value_size;                   /* set by the caller, before the first key */
    size_t n;                            /* keys in it */
    size_t room;                         /* private, as what follows; a power of two */
    uint64_t *keys;
    unsigned char *values;
};
/* Values may move with every key added or removed. All O(1). */
void *key_map_add(struct key_map *m, uint64_t key);      /* the key's value; zeros where the key is new */
void *key_map_find(const struct key_map *m, uint64_t key);               /* NULL: it is not there */
void key_map_remove(struct key_map *m, uint64_t key);    /* fine where it is not there */
void key_map_empty(struct key_map *m);                   /* keeps its memory */
void key_map_clear(struct key_map *m);

#endif
