#include "study/contrast.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"

const char *contrast_verdict_name(enum contrast_verdict v)
{
    static const char *const names[] = { "cannot compare", "best", "the same", "not shown",
                                         "slower", "faster, incomplete" };
    return names[v];
}

/* ---- which axes, which groups ---- */

static int no_such_axis(const struct sheet *s, const char *name, size_t length, struct error *err)
{
    char *word = xstrndup(name, length);
    const char **names = xcalloc(s->n_axes + 1, sizeof *names);
    for (size_t i = 0; i < s->n_axes; i++)
        names[i] = s->axes[i];
    const char *near = str_nearest(word, names);
    error_set(err, "the study has no setting '%s'%s%s%s", word, near ? "; did you mean '" : "",
              near ? near : "", near ? "'?" : "");
    xfree(names, word);
    return -1;
}

static int choose_axes(const struct sheet *s, const char *by, struct contrast *c, struct error *err)
{
    c->axes = xcalloc(s->n_axes + 1, sizeof *c->axes);
    for (size_t i = 0; !by && i < s->n_axes; i++)
        if (sheet_varies(s, i))
            c->axes[c->n_axes++] = i;
    for (size_t length; by; by = by[length] ? by + length + 1 : NULL) {
        length = strcspn(by, ",");
        size_t axis = sheet_find_axis(s, by, length);
        if (axis == s->n_axes)
            return no_such_axis(s, by, length, err);
        for (size_t i = 0; i < c->n_axes; i++)
            if (c->axes[i] == axis)
                return error_set(err, "setting '%s' is named twice", s->axes[axis]);
        c->axes[c->n_axes++] = axis;
    }
    return 0;
}

/* The values of the axes in use, as a key. */
static char *key_of(const struct sheet *s, size_t row, const bool *use)
{
    struct str key = { 0 };
    for (size_t i = 0; i < s->n_axes; i++) {
        if (use[i])
            setting_value_add(&key, sheet_value(s, row, i));
        str_add(&key, "\n");
    }
    return str_take(&key);
}

/* Numbers rows by the values of some axes: two rows get the same number when they agree in all of
 * them. Returns how many there are. */
static size_t number_rows(const struct sheet *s, const bool *use, size_t *number, size_t *first)
{
    struct name_index *index = name_index_new();
    char **keys = xcalloc(s->n_rows, sizeof *keys);
    size_t n = 0;
    for (size_t r = 0; r < s->n_rows; r++) {
        keys[r] = key_of(s, r, use);
        int known = name_index_add(index, keys[r], (int)n);
        number[r] = known < 0 ? n : (size_t)known;
        if (known < 0)
            first[n++] = r;
    }
    name_index_free(index);
    for (size_t r = 0; r < s->n_rows; r++)
        free(keys[r]);
    free(keys);
    return n;
}

/* ---- figures of a group ---- */

struct cells {                           /* the rows by group and condition */
    size_t n_groups, n_conditions;
    /* row-major, group * n_conditions + condition; NULL: none that ran */
    const struct result **at;
    /* conditions that all groups have run, but those that could run nothing */
    bool *shared;
    size_t n_shared;
};

static void find_shared(const struct contrast *c, struct cells *cells)
{
    for (size_t k = 0; k < cells->n_conditions; k++) {
        cells->shared[k] = true;
        for (size_t g = 0; g < cells->n_groups; g++)
            cells->shared[k] = cells->shared[k] &&
                               (c->groups[g].n_rows == 0 || cells->at[g * cells->n_conditions + k]);
        cells->n_shared += cells->shared[k];
    }
}

/* Replicas that every shared condition of the group has. */
static size_t replicas_of(const struct cells *cells, size_t group)
{
    size_t n = SIZE_MAX;
    for (size_t k = 0; k < cells->n_conditions; k++) {
        const struct result *r = cells->at[group * cells->n_conditions + k];
        if (cells->shared[k])
            n = !r ? 0 : r->n < n ? r->n : n;
    }
    return cells->n_shared > 0 ? n : 0;
}

/* x[r], NAN where a condition's replica is incomplete; *n of them. free() it. */
static double *means_of(const struct cells *cells, size_t group, size_t *n)
{
    *n = replicas_of(cells, group);
    double *x = xcalloc(*n, sizeof *x);
    for (size_t k = 0; k < cells->n_conditions; k++)
        for (size_t r = 0; cells->shared[k] && r < *n; r++)
            x[r] +=
                cells->at[group * cells->n_conditions + k]->makespans[r] / (double)cells->n_shared;
    return x;
}

static void set_mean(const struct cells *cells, size_t group, struct contrast_group *g)
{
    size_t n;
    double *x = means_of(cells, group, &n), sum = 0;
    for (size_t r = 0; r < n; r++)
        if (!isnan(x[r])) {
            sum += x[r];
            g->n++;
        }
    free(x);
    g->n_conditions = cells->n_shared;
    g->mean_s = g->n > 0 ? sum / (double)g->n : NAN;
}

