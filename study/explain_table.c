#include "study/explain_table.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"

/* The first set that bears each set's label. */
static int *labels_of(const struct workflow *w)
{
    struct name_index *index = name_index_new();
    int *label = xcalloc(w->n_sets, sizeof *label);
    for (size_t s = 0; s < w->n_sets; s++) {
        int known = name_index_add(index, w->sets[s].label, (int)s);
        label[s] = known < 0 ? (int)s : known;
    }
    name_index_free(index);
    return label;
}

static double largest(const struct explain_row *r)
{
    double most = 0;
    for (int m = 0; m < MODES; m++)
        most = r->seconds[m] > most ? r->seconds[m] : most;
    return most;
}

static int compare_rows(const void *a, const void *b)
{
    const struct explain_row *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    double p = largest(x), q = largest(y);
    return (p < q) - (p > q);
}

static void add_kind(struct explain_table *t, const struct workflow *w, const int *label,
                     const struct explanation of[MODES], int kind)
{
    size_t n = w->n_sets + 1;
    size_t room = t->n;
    bool any = false;
    for (int m = 0; m < MODES; m++)
        any = any || of[m].seconds[kind];
    if (!any)
        return;
    struct explain_row *rows = xcalloc(n, sizeof *rows);
    for (size_t b = 0; b < n; b++) {
        size_t into = b == 0 ? 0 : (size_t)label[b - 1] + 1;
        rows[b].kind = (enum explain_kind)kind;
        rows[b].label = b == 0 ? NULL : w->sets[b - 1].label;
        for (int m = 0; m < MODES; m++)
            rows[into].seconds[m] += explanation_of(&of[m], (enum explain_kind)kind, (int)b - 1);
    }
    for (size_t b = 0; b < n; b++)
        if (largest(&rows[b]) > 0) {
            xgrow(&t->rows, &room, t->n + 1, sizeof *t->rows);
            t->rows[t->n++] = rows[b];
        }
    free(rows);
}

struct explain_table explain_table_of(const struct workflow *w, const struct explanation of[MODES])
{
    struct explain_table t = { 0 };
    int *label = labels_of(w);
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        add_kind(&t, w, label, of, k);
    sort_items(t.rows, t.n, sizeof *t.rows, compare_rows);
    free(label);
    return t;
}

void explain_table_clear(struct explain_table *t)
{
    free(t->rows);
    *t = (struct explain_table){ 0 };
}

size_t explain_chain(const struct workflow *w, const struct explain_path *p, const char **labels,
                     size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n && n < most; i++) {
        if (p->steps[i].kind != EXPLAIN_WORK)
            continue;
        const char *label = w->sets[p->steps[i].blame].label;
        if (n == 0 || !str_equal(labels[n - 1], label))
            labels[n++] = label;
    }
    return n;
}
