#include "plots/sheet.h"

#include <stdlib.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "plots/gnuplot.h"
#include "plots/style.h"

/* characters */
enum { TITLE_MOST = 105, LEGEND_MOST = 60, ROW_TITLE_MOST = 140, ROW_NAME_MOST = 40 };
enum {
    TITLE_HEIGHT = 34, LEGEND_ROW = 20, ROW_TITLE = 32, AXIS_NUMBERS = 40, GAP = 10, BOX = 12,
    LINE = 30, ROW_NAME_MARGIN = 36,
};

void sheet_init(struct sheet *s, char *title, int left)
{
    *s = (struct sheet){ .title = title, .left = left, .legend_x = left };
}

void sheet_clear(struct sheet *s)
{
    for (size_t i = 0; i < s->n_rows; i++)
        str_clear(&s->rows[i].body);
    xfree(s->rows, s->title);
    str_clear(&s->legend);
    *s = (struct sheet){ 0 };
}

void sheet_add_quoted(struct str *script, const char *text, int most)
{
    char *shown = str_shortened(text, most);
    escape_gnuplot(script, shown);
    free(shown);
}

void sheet_add_tic(struct str *script, const char *text, int most)
{
    char *shown = str_shortened(text, most);
    struct str format = { 0 };
    for (const char *c = shown; *c; c++)
        str_add_n(&format, *c == '%' ? "%%" : c, *c == '%' ? 2 : 1);
    escape_gnuplot(script, format.text ? format.text : "");
    str_clear(&format);
    free(shown);
}

static int shown_glyphs(const char *text, int most)
{
    int n = (int)str_characters(text);
    return n < most ? n : most;
}

void sheet_name_rows(struct sheet *s, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int left = ROW_NAME_MARGIN + SHEET_GLYPH * shown_glyphs(names[i], ROW_NAME_MOST);
        s->left = left > s->left ? left : s->left;
    }
    s->legend_x = s->left;
}

void sheet_rows_axis(struct str *row, const char *const *names, size_t n)
{
    str_addf(row, "set yrange [%zu.5:-0.5]\nset ytics scale 0 (", n - 1);
    for (size_t i = 0; i < n; i++) {
        str_add(row, i ? ", " : "");
        sheet_add_tic(row, names[i], ROW_NAME_MOST);
        str_addf(row, " %zu", i);
    }
    str_add(row, ")\n");
}

int sheet_width(const struct sheet *s)
{
    return SHEET_WIDTH - SHEET_RIGHT - s->left;
}

/* The legend's next place, from the left and then down: *x and *y of its upper left corner. Adds
 * its text behind a mark of that width. */
static void add_entry(struct sheet *s, int mark, const char *text, int *x, int *y)
{
    int width = mark + 6 + shown_glyphs(text, LEGEND_MOST) * SHEET_GLYPH + 18;
    if (s->legend_rows == 0)
        s->legend_rows = 1;
    if (s->legend_x + width > SHEET_WIDTH - SHEET_RIGHT && s->legend_x > s->left) {
        s->legend_x = s->left;
        s->legend_rows++;
    }
    *x = s->legend_x;
    *y = TITLE_HEIGHT + (s->legend_rows - 1) * LEGEND_ROW;
    str_addf(&s->legend, "set label %d ", 10 + s->n_entries++);
    sheet_add_quoted(&s->legend, text, LEGEND_MOST);
    str_addf(&s->legend, " at screen PX(%d),PY(%d) left front\n", *x + mark + 6, *y + BOX / 2);
    s->legend_x += width;
}

static void add_line(struct sheet *s, size_t line, int x, int y)
{
    str_addf(&s->legend,
             "set arrow %d from screen PX(%d),PY(%d) to screen PX(%d),PY(%d) nohead front ",
             1000 + s->n_entries, x, y + BOX / 2, x + LINE, y + BOX / 2);
    style_add_line(&s->legend, line);
    str_add(&s->legend, "\n");
}

void sheet_add_line_entry(struct sheet *s, size_t line, const char *text)
{
    int x, y;
    add_entry(s, LINE, text, &x, &y);
    add_line(s, line, x, y);
}

void sheet_add_symbol_entry(struct sheet *s, size_t line, int point_type, bool with_line,
                            const char *text)
{
    int x, y, mark = with_line ? LINE : BOX;
    add_entry(s, mark, text, &x, &y);
    if (with_line)
        add_line(s, line, x, y);
    str_addf(&s->legend,
             "set label %d '' at screen PX(%d),PY(%d) point pointtype %d pointsize 0.9 linecolor "
             "rgb '%s' front\n",
             1000 + s->n_entries, x + mark / 2, y + BOX / 2, point_type, style_colour(line));
}

