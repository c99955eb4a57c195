#include "cli/validate_doc.h"

#include "validation/generations.h"

#define OF(unit_, decimals_, member)                                                               \
    .format = { .unit = (unit_), .decimals = (decimals_) },                                        \
    DOC_MEMBER(struct generation_row, member)
#define SHARE(key_, label_, member)                                                                \
    { .key = key_, .label = (label_), OF(DOC_SHARE, 2, member) }
#define SIMPLER(key_, label_, b)                                                                   \
    SHARE("baselines/" key_ "/error", NULL, simpler_error[b]),                                     \
        SHARE("baselines/" key_ "/interval_score", (label_), simpler_score[b])

static const struct doc_field fields[] = {
    { .key = "generation", .label = "generation", DOC_MEMBER(struct generation_row, name) },
    { .key = "sessions", .label = "sessions", OF(DOC_COUNT, 0, n) },
    { .key = "intervals", OF(DOC_COUNT, 0, n_intervals) },
    { .key = "held", .label = "95 % holds", OF(DOC_COUNT, 0, n_held) },
    SHARE("error_median", "error: median", error),
    SHARE("error_p90", "90 %", error_p90),
    SHARE("width_median", "width: median", width),
    SHARE("interval_score", "interval score", score),
    SIMPLER("critical_path", "of critical path", BASELINE_CRITICAL_PATH),
    SIMPLER("closed_form", "closed form", BASELINE_CLOSED_FORM),
    SIMPLER("constant_gap", "+ a gap", BASELINE_CONSTANT_GAP),
    SIMPLER("fifo", "FIFO", BASELINE_FIFO),
    SIMPLER("fifo_backfill", "FIFO + backfilling", BASELINE_BACKFILL),
    DOC_FIELDS_END,
};

void generations_doc_add(struct doc *d, const struct leave_one_out *all)
{
    struct generations g = generations_of(all);
    if (g.n > 0 && g.rows[g.n - 1].n > 1) {
        doc_section(d, "By generation, shares of the makespan");
        doc_table(d, &(struct doc_table){ .key = "generations", .fields = fields,
                                          DOC_ITEMS(g.rows, g.n) });
    }
    generations_clear(&g);
}
