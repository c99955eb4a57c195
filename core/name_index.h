/* core/name_index.h - names to numbers, each name once. Adding and finding cost O(length of the
 * name). */
#ifndef DAGCAST_CORE_NAME_INDEX_H
#define DAGCAST_CORE_NAME_INDEX_H

struct name_index;
struct name_index *name_index_new(void);
void name_index_free(struct name_index *index);           /* NULL allowed */

/* Names are borrowed and must outlive the index. Returns -1, or the id the name already has (then
 * nothing is added). */
int name_index_add(struct name_index *index, const char *name, int id);
/* the id; -1: none */
int name_index_find(const struct name_index *index, const char *name);
/* The name that was added as the place-th, from 0 */
const char *name_index_name(const struct name_index *index, int place);
/* by edit distance; NULL: none is near */
const char *name_index_nearest(const struct name_index *index, const char *word);

#endif
