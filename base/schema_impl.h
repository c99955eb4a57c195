/* base/schema_impl.h - what the schema*.c share. */
#ifndef DAGCAST_BASE_SCHEMA_IMPL_H
#define DAGCAST_BASE_SCHEMA_IMPL_H

#include "base/schema.h"

/* Over the fields of a schema, one by one where a row stands for many:
 *     for (struct schema_walk w = schema_fields(s); (f = schema_next(&w));) ... */
struct schema_walk {
    const struct schema *schema;
    size_t row, member;
    struct schema_field one;             /* of a row of many: valid until the next call */
};
static inline struct schema_walk schema_fields(const struct schema *s)
{
    return (struct schema_walk){ .schema = s };
}
const struct schema_field *schema_next_of_many(struct schema_walk *w);
static inline const struct schema_field *schema_next(struct schema_walk *w)      /* NULL: no more */
{
    if (w->row == w->schema->n_fields)
        return NULL;
    const struct schema_field *row = &w->schema->fields[w->row];
    if (!row->key)
        return schema_next_of_many(w);
    w->row++;
    return row;
}

void schema_set_default(const struct schema_field *f, void *object);

static inline void *schema_member(const struct schema_field *f, void *object)
{
    return (char *)object + f->offset;
}

static inline const void *schema_const_member(const struct schema_field *f, const void *object)
{
    return (const char *)object + f->offset;
}

static inline bool schema_is_limited(const struct schema_field *f)
{
    return f->min != 0 || f->max != 0;
}

#endif
