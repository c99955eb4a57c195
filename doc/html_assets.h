/* doc/html_assets.h - files of doc/html/ embedded at build time by cmake/embed.cmake. */
#ifndef DAGCAST_DOC_HTML_ASSETS_H
#define DAGCAST_DOC_HTML_ASSETS_H

#include <stddef.h>

struct html_asset { const unsigned char *bytes; size_t size; };          /* no NUL at the end */
extern const struct html_asset asset_report_css, asset_gantt_hatches_js, asset_gantt_facts_js,
    asset_gantt_ground_js, asset_gantt_drawing_js, asset_gantt_js, asset_explore_js, asset_page_js;

#endif
