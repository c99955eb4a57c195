#include "base/xalloc.h"
#include "plots/picture_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "core/usage.h"
#include "plots/stack.h"

enum { ROW_HEIGHT = 200 };

static struct bins bins_of(const struct page *p, const struct timeline *t)
{
    double first_s = timeline_first_start(t);
    struct bins b = bins_new(first_s, first_s + p->span_s, (size_t)page_width(p), p->labels.n);
    struct usage_reader *reader = usage_reader_new(t);
    size_t *label = style_labels_for(&p->labels, t->workflow);
    struct usage u;
    for (size_t i = 0; i < t->n; i++)
        if (usage_read(reader, i, &u))
            bins_add(&b, label[u.set], u.started_s, u.stopped_s, 1);
    free(label);
    usage_reader_free(reader);
    bins_finish(&b);
    return b;
}

/* --- a line a panel --------------------------------------------------------------------------- */

/* All running tasks of one timeline, as steps between its bins. */
static void add_line_data(const struct page *p, struct str *row, const struct timeline *t,
                          size_t panel)
{
    struct bins b = bins_of(p, t);
    double before = NAN;
    str_addf(row, "$line%zu << END\n0 0\n", panel);
    for (size_t i = 0; i < b.n; i++) {
        double sum = 0;
        for (size_t label = 0; label < b.n_labels; label++)
            sum += bins_at(&b, label, i);
        if (sum != before)
            str_addf(row, "%.7g %.5g\n", (double)i * b.width_s / p->unit_s, sum);
        before = sum;
    }
    str_addf(row, "%.7g 0\nEND\n", p->span_s / p->unit_s);
    bins_clear(&b);
}

static double most_running(const struct picture *picture)
{
    double most = 1;
    for (size_t i = 0; i < picture->n_panels; i++)
        most = fmax(most, (double)metrics_of(picture->panels[i].timeline).max_running);
    return 1.05 * most;
}

void running_lines_row(struct page *p, struct row_look look)
{
    const struct picture *picture = p->picture;
    struct str *row = page_row(p, look.height, look.title, look.time_numbers);
    page_count_axis(row, 1.25 * most_running(picture));
    str_add(row, "set key inside top right horizontal Left reverse\n");
    sheet_y_name(row, "running tasks");
    for (size_t i = 0; i < picture->n_panels; i++)
        add_line_data(p, row, picture->panels[i].timeline, i);
    str_add(row, "plot ");
    for (size_t i = 0; i < picture->n_panels; i++) {
        const char *name = picture->panels[i].name;
        str_addf(row, "%s$line%zu using 1:2 with steps ", i ? ", \\\n     " : "", i);
        style_add_grey_line(row, i);
        str_add(row, " title ");
        escape_gnuplot(row, name ? name : "");
    }
    str_add(row, "\nunset key\n");
}

int plot_concurrency(const struct picture *picture, const char *path, struct error *err)
{
    struct page p;
    if (page_begin(&p, picture, "Running tasks", false, err))
        return -1;
    double most = most_running(picture);

    for (size_t i = 0; i < picture->n_panels; i++) {
        const struct timeline *t = picture->panels[i].timeline;
        char *peak = str_format("at most %zu tasks at once", metrics_of(t).max_running);
        char *title = page_panel_title(&picture->panels[i], peak);
        struct bins b = bins_of(&p, t);
        stacked_row(&p, t, &b, "running tasks", most,
                    (struct row_look){ ROW_HEIGHT, title, i + 1 == picture->n_panels });
        xfree(title, peak);
    }
    return page_draw(&p, path, err);
}
