#include "plots/stack.h"

#include <stdbool.h>

#include "plots/picture_impl.h"

static bool bins_equal(const struct bins *b, size_t i, size_t j)
{
    for (size_t label = 0; label < b->n_labels; label++)
        if (bins_at(b, label, i) != bins_at(b, label, j))
            return false;
    return true;
}

/* One line: the time, then the sums of the first 1, 2, ... labels in bin i. */
static void add_sums(const struct page *p, struct str *row, const struct bins *b, double time_s,
                     size_t i)
{
    double sum = 0;
    str_addf(row, "%.7g", time_s / p->unit_s);
    for (size_t label = 0; label < b->n_labels; label++) {
        sum += bins_at(b, label, i);
        str_addf(row, " %.5g", sum);
    }
    str_add(row, "\n");
}

/* Steps: two lines for each run of equal bins, at its begin and its end. */
static void add_data(const struct page *p, struct str *row, const struct bins *b)
{
    str_add(row, "$stack << END\n");
    for (size_t i = 0, end; i < b->n; i = end) {
        for (end = i + 1; end < b->n && bins_equal(b, i, end); end++)
            ;
        add_sums(p, row, b, (double)i * b->width_s, i);
        add_sums(p, row, b, (double)end * b->width_s, i);
    }
    str_add(row, "END\n");
}

/* A hatch lies on the label's own area alone: gnuplot draws hatches slowly. */
static void add_hatch(struct str *row, size_t label, size_t fill)
{
    struct str hatch = { 0 };
    if (style_add_hatch(&hatch, fill))      /* never the first label, so there is a column below */
        str_addf(row, ", \\\n     $stack using 1:%zu:%zu with filledcurves %s", label + 1,
                 label + 2, hatch.text);
    str_clear(&hatch);
}

/* From the top of the stack down, each area from 0 to its sum: the next covers all but what is its
 * own, and leaves no seam. */
void stack_add(const struct page *p, struct str *row, const struct bins *b)
{
    add_data(p, row, b);
    str_add(row, "plot ");
    for (size_t label = b->n_labels; label-- > 0;) {
        size_t fill = label < p->labels.n ? label : STYLE_HELD;
        str_addf(row, "$stack using 1:%zu with filledcurves y1=0 ", label + 2);
        style_add_fill(row, fill);
        add_hatch(row, label, fill);
        str_add(row, label ? ", \\\n     " : "\n");
    }
}

void stacked_row(struct page *p, const struct timeline *t, struct bins *b, const char *y_name,
                 double most, struct row_look look)
{
    struct str *row = page_row(p, look.height, look.title, look.time_numbers);
    page_count_axis(row, most);
    sheet_y_name(row, y_name);
    page_mark_end(p, row, t);
    stack_add(p, row, b);
    bins_clear(b);
}