static void set_difference(const struct cells *cells, size_t group, const double *best,
                           size_t n_best, struct contrast_group *g)
{
    size_t n, both = 0;
    double *x = means_of(cells, group, &n), *a = xcalloc(n, sizeof *a), *b = xcalloc(n, sizeof *b);
    for (size_t r = 0; r < n && r < n_best; r++)
        if (!isnan(x[r]) && !isnan(best[r])) {
            a[both] = best[r];
            b[both++] = x[r];
        }
    g->p = 1;
    g->difference_s = NAN;
    if (both > 0) {
        g->difference_s = stats_paired_difference(a, b, both, &g->ci95);
        g->p = stats_paired_p(a, b, both);
    }
    xfree(x, a, b);
}

/* The least mean; a group that gives up tasks in any replica only where all do. */
static size_t find_best(const struct contrast *c)
{
    for (int whole = 1; whole >= 0; whole--) {
        size_t best = c->n_groups;
        for (size_t g = 0; g < c->n_groups; g++) {
            const struct contrast_group *at = &c->groups[g];
            if (isnan(at->mean_s) || (whole && at->share_incomplete > 0))
                continue;
            if (best == c->n_groups || at->mean_s < c->groups[best].mean_s)
                best = g;
        }
        if (best < c->n_groups)
            return best;
    }
    return c->n_groups;
}

static void correct(struct contrast *c)
{
    double *p = xcalloc(c->n_groups, sizeof *p);
    size_t n = 0;
    c->n_pairs = (double)c->n_groups * (double)(c->n_groups - 1) / 2;
    for (size_t g = 0; g < c->n_groups; g++)
        if (g != c->best)
            p[n++] = c->groups[g].p;
    if (n > 0)
        stats_holm(p, n, c->n_pairs);
    for (size_t g = 0, i = 0; g < c->n_groups; g++) {
        struct contrast_group *at = &c->groups[g];
        if (g == c->best)
            continue;
        at->p = p[i++];
        at->verdict =
            isnan(at->difference_s)  ? CONTRAST_NONE
            : at->p < CONTRAST_LEVEL ? (at->difference_s > 0 ? CONTRAST_SLOWER : CONTRAST_FASTER)
            : at->difference_s == 0 && at->ci95.low == 0 && at->ci95.high == 0 ? CONTRAST_SAME
                                                                               : CONTRAST_OPEN;
    }
    free(p);
}

static void compare(const struct cells *cells, struct contrast *c)
{
    for (size_t g = 0; g < c->n_groups; g++)
        set_mean(cells, g, &c->groups[g]);
    c->best = find_best(c);
    if (c->best == c->n_groups)
        return;
    size_t n;
    double *best = means_of(cells, c->best, &n);
    for (size_t g = 0; g < c->n_groups; g++)
        set_difference(cells, g, best, n, &c->groups[g]);
    c->groups[c->best].verdict = CONTRAST_BEST;
    free(best);
    correct(c);
}

/* ---- all of it ---- */

static void fill_groups(const struct sheet *s, const size_t *group_of, const size_t *condition_of,
                        struct cells *cells, struct contrast *c)
{
    for (size_t r = 0; r < s->n_rows; r++) {
        struct contrast_group *g = &c->groups[group_of[r]];
        const struct result *row = s->rows[r];
        if (row->error) {
            g->n_errors++;
            continue;
        }
        g->share_incomplete =
            (g->share_incomplete * (double)g->n_rows + row->figures[FIGURE_SHARE_INCOMPLETE]) /
            (double)(g->n_rows + 1);
        g->n_rows++;
        cells->at[group_of[r] * cells->n_conditions + condition_of[r]] = row;
    }
}

static void group_rows(const struct sheet *s, struct contrast *c)
{
    bool *use = xcalloc(s->n_axes + 1, sizeof *use);
    size_t *group_of = xcalloc(s->n_rows, sizeof *group_of),
           *condition_of = xcalloc(s->n_rows, sizeof *condition_of);
    size_t *first = xcalloc(s->n_rows, sizeof *first);
    for (size_t i = 0; i < c->n_axes; i++)
        use[c->axes[i]] = true;
    c->n_groups = number_rows(s, use, group_of, first);
    c->groups = xcalloc(c->n_groups, sizeof *c->groups);
    for (size_t g = 0; g < c->n_groups; g++)
        c->groups[g] = (struct contrast_group){ .row = first[g], .mean_s = NAN, .difference_s = NAN,
                                                .p = 1 };
    for (size_t i = 0; i < s->n_axes; i++)
        use[i] = !use[i];
    struct cells cells = { .n_groups = c->n_groups,
                           .n_conditions = number_rows(s, use, condition_of, first) };
    cells.at = xcalloc(cells.n_groups * cells.n_conditions, sizeof *cells.at);
    cells.shared = xcalloc(cells.n_conditions, sizeof *cells.shared);
    fill_groups(s, group_of, condition_of, &cells, c);
    find_shared(c, &cells);
    compare(&cells, c);
    xfree(cells.at, cells.shared, use, group_of, condition_of, first);
}

int contrast_of(const struct sheet *s, const char *by, struct contrast *out, struct error *err)
{
    *out = (struct contrast){ 0 };
    if (choose_axes(s, by, out, err)) {
        contrast_clear(out);
        return -1;
    }
    if (s->n_rows > 0)
        group_rows(s, out);
    return 0;
}

void contrast_clear(struct contrast *c)
{
    xfree(c->axes, c->groups);
    *c = (struct contrast){ 0 };
}
