/* plots/html.h - a page without a network: its head with style, its foot with script, and texts that stay texts whatever they hold. */
#ifndef DAGCAST_PLOTS_HTML_H
#define DAGCAST_PLOTS_HTML_H

#include <cjson/cJSON.h>

#include "base/str.h"
#include "doc/html_text.h"
#include "plots/picture.h"

/* <!DOCTYPE html> up to <main>, and from there to the end. The page may load nothing: its policy forbids it. */
void html_begin(struct str *out, const char *title);
void html_end(struct str *out);

/* An interactive Gantt chart of the picture's timelines, those of plots/gantt_data.h. */
void html_add_gantt(struct str *out, const struct picture *p);

/* An SVG file's text as part of the page: without its prologue, ids made its own by `number`. */
void html_add_svg(struct str *out, const char *svg, int number);

#endif
