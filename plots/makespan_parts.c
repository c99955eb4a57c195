#include "plots/makespan_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"
#include "plots/style.h"

#define SLIVER 0.005                     /* of the longest bar: 3 of some 600 pixels */
enum { PARTS_MOST = STYLE_COLOURS + 3 };         /* further ones are one part, the last */

struct part { char *name; double *seconds, total; };     /* seconds: one a bar */

static struct part *part_named(struct makespan_parts *p, char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_equal(p->at[i].name, name)) {
            free(name);
            return &p->at[i];
        }
    xgrow(&p->at, &p->room, p->n + 1, sizeof *p->at);
    p->at[p->n] = (struct part){ .name = name, .seconds = xcalloc(p->n_bars, sizeof(double)) };
    return &p->at[p->n++];
}

void makespan_parts_add(struct makespan_parts *p, char *name, size_t bar, double seconds)
{
    struct part *part = part_named(p, name);
    part->seconds[bar] += isfinite(seconds) ? seconds : 0;
    part->total += isfinite(seconds) ? seconds : 0;
}

void makespan_parts_clear(struct makespan_parts *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->at[i].name);
        free(p->at[i].seconds);
    }
    free(p->at);
    *p = (struct makespan_parts){ 0 };
}

static int by_total(const void *left, const void *right)                 /* most first */
{
    const struct part *a = left, *b = right;
    return (a->total < b->total) - (a->total > b->total);
}

/* How many parts, the largest first, keep an entry of their own. The rest are too many, or
 * slivers in every bar. */
static size_t parts_kept(const struct makespan_parts *p)
{
    double longest_s = 0;
    size_t kept = 0;
    for (size_t m = 0; m < p->n_bars; m++) {
        double sum_s = 0;
        for (size_t i = 0; i < p->n; i++)
            sum_s += p->at[i].seconds[m];
        longest_s = fmax(longest_s, sum_s);
    }
    for (size_t i = 0; i < p->n && i < PARTS_MOST - 1; i++)
        for (size_t m = 0; m < p->n_bars; m++)
            if (p->at[i].seconds[m] >= SLIVER * longest_s)
                kept = i + 1;
    return kept;
}

/* Merges the parts that keep no entry of their own; a single one keeps its name. */
static void merge_small(struct makespan_parts *p)
{
    size_t kept = parts_kept(p);
    if (kept + 1 >= p->n)
        return;
    struct part *rest = &p->at[kept];
    free(rest->name);
    rest->name = str_format("%zu smaller parts", p->n - kept);
    for (; p->n > kept + 1; p->n--) {
        struct part *last = &p->at[p->n - 1];
        for (size_t m = 0; m < p->n_bars; m++)
            rest->seconds[m] += last->seconds[m];
        free(last->name);
        free(last->seconds);
    }
}

static int draw_parts(const struct makespan_parts *p, const char *const *bar_names, const char *title,
                      const char *path, struct error *err)
{
    const char **names = xcalloc(p->n, sizeof *names);
    double *values = xcalloc(p->n * p->n_bars, sizeof *values);
    struct stacked_bar *bars = xcalloc(p->n_bars, sizeof *bars);
    for (size_t i = 0; i < p->n; i++) {
        names[i] = p->at[i].name;
        for (size_t m = 0; m < p->n_bars; m++)
            values[m * p->n + i] = p->at[i].seconds[m];
    }
    for (size_t m = 0; m < p->n_bars; m++)
        bars[m] = (struct stacked_bar){ bar_names[m], values + m * p->n };
    const struct stacked_picture picture = { .title = title, .x_name = "makespan [s]",
                                             .part_names = names, .n_parts = p->n, .bars = bars,
                                             .n_bars = p->n_bars };
    int status = plot_stacked(&picture, path, err);
    free(names);
    free(values);
    free(bars);
    return status;
}

int makespan_parts_draw(struct makespan_parts *p, const char *const *bar_names, const char *title,
                        const char *path, struct error *err)
{
    if (p->n == 0)
        return error_set(err, "no mode spends any time");
    qsort(p->at, p->n, sizeof *p->at, by_total);
    merge_small(p);
    return draw_parts(p, bar_names, title, path, err);
}
