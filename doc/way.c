#include "doc/way.h"

#include <stdio.h>

static void add_part(struct str *pointer, const char *part)
{
    str_add(pointer, "/");
    for (; *part; part++)
        if (*part == '~' || *part == '/')
            str_add(pointer, *part == '~' ? "~0" : "~1");
        else
            str_add_n(pointer, part, 1);
}

void way_enter(struct way *w, const char *key, bool list)
{
    struct level *here = &w->open[w->depth];
    char index[24];
    snprintf(index, sizeof index, "%zu", here->next++);
    here->length = w->pointer.length;
    add_part(&w->pointer, here->list ? index : key);
    w->open[++w->depth] = (struct level){ .list = list };
}

void way_leave(struct way *w)
{
    size_t length = w->open[--w->depth].length;
    w->pointer.length = length;
    if (w->pointer.text)
        w->pointer.text[length] = '\0';
}
