#include "plots/page.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/metrics.h"

enum { LEFT_LEAST = 72, NAMES_MARGIN = 46 };        /* pixels; the margin holds the axis's name */

/* --- title and legend ------------------------------------------------------------------------- */

static char *title_of(const struct picture *picture, const char *what)
{
    const struct timeline *t = picture->panels[0].timeline;
    size_t nodes = t->platform->n_nodes;
    if (picture->title)
        return xstrdup(picture->title);
    return str_format("%s: %s on %s (%zu node%s)", what, t->workflow->name, t->platform->name,
                      nodes, nodes == 1 ? "" : "s");
}

static void add_legend(struct page *p, bool held)
{
    for (size_t i = 0; i < p->labels.n; i++)
        sheet_add_fill_entry(&p->sheet, i, p->labels.names[i]);
    if (held)
        sheet_add_fill_entry(&p->sheet, STYLE_HELD, "blocked: given to a task, but not executing");
}

/* --- time ------------------------------------------------------------------------------------- */

static void choose_unit(struct page *p)
{
    bool days = p->span_s > 4 * 86400.0, hours = p->span_s > 6 * 3600.0;
    p->unit_s = days ? 86400 : hours ? 3600 : 1;
    p->unit = days ? "d" : hours ? "h" : "s";
}

double page_time(const struct page *p, const struct timeline *t, double time_s)
{
    return (time_s - timeline_first_start(t)) / p->unit_s;
}

static double longest_makespan(const struct picture *picture)
{
    double longest_s = NAN;
    for (size_t i = 0; i < picture->n_panels; i++)
        longest_s = fmax(longest_s, timeline_makespan(picture->panels[i].timeline));
    return longest_s;
}

/* Room for the longest name of a node, and for the axis's own. */
static int left_of(const struct picture *picture)
{
    int longest = 0;
    for (size_t i = 0; i < picture->n_panels; i++) {
        const struct platform *platform = picture->panels[i].timeline->platform;
        for (size_t k = 0; k < platform->n_nodes; k++) {
            char *name = platform_node_name(platform, k);
            int length = (int)str_characters(name);
            longest = length > longest ? length : longest;
            free(name);
        }
    }
    longest = longest < PAGE_NODE_NAME ? longest : PAGE_NODE_NAME;
    int left = NAMES_MARGIN + SHEET_GLYPH * longest;

    return LEFT_LEAST > left ? LEFT_LEAST : left;
}

int page_width(const struct page *p)
{
    return sheet_width(&p->sheet);
}

/* Everything but labels and legend. */
static int begin(struct page *p, const struct picture *picture, const char *what, struct error *err)
{
    double span_s = longest_makespan(picture);
    *p = (struct page){ 0 };
    if (isnan(span_s))
        return error_set(err,
                         "the timeline cannot be drawn: no task of it has started and stopped");
    p->picture = picture;
    p->span_s = span_s > 0 ? span_s : 1;
    choose_unit(p);
    sheet_init(&p->sheet, title_of(picture, what), left_of(picture));
    return 0;
}

int page_begin(struct page *p, const struct picture *picture, const char *what, bool held,
               struct error *err)
{
    if (begin(p, picture, what, err))
        return -1;
    p->labels = style_labels_of(picture->panels[0].timeline->workflow);
    add_legend(p, held);
    return 0;
}

int page_begin_named(struct page *p, const struct picture *picture, const char *what,
                     const char *const *names, size_t n, struct error *err)
{
    if (begin(p, picture, what, err))
        return -1;
    p->labels = (struct style_labels){ .n = n, .names = xcalloc(n, sizeof *p->labels.names) };
    for (size_t i = 0; i < n; i++)
        p->labels.names[i] = xstrdup(names[i]);
    add_legend(p, false);
    return 0;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* " (12 h 24 min)" where seconds alone are hard to grasp */
static void add_hours(struct str *title, double seconds)
{
    long minutes = lround(seconds / 60);
    if (seconds >= 3600)
        str_addf(title, " (%ld h %02ld min)", minutes / 60, minutes % 60);
}

/* ", 3 failed, 1 killed": attempts, where there are such */
static void add_losses(struct str *title, const struct timeline *t)
{
    struct metrics m = metrics_of(t);
    const struct {
        const char *what;
        size_t n;
    } losses[] = { { "failed", m.n_failed },
                   { "killed", m.n_killed },
                   { "cut off", m.n_cut },
                   { "cancelled", m.n_cancelled } };

    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        if (losses[i].n > 0)
            str_addf(title, ", %zu %s", losses[i].n, losses[i].what);
}

char *page_panel_title(const struct picture_panel *panel, const char *more)
{
    double makespan_s = timeline_makespan(panel->timeline);
    struct str title = { 0 };
    str_addf(&title, "%s%smakespan %.*f s", panel->name ? panel->name : "", panel->name ? ": " : "",
             makespan_s < 100 ? 1 : 0, makespan_s);
    add_hours(&title, makespan_s);
    str_addf(&title, "%s%s", more ? ", " : "", more ? more : "");
    add_losses(&title, panel->timeline);
    return str_take(&title);
}

struct str *page_row(struct page *p, int height, const char *title, bool time_numbers)
{
    char *time_name =
        time_numbers ? str_format("time since the first task started [%s]", p->unit) : NULL;
    struct str *row = sheet_row(&p->sheet, height, title, time_name);
    free(time_name);
    return row;
}

void page_mark_end(const struct page *p, struct str *row, const struct timeline *t)
{
    double end = page_time(p, t, timeline_last_stop(t));
    str_addf(row,
             "set arrow 1 from first %.9g, graph 0 to first %.9g, graph 1 nohead front linecolor "
             "rgb '#404040' dashtype '-' linewidth 1\n",
             end, end);
}

void page_count_axis(struct str *row, double most)
{
    str_addf(row, "set yrange [0:%.9g]\nset ytics %s scale 0.6\n", most, most < 6 ? "1" : "auto");
}

int page_draw(struct page *p, const char *path, struct error *err)
{
    char *head = str_format("set xrange [0:%.9g]\n", p->span_s / p->unit_s * 1.01);
    int status = sheet_draw(&p->sheet, head, path, err);
    free(head);
    sheet_clear(&p->sheet);
    style_labels_clear(&p->labels);
    return status;
}
