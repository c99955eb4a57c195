/* study/explain_table.h - explanations of the three modes side by side: a row for each kind of step
 * and label it is blamed on. */
#ifndef DAGCAST_STUDY_EXPLAIN_TABLE_H
#define DAGCAST_STUDY_EXPLAIN_TABLE_H

#include "study/explain.h"

struct explain_row {
    enum explain_kind kind;
    /* of the sets blamed, their iterations together; NULL: none. Owned by the workflow */
    const char *label;
    double seconds[MODES];               /* mean */
};
struct explain_table {
    size_t n;
    /* by kind, then by the largest of the modes; none is 0 in all of them */
    struct explain_row *rows;
};
/* `of`: one explanation a mode, of one workflow. */
struct explain_table explain_table_of(const struct workflow *w, const struct explanation of[MODES]);
void explain_table_clear(struct explain_table *t);

/* Labels of the sets that execute on the path, in order of time, each once where it follows itself.
 * At most `most` of them; returns how many. */
size_t explain_chain(const struct workflow *w, const struct explain_path *p, const char **labels,
                     size_t most);

#endif
