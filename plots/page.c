#include "plots/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "plots/gnuplot.h"

enum { TITLE_HEIGHT = 34, LEGEND_ROW = 20, ROW_TITLE = 32, TIME_NUMBERS = 40, GAP = 10, GLYPH_WIDTH = 7, BOX = 12, LEFT_LEAST = 72, NODE_NAME_MOST = 18 };

/* --- title and legend ----------------------------------------------------------------------------------------------- */

static char *title_of(const struct picture *picture, const char *what)
{
    const struct timeline *t = picture->panels[0].timeline;
    size_t nodes = t->platform->n_nodes;

    if (picture->title)
        return xstrdup(picture->title);
    return str_format("%s: %s on %s (%zu node%s)", what, t->workflow->name, t->platform->name, nodes, nodes == 1 ? "" : "s");
}

/* How many characters a reader sees of an UTF-8 text. */
static int glyphs(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

struct legend_pen { int x, row; };       /* where the next entry goes */

/* A filled box and its text. PX() and PY() are the script's own: the page's height is not known yet. */

static void add_entry(struct page *p, struct legend_pen *pen, size_t fill, const char *text)
{
    int width = BOX + 6 + glyphs(text) * GLYPH_WIDTH + 18;

    if (pen->x + width > PAGE_WIDTH - PAGE_RIGHT && pen->x > p->left) {
        pen->x = p->left;
        pen->row++;
    }
    int y = TITLE_HEIGHT + pen->row * LEGEND_ROW;

    char *box = str_format("set object rectangle from screen PX(%d),PY(%d) to screen PX(%d),PY(%d) ", pen->x, y + BOX, pen->x + BOX, y);

    str_add(&p->legend, box);
    style_add_fill(&p->legend, fill);
    str_add(&p->legend, "\n");
    struct str hatch = { 0 };
    if (style_add_hatch(&hatch, fill))
        str_addf(&p->legend, "%s%s\n", box, hatch.text);
    str_clear(&hatch);
    free(box);
    str_addf(&p->legend, "set label %d ", 10 + p->n_entries++);
    gnuplot_add_quoted(&p->legend, text);
    str_addf(&p->legend, " at screen PX(%d),PY(%d) left front\n", pen->x + BOX + 6, y + BOX / 2);
    pen->x += width;
    p->legend_rows = pen->row + 1;
}

static void add_legend(struct page *p, bool held)
{
    struct legend_pen pen = { p->left, 0 };

    for (size_t i = 0; i < p->labels.n; i++)
        add_entry(p, &pen, i, p->labels.names[i]);
    if (held)
        add_entry(p, &pen, STYLE_HELD, "blocked: given to a task, but not executing");
}

/* --- time -------------------------------------------------------------------------------------------------------------- */

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
            int length = glyphs(name);

            longest = length > longest ? length : longest;
            free(name);
        }
    }
    longest = longest < NODE_NAME_MOST ? longest : NODE_NAME_MOST;
    return LEFT_LEAST > 36 + GLYPH_WIDTH * longest ? LEFT_LEAST : 36 + GLYPH_WIDTH * longest;
}

int page_width(const struct page *p)
{
    return PAGE_WIDTH - PAGE_RIGHT - p->left;
}

int page_begin(struct page *p, const struct picture *picture, const char *what, bool held, struct error *err)
{
    double span_s = longest_makespan(picture);

    *p = (struct page){ 0 };
    if (isnan(span_s))
        return error_set(err, "the timeline cannot be drawn: no task of it has started and stopped");
    p->picture = picture;
    p->span_s = span_s > 0 ? span_s : 1;
    choose_unit(p);
    p->left = left_of(picture);
    p->title = title_of(picture, what);
    p->labels = style_labels_of(picture->panels[0].timeline->workflow);
    add_legend(p, held);
    return 0;
}

