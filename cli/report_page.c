#include "cli/report_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "plots/gantt_data.h"
#include "plots/html.h"
#include "plots/picture.h"

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

void report_heading(struct report *r, const char *title)
{
    int number = ++r->sections;
    str_addf(&r->contents, "<li><a href=\"#section%d\">", number);
    add_element(&r->contents, "", title, "</a></li>\n");
    str_addf(&r->body, "<h2 id=\"section%d\">", number);
    add_element(&r->body, "", title, "</h2>\n");
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

void report_command(struct report *r, const char *command)
{
    add_element(&r->body, "<pre><code>", command, "</code></pre>\n");
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
    char *path = str_format("%s/picture.svg", folder);
    if (p->draw(p->what, path, err) == 0)
        svg = file_load(path, SVG_MOST, &size, err);
    remove(path);
    rmdir(folder);
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

static int draw_comparison(const void *what, const char *path, struct error *err)
{
    return plot_comparison(what, path, err);
}

static int draw_stations(const void *what, const char *path, struct error *err)
{
    return plot_stations(what, path, err);
}

void report_timelines(struct report *r, const struct picture *p)
{
    report_heading(r, "Task by task");
    if (gantt_data_records(p) <= GANTT_DATA_MOST)
        html_add_gantt(&r->body, p);
    else
        report_paragraph(r, "There are too many tasks for a chart to zoom into; 'dagcast plot gantt' draws them merged, and --chrome-trace "
                            "writes them for Perfetto.");
    report_picture(r, &(struct report_picture){ draw_comparison, p, "Tasks on nodes, what they keep busy, and how many run" });
    report_picture(r, &(struct report_picture){ draw_stations, p, "Where tasks wait, and how long" });
}
