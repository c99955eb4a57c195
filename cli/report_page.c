#include "cli/report_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "plots/html.h"

enum { SVG_MOST = 64 << 20 };

void report_clear(struct report *r)
{
    str_clear(&r->body);
    str_clear(&r->contents);
}

static void add_element(struct str *out, const char *begin, const char *text, const char *end)
{
    str_add(out, begin);
    html_add_text(out, text);
    str_add(out, end);
}

static void add_heading(struct report *r, const char *title, const char *class)
{
    int number = ++r->sections;
    str_addf(&r->contents, "<li%s><a href=\"#section%d\">", class, number);
    add_element(&r->contents, "", title, "</a></li>\n");
    str_addf(&r->body, "<h2%s id=\"section%d\">", class, number);
    add_element(&r->body, "", title, "</h2>\n");
}

void report_part(struct report *r, const char *title)
{
    add_heading(r, title, " class=\"part\"");
}

void report_heading(struct report *r, const char *title)
{
    add_heading(r, title, "");
}

void report_subheading(struct report *r, const char *title)
{
    add_element(&r->body, "<h3>", title, "</h3>\n");
}

void report_paragraph(struct report *r, const char *words)
{
    add_element(&r->body, "<p>", words, "</p>\n");
}

void report_warning(struct report *r, const char *words)
{
    add_element(&r->body, "<p class=\"warning\">", words, "</p>\n");
}

void report_answer(struct report *r, const char *words)
{
    add_element(&r->body, "<p class=\"answer\">", words, "</p>\n");
}

void report_lines(struct report *r, const char *lines)
{
    add_element(&r->body, "<pre><code>", lines, "</code></pre>\n");
}

void report_facts_begin(struct report *r)
{
    str_add(&r->body, "<div class=\"scroll\"><table><tbody>\n");
}

void report_fact(struct report *r, const char *name, const char *value)
{
    add_element(&r->body, "<tr><th scope=\"row\">", name, "</th><td>");
    html_add_name(&r->body, value);
    str_add(&r->body, "</td></tr>\n");
}

void report_facts_end(struct report *r)
{
    str_add(&r->body, "</tbody></table></div>\n");
}

void report_table_begin(struct report *r, const char *const *names, size_t n, size_t left)
{
    r->columns = n;
    r->left = left;
    str_add(&r->body, "<div class=\"scroll\"><table><thead><tr>");
    for (size_t i = 0; i < n; i++)
        add_element(&r->body, i < left ? "<th scope=\"col\">" : "<th scope=\"col\" class=\"number\">", names[i], "</th>");
    str_add(&r->body, "</tr></thead><tbody>\n");
}

void report_table_row(struct report *r, const char *const *cells, bool main)
{
    str_add(&r->body, main ? "<tr class=\"main\">" : "<tr>");
    for (size_t i = 0; i < r->columns; i++) {
        str_add(&r->body, i < r->left ? "<td>" : "<td class=\"number\">");
        html_add_name(&r->body, cells[i] ? cells[i] : "");
        str_add(&r->body, "</td>");
    }
    str_add(&r->body, "</tr>\n");
}

void report_table_end(struct report *r)
{
    str_add(&r->body, "</tbody></table></div>\n");
}

void report_details_begin(struct report *r, const char *summary)
{
    add_element(&r->body, "<details><summary>", summary, "</summary>\n");
}

void report_details_end(struct report *r)
{
    str_add(&r->body, "</details>\n");
}

void report_figures_begin(struct report *r)
{
    str_add(&r->body, "<div class=\"figures\">\n");
}

void report_figure(struct report *r, const char *name, const char *figure, const char *note)
{
    add_element(&r->body, "<div><span class=\"name\">", name, "</span>");
    add_element(&r->body, "<strong>", figure, "</strong>");
    add_element(&r->body, "<span class=\"note\">", note ? note : "", "</span></div>\n");
}

void report_figures_end(struct report *r)
{
    str_add(&r->body, "</div>\n");
}

/* --- results --------------------------------------------------------------------------------------------------------- */

double report_number(const cJSON *v, const char *way)
{
    while (v && *way) {
        size_t n = strcspn(way, "/");
        char *key = str_format("%.*s", (int)n, way);
        v = cJSON_IsArray(v) ? cJSON_GetArrayItem(v, atoi(key)) : cJSON_GetObjectItemCaseSensitive(v, key);
        free(key);
        way += n + (way[n] == '/');
    }
    return cJSON_IsNumber(v) ? v->valuedouble : (double)NAN;
}

const char *report_text(const cJSON *object, const char *key, const char *otherwise)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(v) ? v->valuestring : otherwise;
}

/* --- pictures ------------------------------------------------------------------------------------------------------- */

/* The SVG's text, or NULL. The file is removed again. */
static char *draw(const struct report_picture *p, struct error *err)
{
    char folder[] = "/tmp/dagcast-report-XXXXXX", *svg = NULL;
    size_t size;
    if (!mkdtemp(folder)) {
        error_set(err, "no temporary folder can be made in /tmp");
        return NULL;
    }
    char *path = str_format("%s/picture.svg", folder), *prefix = str_format("%s: ", path);
    if (p->draw(p->what, path, err) == 0)
        svg = file_load(path, SVG_MOST, &size, err);
    else if (str_starts(err->text, prefix))                  /* the reader knows nothing of this file */
        memmove(err->text, err->text + strlen(prefix), strlen(err->text) - strlen(prefix) + 1);
    remove(path);
    rmdir(folder);
    free(prefix);
    free(path);
    return svg;
}

void report_picture(struct report *r, const struct report_picture *p)
{
    struct error err = { "" };
    char *svg = draw(p, &err);
    if (!svg) {
        struct str why = { 0 };
        str_addf(&why, "%s: not drawn, since %s", p->caption, err.text);
        report_paragraph(r, why.text);
        str_clear(&why);
        return;
    }
    str_add(&r->body, "<figure class=\"picture\">\n");
    html_add_svg(&r->body, svg, ++r->pictures);
    add_element(&r->body, "<figcaption>", p->caption, "</figcaption>\n</figure>\n");
    free(svg);
}
