#include "cli/explain_picture.h"

#include <stdlib.h>

#include "base/str.h"
#include "cli/scenario_doc.h"
#include "plots/makespan_parts.h"
#include "plots/style.h"

char *explain_picture_title(const char *what)
{
    return str_format("What the makespan consists of%s%s", what ? ": " : "", what ? what : "");
}

int explain_draw(const struct explained *e, const char *path, struct error *err)
{
    struct makespan_parts parts = { .n_bars = MODES };
    char *what = scenario_title(&e->set->scenario), *title = explain_picture_title(what);
    const char *names[MODES];
    struct style_labels labels = style_labels_of(e->set->workflow);
    for (size_t m = 0; m < MODES; m++) {
        names[m] = mode_name((enum mode)m);
        for (size_t i = 0; i < e->table.n; i++) {
            struct str words = { 0 };
            explained_add_row_name(&words, &e->table.rows[i]);
            const struct explain_row *row = &e->table.rows[i];
            const struct makespan_part part = { str_take(&words),
                                                explain_class_name(explain_class_of(row->kind)),
                                                style_label_place(&labels, row->label),
                                                explain_class_of(row->kind) == EXPLAIN_CLASS_WORK };
            makespan_parts_add(&parts, &part, m, row->seconds[m]);
        }
    }
    int status = makespan_parts_draw(&parts, names, title, path, err);
    makespan_parts_clear(&parts);
    style_labels_clear(&labels);
    free(what);
    free(title);
    return status;
}
