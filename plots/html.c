#include "plots/html.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "plots/gantt_data.h"
#include "plots/html_assets.h"

#define REPLACEMENT "\xEF\xBF\xBD"        /* U+FFFD */

/* ---- texts ---- */

/* How many bytes of the UTF-8 character at `c` there are; 0: it is none (overlong, a surrogate, beyond U+10FFFF, cut off). */
static size_t character_at(const unsigned char *c, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = c[0] < 0x80 ? 1 : c[0] >= 0xF0 && c[0] < 0xF8 ? 4 : c[0] >= 0xE0 && c[0] < 0xF0 ? 3 : c[0] >= 0xC0 && c[0] < 0xE0 ? 2 : 0;

    if (n == 0)
        return 0;
    *code = n == 1 ? c[0] : c[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((c[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (c[i] & 0x3F);
    }
    return *code >= least[n] && *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF) ? n : 0;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Those that turn the direction of what follows, too: within a sentence nothing isolates a name. */
static bool is_control(uint32_t code)
{
    return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

void html_add_text(struct str *out, const char *text)
{
    while (*text) {
        uint32_t code;
        size_t n = character_at((const unsigned char *)text, &code);
        const char *escape = escape_of(*text);

        if (n == 0 || is_control(code))
            str_add(out, REPLACEMENT);
        else if (escape)
            str_add(out, escape);
        else
            str_add_n(out, text, n);
        text += n ? n : 1;
    }
}

/* A word longer than that has to break somewhere. */
enum { WORD_MOST = 40 };

static bool has_long_word(const char *text)
{
    size_t n = 0;

    for (; *text && n <= WORD_MOST; text++)
        n = *text == ' ' ? 0 : n + 1;
    return n > WORD_MOST;
}

void html_add_name(struct str *out, const char *name)
{
    str_add(out, has_long_word(name) ? "<bdi class=\"long\">" : "<bdi>");
    html_add_text(out, name);
    str_add(out, "</bdi>");
}

/* Outside of strings JSON holds none of <, > and &, so that they may be escaped wherever they stand. cJSON spells control characters
 * that have no letter of their own \u00XX, and nothing else so. */
void html_add_json(struct str *out, const cJSON *value)
{
    char *text = cJSON_PrintUnformatted(value);

    for (const char *c = text; c && *c; c++) {
        if (*c == '<' || *c == '>' || *c == '&') {
            str_addf(out, "\\u%04x", (unsigned)*c);
        } else if (*c == '\\' && c[1] == 'u') {
            str_add(out, REPLACEMENT);
            c += strlen("\\u00XX") - 1;
        } else if (*c == '\\') {
            str_add_n(out, c++, 2);
        } else {
            str_add_n(out, c, 1);
        }
    }
    cJSON_free(text);
}

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
