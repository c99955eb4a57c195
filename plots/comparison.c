#include "base/xalloc.h"
#include "plots/picture_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"

enum { GANTT_HEIGHT = 200, CURVE_HEIGHT = 66, LINES_HEIGHT = 130 };

/* "24.5 % less than sequential, cores busy 31.0 %, GPUs busy 88.2 %": what goes into a panel's
 * title. Where either leaves tasks undone, how much less it takes says nothing. New string. */
static char *facts_of(const struct page *p, const struct picture_panel *panel)
{
    const struct picture_panel *first = &p->picture->panels[0];
    struct metrics m = metrics_of(panel->timeline), m_first = metrics_of(first->timeline);
    double less = 1 - m.makespan_s / m_first.makespan_s;
    bool complete = m.n_done == panel->timeline->workflow->n_tasks &&
                    m_first.n_done == first->timeline->workflow->n_tasks;
    struct str facts = { 0 };
    if (panel != first && first->name && complete && m_first.makespan_s > 0)
        str_addf(&facts, "%.1f %% %s than %s, ", 100 * fabs(less), less < 0 ? "more" : "less",
                 first->name);
    if (isnan(m.utilisation_slots))
        return str_take(&facts);
    str_addf(&facts, "%s busy %.1f %%", slots_word(panel->timeline->platform),
             100 * m.utilisation_slots);
    if (!isnan(m.utilisation_gpus))
        str_addf(&facts, ", GPUs busy %.1f %%", 100 * m.utilisation_gpus);
    return str_take(&facts);
}

/* One timeline: its Gantt chart, below it what of cores and GPUs is in use. */
static void add_panel(struct page *p, const struct picture_panel *panel)
{
    const struct timeline *t = panel->timeline;
    bool gpus = platform_gpus(t->platform) > 0;
    char *more = facts_of(p, panel), *title = page_panel_title(panel, more);
    gantt_row(p, t, (struct row_look){ GANTT_HEIGHT, title, false });
    utilisation_row(p, t, CURVE_SLOTS, (struct row_look){ CURVE_HEIGHT, NULL, false });
    if (gpus)
        utilisation_row(p, t, CURVE_GPUS, (struct row_look){ CURVE_HEIGHT, NULL, false });
    xfree(title, more);
}

int plot_comparison(const struct picture *picture, const char *path, struct error *err)
{
    struct page p;
    if (page_begin(&p, picture, "Comparison", true, err))
        return -1;
    gantt_explain(&p);
    for (size_t i = 0; i < picture->n_panels; i++)
        add_panel(&p, &picture->panels[i]);
    running_lines_row(&p, (struct row_look){ LINES_HEIGHT, "running tasks", true });
    return page_draw(&p, path, err);
}

int plot_all(const struct picture *picture, const char *folder, struct error *err)
{
    static const struct {
        const char *name;
        int (*draw)(const struct picture *p, const char *path, struct error *err);
    } kinds[] = {
        { "comparison", plot_comparison },
        { "gantt", plot_gantt },
        { "utilisation", plot_utilisation },
        { "concurrency", plot_concurrency },
    };
    static const char *const extensions[] = { "svg", "png" };
    int status = file_make_dirs(folder, err);

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !status; k++)
        for (size_t e = 0; e < 2 && !status; e++) {
            char *path = str_format("%s/%s.%s", folder, kinds[k].name, extensions[e]);
            status = kinds[k].draw(picture, path, err);
            free(path);
        }
    return status;
}
