#include "core/pipeline_list.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

/* The pipeline that this piece of text names; -1: none. Names go before numbers. */
static int find(const struct workflow *w, const char *text, size_t length)
{
    char *name = xstrndup(text, length);
    int64_t number;
    int found = -1;
    for (size_t p = 0; p < w->n_pipelines && found < 0; p++)
        if (w->pipelines[p].name && str_equal(w->pipelines[p].name, name))
            found = (int)p;
    if (found < 0 && str_to_int64(name, &number) && number >= 1 &&
        number <= (int64_t)w->n_pipelines)
        found = (int)number - 1;
    free(name);
    return found;
}

/* How many of the list are read; n_pipelines and the end of the text: all. */
static bool read_all(const char *text, const struct workflow *w, int *order)
{
    bool *seen = xcalloc(w->n_pipelines + 1, sizeof *seen), good = true;
    size_t given = 0;
    for (const char *at = text; good && at; ) {
        size_t length = strcspn(at, ",");
        int pipeline = find(w, at, length);
        good = pipeline >= 0 && !seen[pipeline];
        if (good) {
            seen[pipeline] = true;
            order[given++] = pipeline;
        }
        at = at[length] ? at + length + 1 : NULL;
    }
    free(seen);
    return good && given == w->n_pipelines;
}

int *pipeline_list_parse(const char *text, const struct workflow *w, struct error *err)
{
    if (w->n_pipelines < 2) {
        error_set(err, "there are no pipelines to reorder; expected at least two, got %zu",
                  w->n_pipelines);
        return NULL;
    }
    int *order = xcalloc(w->n_pipelines, sizeof *order);
    if (read_all(text, w, order))
        return order;
    error_set(err,
              "expected the numbers 1 to %zu or the names of the pipelines, each once, with commas "
              "between, got '%s'",
              w->n_pipelines, text);
    free(order);
    return NULL;
}
