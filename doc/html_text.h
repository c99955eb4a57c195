/* doc/html_text.h - texts and data inside a page, which stay texts whatever they hold. */
#ifndef DAGCAST_DOC_HTML_TEXT_H
#define DAGCAST_DOC_HTML_TEXT_H

#include <cjson/cJSON.h>

#include "base/str.h"

/* For the inside of elements and of quoted attributes: markup is escaped; control characters,
 * overrides of the direction of text and bytes that are not UTF-8 become U+FFFD. */
void html_add_text(struct str *out, const char *text);
/* The same between `begin` and `end`, which are markup. */
void html_add_element(struct str *out, const char *begin, const char *text, const char *end);
/* The same in a <bdi>, which isolates its direction; of class "long" if a word must be broken. */
void html_add_name(struct str *out, const char *name);
/* JSON for the inside of a <script type="application/json">: nothing in it can end the element. */
void html_add_json(struct str *out, const cJSON *value);

#endif
