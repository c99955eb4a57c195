#include <stdlib.h>

#include "base/escape.h"
#include "base/table.h"
#include "base/xalloc.h"
#include "doc/doc_impl.h"
#include "doc/fit.h"
#include "doc/render.h"

enum { PARAGRAPH_WIDTH = 100, LABEL_LEAST = 10 };

/* An empty line before what follows, unless there is one. */
static void end_paragraph(struct str *out)
{
    if (out->length > 1 && !str_ends(out->text, "\n\n"))
        str_add(out, "\n");
}

static void add_section(struct str *out, const char *title, bool bold, size_t width)
{
    end_paragraph(out);
    if (bold)
        escape_addf(out, "\033[1m%s\033[0m\n", title);
    else
        fit_words(out, title, 0, 0, width);
}

static void add_say(struct str *out, const struct block *b, size_t width)
{
    if (!b->text || b->role == DOC_LEAD)
        return;
    if (b->role != DOC_LINES) {
        fit_words(out, b->text, 0, 0, width < PARAGRAPH_WIDTH ? width : PARAGRAPH_WIDTH);
        return;
    }
    escape_terminal_lines(out, b->text);
    if (!str_ends(b->text, "\n"))
        str_add(out, "\n");
}

/* ---- facts ---- */

static bool is_shown_fact(const struct block *b)
{
    return b->kind == BLOCK_FACT && b->grid->columns[0].label;
}

static bool is_shown_table(const struct block *b)
{
    return b->kind == BLOCK_TABLE && doc_grid_is_visible(b->grid);
}

static bool ends_run(const struct block *b)
{
    return b->kind == BLOCK_SECTION || b->kind == BLOCK_SUBSECTION || is_shown_table(b) ||
           (b->kind == BLOCK_SAY && b->text && b->role != DOC_LEAD);
}

/* Is block i the first of its run of facts, after a paragraph? */
static bool follows_words(const struct doc *d, size_t i)
{
    while (i > 0 && !ends_run(&d->blocks[i - 1]) && !is_shown_fact(&d->blocks[i - 1]))
        i--;
    return i > 0 && d->blocks[i - 1].kind == BLOCK_SAY;
}

/* The widest label of the run of facts that block i is in. Hidden blocks do not end a run. */
static size_t label_width(const struct doc *d, size_t i)
{
    size_t width = LABEL_LEAST;
    while (i > 0 && !ends_run(&d->blocks[i - 1]))
        i--;
    for (; i < d->n && !ends_run(&d->blocks[i]); i++) {
        size_t own =
            is_shown_fact(&d->blocks[i]) ? str_characters(d->blocks[i].grid->columns[0].label) : 0;
        width = own > width ? own : width;
    }
    return width;
}

static void add_fact(struct str *out, const struct block *b, size_t labels, size_t width)
{
    const char *label = b->grid->columns[0].label;
    escape_terminal(out, label);
    str_addf(out, "%*s", (int)(labels - str_characters(label) + 2), "");
    struct str cell = { 0 };
    doc_add_cell(&cell, b->grid, 0, 0);
    fit_words(out, cell.text ? cell.text : "", labels + 2, labels + 2, width);
    str_clear(&cell);
}

/* ---- tables ---- */

/* By column of the table of texts: the first, and the fields that stand out. */
static bool *kept_columns(const struct table *t, const struct doc_grid *g)
{
    bool *keep = xcalloc(table_columns(t) + 1, sizeof *keep);
    size_t at = 0;
    for (size_t c = 0; g->layout == DOC_ROWS && c < g->n_columns; c++)
        if (doc_grid_shows(g, c))
            keep[at++] = g->columns[c].main;
    return keep;
}

static void add_left_out(struct str *out, const struct block *b, const char *columns, size_t width)
{
    size_t n = b->grid->left_out;
    const char *where = b->key ? ": --json shows" : n == 1 ? " is not shown" : " are not shown";
    if (n > 0)
        str_addf(out, "(%zu further row%s%s%s)\n", n, n == 1 ? "" : "s", where,
                 !b->key ? "" : n == 1 ? " it" : " them");
    if (!columns)
        return;
    char *words = str_format("(no room for: %s; COLUMNS=200 or --csv shows all)", columns);
    fit_words(out, words, 0, 0, width);
    free(words);
}

static void add_table(struct str *out, const struct block *b, size_t width)
{
    const struct doc_grid *g = b->grid;
    struct table *t = doc_grid_texts(g, false);
    struct str left_out = { 0 };
    if (table_rows(t) > 0) {
        bool *keep = kept_columns(t, g);
        if (b->text)
            fit_words(out, b->text, 0, 0, width);
        fit_table(out, t,
                  &(struct fit_options){ .indent = b->text ? 2 : 0, .width = width, .keep = keep,
                                         .repeat = g->layout == DOC_COLUMNS },
                  &left_out);
        add_left_out(out, b, left_out.text, width);
        str_add(out, "\n");
        free(keep);
    }
    str_clear(&left_out);
    table_free(t);
}

/* Nothing that the text shows lies between block i and a heading before it. */
static bool follows_heading(const struct doc *d, size_t i)
{
    while (i > 0 && !ends_run(&d->blocks[i - 1]) && !is_shown_fact(&d->blocks[i - 1]))
        i--;
    return i > 0 && d->blocks[i - 1].kind == BLOCK_SECTION;
}

static void add_block(struct str *out, const struct doc *d, size_t i,
                      const struct doc_text_options *o)
{
    const struct block *b = &d->blocks[i];
    if (!ends_run(b) && !is_shown_fact(b))       /* hidden: nothing follows it */
        return;
    size_t width = o->width ? o->width : PARAGRAPH_WIDTH;
    bool heads = follows_heading(d, i);
    if (!heads &&
        (is_shown_table(b) || (b->kind == BLOCK_SAY && b->text && b->role != DOC_LEAD)))
        end_paragraph(out);
    if (b->kind == BLOCK_SECTION)
        add_section(out, b->text, o->bold, width);
    else if (b->kind == BLOCK_SUBSECTION)
        add_section(out, b->text, false, width);
    else if (b->kind == BLOCK_SAY)
        add_say(out, b, width);
    else if (is_shown_fact(b)) {
        if (follows_words(d, i))
            end_paragraph(out);
        add_fact(out, b, label_width(d, i), width);
    } else if (is_shown_table(b))
        add_table(out, b, width);
}

/* What is shown on demand in a page, or in a page only, is not in the text. */
void doc_render_text(const struct doc *d, const struct doc_text_options *o, struct str *out)
{
    bool on_demand = false;
    for (size_t i = 0; i < d->n && d->blocks[i].kind != BLOCK_PAGE_ONLY; i++) {
        if (d->blocks[i].kind == BLOCK_DETAILS)
            on_demand = true;
        else if (d->blocks[i].kind == BLOCK_DETAILS_END)
            on_demand = false;
        else if (!on_demand)
            add_block(out, d, i, o);
    }
    while (out->length > 1 && str_ends(out->text, "\n\n"))
        out->text[--out->length] = '\0';
}
