#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "doc/doc_impl.h"
#include "doc/render.h"

/* What Markdown or HTML within it would take for its own gets a backslash; a line stays one. */
static void add_escaped(struct str *out, const char *text)
{
    for (; text && *text; text++) {
        if (strchr("\\`*_[]<>|#~", *text))
            str_add(out, "\\");
        str_add_n(out, strchr("\n\r", *text) ? " " : text, 1);
    }
}

static void add_lines(struct str *out, const char *text)
{
    const char *end = text + strlen(text);
    while (end > text && end[-1] == '\n')
        end--;
    str_add(out, "```\n");
    str_add_n(out, text, (size_t)(end - text));
    str_add(out, "\n```\n");
}

static void add_cell(struct str *out, const char *text)
{
    str_add(out, " ");
    add_escaped(out, text);
    str_add(out, " |");
}

static void add_texts(struct str *out, const struct table *t, bool labels)
{
    str_add(out, "|");
    for (size_t c = 0; c < table_columns(t); c++)
        add_cell(out, table_column(t, c) + strspn(table_column(t, c), " "));
    str_add(out, "\n|");
    for (size_t c = 0; c < table_columns(t); c++)
        str_add(out, table_align(t, c) == TABLE_LEFT ? "---|" : "---:|");
    str_add(out, "\n");
    for (size_t r = 0; r < table_rows(t); r++) {
        str_add(out, "|");
        for (size_t c = 0; c < table_columns(t); c++) {
            const char *text = table_text(t, r, c);
            add_cell(out, labels && c == 0 ? text + strspn(text, " ") : text);
        }
        str_add(out, "\n");
    }
}

static void add_table(struct str *out, const struct block *b)
{
    if (b->text) {
        str_add(out, "\n**");
        add_escaped(out, b->text);
        str_add(out, "**\n");
    }
    str_add(out, "\n");
    struct table *t = doc_grid_texts(b->grid, true);
    add_texts(out, t, b->grid->layout == DOC_COLUMNS);
    table_free(t);
    if (b->grid->left_out)
        str_addf(out, "\n%zu more are not shown.\n", b->grid->left_out);
}

/* A run of facts is a list. */
static void add_fact(struct str *out, const struct doc_grid *g, bool first)
{
    struct str value = { 0 };
    doc_add_cell(&value, g, 0, 0);
    str_addf(out, "%s- ", first ? "\n" : "");
    add_escaped(out, g->columns[0].label + strspn(g->columns[0].label, " "));
    str_add(out, *g->columns[0].label ? ": " : "");
    add_escaped(out, value.text);
    str_add(out, "\n");
    str_clear(&value);
}

/* Returns whether the block was a fact; `in_list`: so was the one shown before it. */
static bool add_block(struct str *out, const struct block *b, bool in_list)
{
    bool lead = b->kind == BLOCK_SAY && b->role == DOC_LEAD;
    if (b->kind == BLOCK_SECTION || b->kind == BLOCK_SUBSECTION) {
        str_add(out, b->kind == BLOCK_SECTION ? "\n## " : "\n### ");
        add_escaped(out, b->text);
        str_add(out, "\n");
    } else if (b->kind == BLOCK_SAY && b->text && !lead) {
        str_add(out, "\n");
        if (b->role == DOC_LINES)
            add_lines(out, b->text);
        else
            add_escaped(out, b->text);
        str_add(out, b->role == DOC_LINES ? "" : "\n");
    } else if (b->kind == BLOCK_FACT && b->grid->columns[0].label) {
        add_fact(out, b->grid, !in_list);
        return true;
    } else if (b->kind == BLOCK_TABLE && doc_grid_is_visible(b->grid)) {
        add_table(out, b);
    } else {
        return in_list;
    }
    return false;
}

void doc_render_markdown(const struct doc *d, struct str *out)
{
    size_t hidden = 0;
    bool in_list = false;
    if (d->title) {
        str_add(out, "# ");
        add_escaped(out, d->title);
        str_add(out, "\n");
    }
    for (size_t i = 0; i < d->n && d->blocks[i].kind != BLOCK_PAGE_ONLY; i++) {
        hidden += d->blocks[i].kind == BLOCK_DETAILS;
        if (!hidden)
            in_list = add_block(out, &d->blocks[i], in_list);
        hidden -= d->blocks[i].kind == BLOCK_DETAILS_END;
    }
}
