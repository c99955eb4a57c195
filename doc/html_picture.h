/* doc/html_picture.h - a picture inside a page: drawn as SVG, whose ids do not meet those of
 * others. */
#ifndef DAGCAST_DOC_HTML_PICTURE_H
#define DAGCAST_DOC_HTML_PICTURE_H

#include "base/str.h"
#include "doc/doc_impl.h"

/* Draws the block of `d` and adds it as a figure, the `*number`-th of the page and counted there;
 * instead a note that says why, if it cannot be drawn. A file in /tmp comes and goes. */
void html_add_picture(struct str *out, const struct doc *d, const struct block *b, int *number);

#endif
