#include "plots/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "plots/style.h"

#define SLIVER 0.005                     /* of the longest bar: 3 of some 600 pixels */
enum { PARTS_MOST = STYLE_COLOURS + 3 };         /* further ones are merged */

struct part {
    char *name, *class;
    double *seconds, total; /* seconds: one a bar */
    int label;
    bool executes;
};

static struct part *part_named(struct makespan_parts *p, const struct makespan_part *part)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_equal(p->at[i].name, part->name)) {
            free(part->name);
            return &p->at[i];
        }
    xgrow(&p->at, &p->room, p->n + 1, sizeof *p->at);
    p->at[p->n] = (struct part){ .name = part->name,
                                 .class = xstrdup(part->class ? part->class : ""),
                                 .seconds = xcalloc(p->n_bars, sizeof(double)),
                                 .label = part->label,
                                 .executes = part->executes };
    return &p->at[p->n++];
}

void makespan_parts_add(struct makespan_parts *p, const struct makespan_part *of, size_t bar,
                        double seconds)
{
    struct part *part = part_named(p, of);
    part->seconds[bar] += isfinite(seconds) ? seconds : 0;
    part->total += isfinite(seconds) ? seconds : 0;
}

static void clear_part(struct part *part)
{
    xfree(part->name, part->class, part->seconds);
}

void makespan_parts_clear(struct makespan_parts *p)
{
    for (size_t i = 0; i < p->n; i++)
        clear_part(&p->at[i]);
    free(p->at);
    *p = (struct makespan_parts){ 0 };
}

SORT_ORDER(by_total, struct part, SORT_LAST_DOWN(total))

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

/* Adds part `from` to part `to`, of the same class, and closes the gap. */
static void merge(struct makespan_parts *p, size_t to, size_t from)
{
    for (size_t m = 0; m < p->n_bars; m++)
        p->at[to].seconds[m] += p->at[from].seconds[m];
    clear_part(&p->at[from]);
    memmove(&p->at[from], &p->at[from + 1], (--p->n - from) * sizeof *p->at);
}

/* Of the parts that keep no entry of their own, those of one class become one; a single one keeps
 * its name. */
static void merge_small(struct makespan_parts *p)
{
    for (size_t i = parts_kept(p); i < p->n; i++) {
        size_t merged = 1;
        for (size_t k = i + 1; k < p->n;)
            if (str_equal(p->at[k].class, p->at[i].class)) {
                merge(p, i, k);
                merged++;
            } else {
                k++;
            }
        if (merged == 1)
            continue;
        const char *class = p->at[i].class;
        free(p->at[i].name);
        p->at[i].label = -1;
        p->at[i].name = str_format("%zu smaller parts%s%s", merged, *class ? " of " : "", class);
    }
}

/* A set that executes has its own colour; what is lost to it that colour, paled. */
static size_t *fills_of(const struct makespan_parts *p)
{
    size_t *fills = xcalloc(p->n + 1, sizeof *fills), greys = 0;
    for (size_t i = 0; i < p->n; i++) {
        const struct part *part = &p->at[i];
        size_t before = 0;
        for (size_t k = 0; k < i; k++)
            before += p->at[k].label == part->label && !p->at[k].executes;
        fills[i] = part->label < 0  ? STYLE_GREY(greys++)
                   : part->executes ? (size_t)part->label
                                    : STYLE_LOST((size_t)part->label, before);
    }
    return fills;
}

static int draw_parts(const struct makespan_parts *p, const char *const *bar_names,
                      const char *title, const char *path, struct error *err)
{
    const char **names = xcalloc(p->n, sizeof *names);
    double *values = xcalloc(p->n * p->n_bars, sizeof *values);
    size_t *fills = fills_of(p);
    struct stacked_bar *bars = xcalloc(p->n_bars, sizeof *bars);
    for (size_t i = 0; i < p->n; i++) {
        names[i] = p->at[i].name;
        for (size_t m = 0; m < p->n_bars; m++)
            values[m * p->n + i] = p->at[i].seconds[m];
    }
    for (size_t m = 0; m < p->n_bars; m++)
        bars[m] = (struct stacked_bar){ bar_names[m], values + m * p->n };
    const struct stacked_picture picture = { .title = title,
                                             .x_name = "makespan [s]",
                                             .part_names = names,
                                             .fills = fills,
                                             .n_parts = p->n,
                                             .bars = bars,
                                             .n_bars = p->n_bars };
    int status = plot_stacked(&picture, path, err);
    xfree(fills, names, values, bars);
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
