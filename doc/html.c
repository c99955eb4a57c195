#include <stdlib.h>

#include "base/str.h"
#include "doc/doc_impl.h"
#include "doc/html_assets.h"
#include "doc/html_picture.h"
#include "doc/html_text.h"
#include "doc/render.h"

struct page {
    const struct doc *doc;               /* the one that is being added */
    struct str body, contents;
    int sections, pictures;
    enum block_kind run;                 /* BLOCK_FACT, BLOCK_FIGURE, or BLOCK_SECTION: none */
};

static void add_heading(struct page *p, const char *title, const char *class)
{
    int number = ++p->sections;
    str_addf(&p->contents, "<li%s><a href=\"#section%d\">", class, number);
    html_add_element(&p->contents, "", title, "</a></li>\n");
    str_addf(&p->body, "<h2%s id=\"section%d\">", class, number);
    html_add_element(&p->body, "", title, "</h2>\n");
}

/* ---- tables ---- */

static void add_cell(struct page *p, const struct doc_grid *g, size_t record, size_t column,
                     const char *before)
{
    struct str cell = { 0 };
    doc_add_cell(&cell, g, record, column);
    str_add(&p->body, before);
    html_add_name(&p->body, cell.text);
    str_add(&p->body, "</td>");
    str_clear(&cell);
}

static const char *cell_begin(const struct doc_grid *g, size_t column)
{
    return doc_unit_is_left(g->columns[column].format.unit) ? "<td>" : "<td class=\"number\">";
}

static void add_row_heads(struct page *p, const struct doc_grid *g)
{
    for (size_t c = 0; c < g->n_columns; c++) {
        const char *unit = doc_unit_heading(g->columns[c].format.unit);
        if (!doc_grid_shows(g, c))
            continue;
        str_add(&p->body, doc_unit_is_left(g->columns[c].format.unit)
                              ? "<th scope=\"col\">"
                              : "<th scope=\"col\" class=\"number\">");
        html_add_element(&p->body, "", g->columns[c].label, "");
        str_addf(&p->body, *unit ? " [%s]</th>" : "%s</th>", unit);
    }
}

static void add_rows(struct page *p, const struct doc_grid *g)
{
    bool *shown = doc_grid_shown(g);
    add_row_heads(p, g);
    str_add(&p->body, "</tr></thead><tbody>\n");
    for (size_t r = 0; r < g->n_records; r++) {
        if (!g->records[r].shown)
            continue;
        str_add(&p->body, g->records[r].main ? "<tr class=\"main\">" : "<tr>");
        for (size_t c = 0; c < g->n_columns; c++)
            if (shown[c])
                add_cell(p, g, r, c, cell_begin(g, c));
        str_add(&p->body, "</tr>\n");
    }
    free(shown);
}

static void add_row_head(struct page *p, const struct column *c)
{
    str_add(&p->body, c->main ? "<tr class=\"main\">" : "<tr>");
    html_add_element(&p->body, "<th scope=\"row\">", c->label, "</th>");
}

static void add_columns(struct page *p, const struct doc_grid *g)
{
    str_add(&p->body, "<th></th>");
    for (size_t r = 0; r < g->n_records; r++)
        if (g->records[r].shown)
            html_add_element(&p->body, "<th scope=\"col\" class=\"number\">",
                        g->records[r].name ? g->records[r].name : "", "</th>");
    str_add(&p->body, "</tr></thead><tbody>\n");
    for (size_t c = 0; c < g->n_columns; c++) {
        if (!doc_grid_shows(g, c))
            continue;
        add_row_head(p, &g->columns[c]);
        for (size_t r = 0; r < g->n_records; r++)
            if (g->records[r].shown)
                add_cell(p, g, r, c, "<td class=\"number\">");
        str_add(&p->body, "</tr>\n");
    }
}

static void add_table(struct page *p, const struct block *b)
{
    const struct doc_grid *g = b->grid;
    if (b->text)
        html_add_element(&p->body, "<h3>", b->text, "</h3>\n");
    str_add(&p->body, "<div class=\"scroll\"><table><thead><tr>");
    if (g->layout == DOC_ROWS)
        add_rows(p, g);
    else
        add_columns(p, g);
    str_add(&p->body, "</tbody></table></div>\n");
    if (g->left_out)
        str_addf(&p->body, "<p class=\"note\">%zu of %zu rows are shown.</p>\n",
                 g->n_records - g->left_out, g->n_records);
}

/* ---- runs: facts and figures ---- */

static bool is_hidden(const struct block *b)
{
    return b->kind == BLOCK_OPEN || b->kind == BLOCK_OPEN_LIST || b->kind == BLOCK_CLOSE ||
           b->kind == BLOCK_DATA || b->kind == BLOCK_PAGE_ONLY ||
           (b->kind == BLOCK_SAY && !b->text) ||
           (b->kind == BLOCK_TABLE && !doc_grid_is_visible(b->grid)) ||
           (b->kind == BLOCK_FACT && !b->grid->columns[0].label);
}

static void turn_to(struct page *p, enum block_kind kind)
{
    enum block_kind next = kind == BLOCK_FACT || kind == BLOCK_FIGURE ? kind : BLOCK_SECTION;
    if (next == p->run)
        return;
    if (p->run == BLOCK_FACT)
        str_add(&p->body, "</tbody></table></div>\n");
    else if (p->run == BLOCK_FIGURE)
        str_add(&p->body, "</div>\n");
    if (next == BLOCK_FACT)
        str_add(&p->body, "<div class=\"scroll\"><table><tbody>\n");
    else if (next == BLOCK_FIGURE)
        str_add(&p->body, "<div class=\"figures\">\n");
    p->run = next;
}

