#include "study/sheet.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void sheet_free(struct sheet *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_axes; i++)
        free(s->axes[i]);
    for (size_t i = 0; i < s->n_rows; i++)
        result_free(s->rows[i]);
    for (size_t i = 0; i < s->n_texts; i++)
        free(s->texts[i]);
    xfree(s->name, s->axes, s->values, s->rows, s->profiles, s->texts, s);
}

const char *sheet_keep_text(struct sheet *s, const char *text)
{
    xgrow(&s->texts, &s->text_room, s->n_texts + 1, sizeof *s->texts);
    return s->texts[s->n_texts++] = xstrdup(text);
}

const struct setting_value *sheet_value(const struct sheet *s, size_t row, size_t axis)
{
    assert(row < s->n_rows && axis < s->n_axes);
    return &s->values[row * s->n_axes + axis];
}

bool sheet_varies(const struct sheet *s, size_t axis)
{
    for (size_t r = 1; r < s->n_rows; r++)
        if (!setting_value_equal(sheet_value(s, r, axis), sheet_value(s, 0, axis)))
            return true;
    return false;
}

size_t sheet_find_axis(const struct sheet *s, const char *name, size_t length)
{
    size_t i = 0;
    while (i < s->n_axes &&
           (strlen(s->axes[i]) != length || strncmp(s->axes[i], name, length) != 0))
        i++;
    return i;
}
