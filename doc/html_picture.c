#include "doc/html_picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "doc/html_text.h"
#include "doc/render.h"

enum { SVG_MOST = 64 << 20 };

static int draw_plot(const struct doc *d, const struct block *b, const char *path,
                     struct error *err)
{
    const struct doc_plot plot = { b->plot_kind, b->plot_table };
    if (d->stored)
        return b->plot(d->stored, &plot, path, err);
    cJSON *result = doc_render_json(d);
    int status = b->plot(result, &plot, path, err);
    cJSON_Delete(result);
    return status;
}

/* The SVG's text, or NULL. The file is removed again. */
static char *draw(const struct doc *d, const struct block *b, struct error *err)
{
    char folder[] = "/tmp/dagcast-report-XXXXXX", *svg = NULL;
    size_t size;
    if (!mkdtemp(folder)) {
        error_set(err, "no temporary folder can be made in /tmp");
        return NULL;
    }
    char *path = str_format("%s/picture.svg", folder), *prefix = str_format("%s: ", path);
    if ((b->plot ? draw_plot(d, b, path, err) : b->draw(b->what, path, err)) == 0)
        svg = file_load(path, SVG_MOST, &size, err);
    else if (str_starts(err->text, prefix)) /* the reader knows nothing of this file */
        memmove(err->text, err->text + strlen(prefix), strlen(err->text) - strlen(prefix) + 1);
    remove(path);
    rmdir(folder);
    xfree(prefix, path);
    return svg;
}

static bool at_id(const char *svg, const char *c)
{
    static const char *const before[] = { " id=\"", " id='",    "url(#",
                                          "url('#", "href=\"#", "href='#" };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t n = strlen(before[i]);
        if ((size_t)(c - svg) >= n && strncmp(c - n, before[i], n) == 0)
            return true;
    }
    return false;
}

/* Without the prologue, ids made unique by the picture's number. */
static void add_svg(struct str *out, const char *svg, int number)
{
    const char *from = strstr(svg, "<svg");
    for (const char *c = from; c && *c; c++) {
        if (at_id(from, c))
            str_addf(out, "p%d-", number);
        str_add_n(out, c, 1);
    }
}

void html_add_picture(struct str *out, const struct doc *d, const struct block *b, int *number)
{
    struct error err = { "" };
    char *svg = draw(d, b, &err);
    if (!svg) {
        char *why = str_format("%s: not drawn: %s", b->text, err.text);
        html_add_element(out, "<p class=\"note\">", why, "</p>\n");
        free(why);
        return;
    }
    str_add(out, "<figure class=\"picture\">\n");
    add_svg(out, svg, ++*number);
    html_add_element(out, "<figcaption>", b->text, "</figcaption>\n</figure>\n");
    free(svg);
}
