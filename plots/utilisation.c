#include "base/xalloc.h"
#include "plots/picture_impl.h"

#include <math.h>
#include <stdlib.h>

#include "core/usage.h"
#include "plots/stack.h"

enum { ROW_HEIGHT = 150 };

const char *slots_word(const struct platform *p)
{
    return p->slot_kind == SLOT_THREAD ? "hardware threads" : "cores";
}

/* "cores busy 45 %, blocked 2 %, free 53 %". New string. */
static char *utilisation_text(const struct timeline *t, const struct metrics *m,
                              enum curve_kind kind)
{
    double busy = 100 * (kind == CURVE_GPUS ? m->utilisation_gpus : m->utilisation_slots);
    double held = 100 * (kind == CURVE_GPUS ? m->held_gpus : m->held_slots);
    if (isnan(busy))
        return str_format("%s: no time in which any are busy",
                          kind == CURVE_GPUS ? "GPUs" : slots_word(t->platform));
    return str_format("%s: busy %.1f %%, blocked %.1f %%, free %.1f %%",
                      kind == CURVE_GPUS ? "GPUs" : slots_word(t->platform), busy, held - busy,
                      100 - held);
}

/* Per cent of `total` in use by each label; behind the labels what is held, but does not execute.
 */
static struct bins bins_of(const struct page *p, const struct timeline *t, enum curve_kind kind,
                           double total)
{
    double first_s = timeline_first_start(t);
    struct bins b = bins_new(first_s, first_s + p->span_s, (size_t)page_width(p), p->labels.n + 1);
    struct usage_reader *reader = usage_reader_new(t);
    size_t *label = style_labels_for(&p->labels, t->workflow);
    struct usage u;
    for (size_t i = 0; i < t->n; i++) {
        if (!usage_read(reader, i, &u))
            continue;
        double share = 100 * (kind == CURVE_GPUS ? u.gpus : u.slots) / total;

        bins_add(&b, label[u.set], u.started_s, u.stopped_s, share);
        bins_add(&b, p->labels.n, u.held_from_s, u.started_s, share);
        bins_add(&b, p->labels.n, u.stopped_s, u.held_to_s, share);
    }
    free(label);
    usage_reader_free(reader);
    bins_finish(&b);
    return b;
}

void utilisation_row(struct page *p, const struct timeline *t, enum curve_kind kind,
                     struct row_look look)
{
    bool gpus = kind == CURVE_GPUS;
    double total = (double)(gpus ? platform_gpus(t->platform) : platform_usable_slots(t->platform));
    struct bins b = bins_of(p, t, kind, total);
    struct str *row = page_row(p, look.height, look.title, look.time_numbers);
    str_addf(row, "set yrange [0:104]\nset ytics %d\n", look.height < 100 ? 50 : 25);
    sheet_y_name(row, gpus                                    ? "GPUs [%]"
                      : t->platform->slot_kind == SLOT_THREAD ? "threads [%]"
                                                              : "cores [%]");
    page_mark_end(p, row, t);
    stack_add(p, row, &b);
    str_add(row, "set ytics auto\n");
    bins_clear(&b);
}

int plot_utilisation(const struct picture *picture, const char *path, struct error *err)
{
    struct page p;
    if (page_begin(&p, picture, "Utilisation", true, err))
        return -1;
    for (size_t i = 0; i < picture->n_panels; i++) {
        const struct timeline *t = picture->panels[i].timeline;
        bool gpus = platform_gpus(t->platform) > 0, last = i + 1 == picture->n_panels;
        struct metrics m = metrics_of(t);
        char *of_slots = utilisation_text(t, &m, CURVE_SLOTS),
             *of_gpus = utilisation_text(t, &m, CURVE_GPUS);
        char *title = page_panel_title(&picture->panels[i], of_slots);
        utilisation_row(&p, t, CURVE_SLOTS, (struct row_look){ ROW_HEIGHT, title, last && !gpus });
        if (gpus)
            utilisation_row(&p, t, CURVE_GPUS, (struct row_look){ ROW_HEIGHT, of_gpus, last });
        xfree(title, of_slots, of_gpus);
    }
    return page_draw(&p, path, err);
}