void sheet_add_fill_entry(struct sheet *s, size_t fill, const char *text)
{
    int x, y;
    add_entry(s, BOX, text, &x, &y);
    char *box =
        str_format("set object rectangle from screen PX(%d),PY(%d) to screen PX(%d),PY(%d) ", x,
                   y + BOX, x + BOX, y);
    struct str hatch = { 0 };

    str_add(&s->legend, box);
    style_add_fill(&s->legend, fill);
    str_add(&s->legend, "\n");
    if (style_add_hatch(&hatch, fill))
        str_addf(&s->legend, "%s%s\n", box, hatch.text);
    str_clear(&hatch);
    free(box);
}

void sheet_add_note(struct sheet *s, const char *text)
{
    int x, y;
    add_entry(s, 0, text, &x, &y);
}

struct str *sheet_row(struct sheet *s, int height, const char *title, const char *x_name)
{
    xgrow(&s->rows, &s->room, s->n_rows + 1, sizeof *s->rows);
    struct sheet_row *row = &s->rows[s->n_rows++];

    *row = (struct sheet_row){ .height = height, .above = title ? ROW_TITLE : GAP,
                               .below = x_name ? AXIS_NUMBERS : 0 };
    str_add(&row->body, "unset label 3\n");
    if (title) {
        str_add(&row->body, "set label 1 ");
        sheet_add_quoted(&row->body, title, ROW_TITLE_MOST);
        str_add(&row->body, " at graph 0,1 left offset 0,0.7 font FONT(13) front\n");
    } else {
        str_add(&row->body, "unset label 1\n");
    }
    if (x_name) {
        str_add(&row->body, "set format x '%g'\nset xlabel ");
        escape_gnuplot(&row->body, x_name);
        str_add(&row->body, " offset 0,0.4\n");
    } else {
        str_add(&row->body, "set format x ''\nunset xlabel\n");
    }
    return &row->body;
}

void sheet_y_name(struct str *row, const char *name)
{
    str_add(row, "set label 3 ");
    escape_gnuplot(row, name);
    str_add(row, " at screen PX(16), graph 0.5 rotate center font FONT(11) front\n");
}

static void add_head(const struct sheet *s, struct str *script, int height)
{
    str_addf(script, "set encoding utf8\nPX(x) = x / %d.0\nPY(y) = 1 - y / %d.0\n", SHEET_WIDTH,
             height);
    str_add(script, "set multiplot\nset border 3 linewidth 0.8 linecolor rgb '#404040'\nset tics "
                    "nomirror out scale 0.6\n"
                    "set grid xtics ytics back linecolor rgb '#D8D8D8' linewidth 0.5 dashtype "
                    "1\nunset key\nset style fill noborder\n");
    str_addf(script, "set lmargin at screen PX(%d)\nset rmargin at screen PX(%d)\n", s->left,
             SHEET_WIDTH - SHEET_RIGHT);
    str_add(script, "set label 2 ");
    sheet_add_quoted(script, s->title, TITLE_MOST);
    str_addf(script, " at screen PX(%d),PY(%d) left font FONT(17) front\n", s->left,
             TITLE_HEIGHT / 2);
    str_add_n(script, s->legend.text ? s->legend.text : "", s->legend.length);
}

int sheet_draw(const struct sheet *s, const char *head, const char *path, struct error *err)
{
    struct str script = { 0 };
    int y = TITLE_HEIGHT + s->legend_rows * LEGEND_ROW, height = y + GAP;
    for (size_t i = 0; i < s->n_rows; i++)
        height += s->rows[i].above + s->rows[i].height + s->rows[i].below;
    add_head(s, &script, height);
    str_add(&script, head);
    for (size_t i = 0; i < s->n_rows; i++) {
        const struct sheet_row *row = &s->rows[i];
        y += row->above;
        str_addf(&script, "set tmargin at screen PY(%d)\nset bmargin at screen PY(%d)\n", y,
                 y + row->height);
        str_add_n(&script, row->body.text, row->body.length);
        if (i == 0) /* title and legend belong to the sheet: drawn once, with its first row */
            str_add(&script, "unset label\n");
        str_add(&script, "unset object\nunset arrow\n");
        y += row->height + row->below;
    }
    str_add(&script, "unset multiplot\n");
    int status = gnuplot_draw(script.text, SHEET_WIDTH, height, path, err);

    str_clear(&script);
    return status;
}
