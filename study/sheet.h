/* study/sheet.h - a store's rows in memory, to look at: needs no study, and may be read while a
 * sweep writes. */
#ifndef DAGCAST_STUDY_SHEET_H
#define DAGCAST_STUDY_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/setting.h"
#include "study/result.h"

struct sheet {
    char *name;                          /* of the study; "" where it has none */
    size_t n_points;                     /* of the study, there or not yet */
    size_t n_axes;
    char **axes;
    size_t n_rows;                       /* in order of points */
    struct setting_value *values;           /* row-major, row * n_axes + axis */
    struct result **rows;
    const char **profiles;               /* of each row, that "auto" took; NULL: none */
    size_t n_texts, text_room;
    char **texts;                        /* what `values` and `profiles` point to */
};
void sheet_free(struct sheet *s);                        /* NULL allowed */
/* a copy that lives as long as the sheet */
const char *sheet_keep_text(struct sheet *s, const char *text);

const struct setting_value *sheet_value(const struct sheet *s, size_t row, size_t axis);
bool sheet_varies(const struct sheet *s, size_t axis);
/* n_axes: none of that name */
size_t sheet_find_axis(const struct sheet *s, const char *name, size_t length);

#endif
