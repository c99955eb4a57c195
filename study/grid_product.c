/* study/grid_product.c - the member "grid" of a study: lists of values, and each combination. */
#include "study/grid_impl.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/names.h"

static int read_factor(const struct grid *g, const struct json *at, struct grid_factor *f,
                       struct error *err)
{
    *f = (struct grid_factor){ .axis = grid_axis(g, at->key) };
    if (json_expect_array(at, err))
        return -1;
    if (json_count(at) == 0)
        return json_error(at, err, "is empty; list at least one value");
    f->values = xcalloc(json_count(at), sizeof *f->values);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        if (setting_read(g->axes[f->axis].id, policy_names, &e, &f->values[f->n], err))
            return -1;
        for (size_t i = 0; i < f->n; i++)
            if (setting_value_equal(&f->values[i], &f->values[f->n]))
                return json_error(&e, err, "is the same value as number %zu of the list", i + 1);
        f->n++;
    }
    return 0;
}

int grid_product_read(const struct grid *g, const struct json *root, struct grid_product *p,
                      struct error *err)
{
    struct json grid = json_member(root, "grid"), points = json_member(root, "points");
    *p = (struct grid_product){ .n_rows = 1 };
    if (!grid.value)
        return 0;
    p->factors = xcalloc(json_count(&grid) + 1, sizeof *p->factors);
    for (struct json e = json_first(&grid); e.value; e = json_next(&e)) {
        if (json_is_comment(e.key))
            continue;
        if (json_has(root, e.key))
            return json_error(&e, err, "is also given for all points; give it once");
        for (struct json q = json_first(&points); q.value; q = json_next(&q))
            if (json_has(&q, e.key))
                return json_error(&e, err, "is also given in `points`; give it once");
        struct grid_factor *f = &p->factors[p->n_factors++];
        if (read_factor(g, &e, f, err))
            return -1;
        p->n_rows *= f->n;
        if (p->n_rows > GRID_MOST_POINTS)
            return json_error(&grid, err, "has more than %d points", GRID_MOST_POINTS);
    }
    return 0;
}

void grid_product_clear(struct grid_product *p)
{
    for (size_t i = 0; i < p->n_factors; i++)
        free(p->factors[i].values);
    free(p->factors);
}

void grid_product_fill(const struct grid_product *p, size_t k, struct setting_value *row)
{
    for (size_t i = p->n_factors; i-- > 0; k /= p->factors[i].n)
        row[p->factors[i].axis] = p->factors[i].values[k % p->factors[i].n];
}