static void add_fact(struct page *p, const struct block *b)
{
    add_row_head(p, &b->grid->columns[0]);
    add_cell(p, b->grid, 0, 0, "<td>");
    str_add(&p->body, "</tr>\n");
}

static void add_figure(struct page *p, const struct block *b)
{
    html_add_element(&p->body, "<div><span class=\"name\">", b->text, "</span>");
    html_add_element(&p->body, "<strong>", b->figure, "</strong>");
    html_add_element(&p->body, "<span class=\"note\">", b->note ? b->note : "", "</span></div>\n");
}

/* ---- pictures to move in ---- */

static void add_gantt(struct page *p, const struct block *b)
{
    str_add(&p->body, "<figure class=\"gantt\">\n<script type=\"application/json\">");
    b->write(b->what, &p->body);
    str_add(&p->body, "</script>\n<figcaption>Each box is a task on the cores (above) and GPUs "
                      "(below) of a node; a cross marks a task that failed. "
                      "<span class=\"note\">Point at a task for its facts; click a set to "
                      "highlight it. Drag to pan; to zoom, hold Control or click "
                      "the chart and turn the wheel, with Shift for the nodes; or use the keys "
                      "+ − 0, the arrows, n and p.</span></figcaption>\n</figure>\n");
}

static void add_explorer(struct page *p, const struct block *b)
{
    str_add(&p->body, "<figure class=\"explore\">\n<script type=\"application/json\">");
    html_add_json(&p->body, b->data);
    str_add(&p->body, "</script>\n<figcaption>Move the sliders (or use the arrow keys): every "
                      "figure was computed "
                      "by the sweep; nothing is interpolated.</figcaption>\n</figure>\n");
}

/* ---- the page ---- */

static void add_block(struct page *p, const struct block *b)
{
    turn_to(p, b->kind);
    if (b->kind == BLOCK_SECTION)
        add_heading(p, b->text, "");
    else if (b->kind == BLOCK_SUBSECTION)
        html_add_element(&p->body, "<h3>", b->text, "</h3>\n");
    else if (b->kind == BLOCK_SAY)
        html_add_element(&p->body, role_begin(b->role), b->text, role_end(b->role));
    else if (b->kind == BLOCK_FACT)
        add_fact(p, b);
    else if (b->kind == BLOCK_TABLE)
        add_table(p, b);
    else if (b->kind == BLOCK_FIGURE)
        add_figure(p, b);
    else if (b->kind == BLOCK_DETAILS)
        html_add_element(&p->body, "<details><summary>", b->text, "</summary>\n");
    else if (b->kind == BLOCK_DETAILS_END)
        str_add(&p->body, "</details>\n");
    else if (b->kind == BLOCK_PICTURE)
        html_add_picture(&p->body, p->doc, b, &p->pictures);
    else if (b->kind == BLOCK_GANTT)
        add_gantt(p, b);
    else if (b->kind == BLOCK_EXPLORE)
        add_explorer(p, b);
}

static const char *title_of(const struct doc *d)
{
    return d->title ? d->title : d->command;
}

static void add_doc(struct page *p, const struct doc *d, bool part)
{
    str_add(&p->body, part ? "<section class=\"part\">\n" : "<section>\n");
    if (part) {
        char *title = str_format("%s (%s)", title_of(d), d->command);
        add_heading(p, title, " class=\"part\"");
        free(title);
    }
    p->doc = d;
    for (size_t i = 0; i < d->n; i++)
        if (!is_hidden(&d->blocks[i]))
            add_block(p, &d->blocks[i]);
    turn_to(p, BLOCK_SECTION);
    str_add(&p->body, "</section>\n");
}

static void add_asset(struct str *out, const struct html_asset *asset)
{
    str_add_n(out, (const char *)asset->bytes, asset->size);
}

static void begin(struct str *out, const char *title)
{
    str_add(out,
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
            "'unsafe-inline'; script-src "
            "'unsafe-inline'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_add_text(out, title);
    str_add(out, "</title>\n<style>\n");
    add_asset(out, &asset_report_css);
    str_add(out, "</style>\n</head>\n<body>\n<header><h1>");
    html_add_text(out, title);
    str_add(out, "</h1></header>\n<main>\n");
}

void doc_render_html(struct doc *const *docs, size_t n, const char *title, struct str *out)
{
    struct page p = { .run = BLOCK_SECTION };
    for (size_t i = 0; i < n; i++)
        add_doc(&p, docs[i], n > 1);
    begin(out, title ? title : n > 0 ? title_of(docs[0]) : "dagcast");
    str_addf(out, "<nav aria-label=\"Contents\"><ul>\n%s</ul></nav>\n",
             p.contents.text ? p.contents.text : "");
    str_add_n(out, p.body.text ? p.body.text : "", p.body.length);
    str_add(out, "</main>\n<script>\n");
    add_asset(out, &asset_page_js);
    add_asset(out, &asset_gantt_hatches_js);
    add_asset(out, &asset_gantt_facts_js);
    add_asset(out, &asset_gantt_ground_js);
    add_asset(out, &asset_gantt_drawing_js);
    add_asset(out, &asset_gantt_js);
    add_asset(out, &asset_explore_js);
    str_add(out, "</script>\n</body>\n</html>\n");
    str_clear(&p.body);
    str_clear(&p.contents);
}
