#include "plots/html.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "doc/html_assets.h"
#include "plots/gantt_data.h"

/* ---- the page ---- */

static void add_asset(struct str *out, const struct html_asset *asset)
{
    str_add_n(out, (const char *)asset->bytes, asset->size);
}

void html_begin(struct str *out, const char *title)
{
    str_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
                 "'unsafe-inline'\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_add_text(out, title);
    str_add(out, "</title>\n<style>\n");
    add_asset(out, &asset_report_css);
    str_add(out, "</style>\n</head>\n<body>\n<header><h1>");
    html_add_text(out, title);
    str_add(out, "</h1></header>\n<main>\n");
}

void html_end(struct str *out)
{
    str_add(out, "</main>\n<script>\n");
    add_asset(out, &asset_gantt_js);
    str_add(out, "</script>\n</body>\n</html>\n");
}

void html_add_gantt(struct str *out, const struct picture *p)
{
    str_add(out, "<figure class=\"gantt\">\n<script type=\"application/json\">");
    gantt_data_add(out, p);
    str_add(out,
            "</script>\n<figcaption>Each box is a task on the cores (above) and GPUs (below) of a node; a cross: it did not end well. "
            "<span class=\"note\">Point at a task for its facts; click a set to highlight it. Drag to pan; to zoom, hold Control or click "
            "the chart and turn the wheel, with Shift for the nodes; or use the keys + − 0, the arrows, n and "
            "p.</span></figcaption>\n</figure>\n");
}

/* ---- pictures ---- */

static bool at_id(const char *svg, const char *c)
{
    static const char *const before[] = { " id=\"", " id='", "url(#", "url('#", "href=\"#", "href='#" };

    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);

        if ((size_t)(c - svg) >= n && strncmp(c - n, before[i], n) == 0)
            return true;
    }
    return false;
}

void html_add_svg(struct str *out, const char *svg, int number)
{
    const char *from = strstr(svg, "<svg");

    for (const char *c = from; c && *c; c++) {
        if (at_id(from, c))
            str_addf(out, "p%d-", number);
        str_add_n(out, c, 1);
    }
}