void page_clear(struct page *p)
{
    for (size_t i = 0; i < p->n_rows; i++)
        str_clear(&p->rows[i].body);
    free(p->rows);
    free(p->title);
    str_clear(&p->legend);
    style_labels_clear(&p->labels);
    *p = (struct page){ 0 };
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

char *page_panel_title(const struct picture_panel *panel, const char *more)
{
    double makespan_s = timeline_makespan(panel->timeline);

    return str_format("%s%smakespan %.*f s%s%s", panel->name ? panel->name : "", panel->name ? ": " : "", makespan_s < 100 ? 1 : 0,
                      makespan_s, more ? ", " : "", more ? more : "");
}

struct str *page_row(struct page *p, int height, const char *title, bool time_numbers)
{
    xgrow(&p->rows, &p->room, p->n_rows + 1, sizeof *p->rows);
    struct page_row *row = &p->rows[p->n_rows++];

    *row = (struct page_row){ .height = height, .above = title ? ROW_TITLE : GAP, .below = time_numbers ? TIME_NUMBERS : 0 };
    if (title) {
        str_add(&row->body, "set label 1 ");
        gnuplot_add_quoted(&row->body, title);
        str_add(&row->body, " at graph 0,1 left offset 0,0.7 font FONT(13) front\n");
    } else {
        str_add(&row->body, "unset label 1\n");
    }
    if (time_numbers)
        str_addf(&row->body, "set format x '%%g'\nset xlabel 'time since the first task started [%s]' offset 0,0.4\n", p->unit);
    else
        str_add(&row->body, "set format x ''\nunset xlabel\n");
    return &row->body;
}

void page_y_name(struct str *row, const char *name)
{
    str_add(row, "set label 3 ");
    gnuplot_add_quoted(row, name);
    str_add(row, " at screen PX(16), graph 0.5 rotate center font FONT(11) front\n");
}

void page_mark_end(const struct page *p, struct str *row, const struct timeline *t)
{
    double end = page_time(p, t, timeline_last_stop(t));

    str_addf(row, "set arrow 1 from first %.9g, graph 0 to first %.9g, graph 1 nohead front linecolor rgb '#404040' dashtype '-' "
             "linewidth 1\n", end, end);
}

/* --- the whole page ---------------------------------------------------------------------------------------------------- */

static void add_head(const struct page *p, struct str *script, int height)
{
    str_addf(script, "set encoding utf8\nPX(x) = x / %d.0\nPY(y) = 1 - y / %d.0\n", PAGE_WIDTH, height);
    str_add(script, "set multiplot\nset border 3 linewidth 0.8 linecolor rgb '#404040'\nset tics nomirror out scale 0.6\n"
                    "set grid xtics ytics back linecolor rgb '#D8D8D8' linewidth 0.5 dashtype 1\nunset key\nset style fill noborder\n");
    str_addf(script, "set xrange [0:%.9g]\n", p->span_s / p->unit_s * 1.01);
    str_addf(script, "set lmargin at screen PX(%d)\nset rmargin at screen PX(%d)\n", p->left, PAGE_WIDTH - PAGE_RIGHT);
    str_add(script, "set label 2 ");
    gnuplot_add_quoted(script, p->title);
    str_addf(script, " at screen PX(%d),PY(%d) left font FONT(17) front\n", p->left, TITLE_HEIGHT / 2);
    str_add_n(script, p->legend.text, p->legend.length);
}

int page_draw(struct page *p, const char *path, struct error *err)
{
    struct str script = { 0 };
    int y = TITLE_HEIGHT + p->legend_rows * LEGEND_ROW, height = y + GAP;

    for (size_t i = 0; i < p->n_rows; i++)
        height += p->rows[i].above + p->rows[i].height + p->rows[i].below;
    add_head(p, &script, height);
    for (size_t i = 0; i < p->n_rows; i++) {
        const struct page_row *row = &p->rows[i];

        y += row->above;
        str_addf(&script, "set tmargin at screen PY(%d)\nset bmargin at screen PY(%d)\n", y, y + row->height);
        str_add_n(&script, row->body.text, row->body.length);
        if (i == 0)                      /* title and legend belong to the page: drawn once, with its first row */
            str_add(&script, "unset label\n");
        str_add(&script, "unset object\nunset arrow\n");
        y += row->height + row->below;
    }
    str_add(&script, "unset multiplot\n");
    int status = gnuplot_draw(script.text, PAGE_WIDTH, height, path, err);

    str_clear(&script);
    return status;
}
