#include "cli/sweep_output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/plot_kinds.h"
#include "cli/show.h"
#include "study/contrast.h"

struct swept {
    const struct sheet *sheet;
    const struct contrast *contrast;
};

/* ---- settings ---- */

static struct doc_value setting(const struct sheet *s, size_t row, size_t axis)
{
    const struct setting_value *v = sheet_value(s, row, axis);
    return v->text ? doc_text(v->text) : doc_number(v->said ? v->number : (double)NAN);
}

static struct doc_field axis_field(const struct sheet *s, size_t axis,
                                   struct doc_value (*get)(const struct doc_record *r))
{
    bool numbers = s->n_rows > 0 && !sheet_value(s, 0, axis)->text;
    return (struct doc_field){ .key = s->axes[axis],
                               .label = s->axes[axis],
                               .format = { .unit = numbers ? DOC_EXACT : DOC_TEXT },
                               .get = get,
                               .offset = axis };
}

/* ---- rows ---- */

/* The figures that people see of each row. */
static const struct {
    enum figure figure;
    const char *label;
    struct doc_format format;
} shown[] = {
    { FIGURE_MAKESPAN, "makespan", { .unit = DOC_SECONDS } },
    { FIGURE_MAKESPAN_SD, "sd", { .unit = DOC_SECONDS, .decimals = 2 } },
    { FIGURE_MAKESPAN_Q95, "95 % quantile", { .unit = DOC_SECONDS } },
    { FIGURE_UTILISATION_SLOTS, "slots", { .unit = DOC_SHARE } },
    { FIGURE_UTILISATION_GPUS, "GPUs", { .unit = DOC_SHARE } },
    { FIGURE_SOLUTION, "to solution", { .unit = DOC_SECONDS } },
    { FIGURE_SOLUTION_Q95, "its 95 %", { .unit = DOC_SECONDS } },
    { FIGURE_QUEUE_WAIT, "of it queue", { .unit = DOC_SECONDS } },
    { FIGURE_JOBS, "jobs run", { .decimals = 2, .unit = DOC_NUMBER } },
    { FIGURE_NODE_HOURS, "node-hours", { .decimals = 2, .unit = DOC_NUMBER } },
    { FIGURE_ENERGY, "kWh", { .unit = DOC_NUMBER } },
    { FIGURE_RETRIES, "retries", { .decimals = 2, .unit = DOC_NUMBER } },
    { FIGURE_SHARE_INCOMPLETE, "incomplete", { .unit = DOC_SHARE } },
    { FIGURE_SHARE_IN_TIME, "in time", { .unit = DOC_SHARE } },
    { FIGURE_REPLICAS, "replicas", { .unit = DOC_COUNT } },
};
enum { N_SHOWN = sizeof shown / sizeof *shown };

DOC_GETTER(point, const struct swept *w = r->context,
           doc_number((double)w->sheet->rows[r->index]->point))
DOC_GETTER(axis_of_row, const struct swept *w = r->context,
           setting(w->sheet, r->index, r->field->offset))
DOC_GETTER(why_not, const struct swept *w = r->context, doc_text(w->sheet->rows[r->index]->error))
DOC_GETTER(profile, const struct swept *w = r->context, doc_text(w->sheet->profiles[r->index]))
DOC_GETTER(figure, const struct swept *w = r->context,
           doc_number(w->sheet->rows[r->index]->figures[r->field->offset]))

/* Columns that say the same of every row say nothing: no failures, all in time. */
static bool worth_showing(const struct sheet *s, enum figure f)
{
    double usual = f == FIGURE_RETRIES || f == FIGURE_SHARE_INCOMPLETE ? 0
                   : f == FIGURE_SHARE_IN_TIME                         ? 1
                                                                       : NAN;
    for (size_t r = 0; r < s->n_rows; r++) {
        double x = s->rows[r]->figures[f];
        if (!isnan(x) && (isnan(usual) || x != usual))
            return true;
    }
    return false;
}

static struct doc_field figure_field(const struct sheet *s, enum figure f)
{
    struct doc_field field = { .key = figure_name(f), .format = { .unit = DOC_EXACT },
                               .get = figure, .offset = f };
    for (size_t k = 0; k < N_SHOWN; k++)
        if (shown[k].figure == f && worth_showing(s, f)) {
            field.label = shown[k].label;
            field.format = shown[k].format;
        }
    return field;
}

static void add_rows(struct doc *d, const struct swept *w)
{
    const struct sheet *s = w->sheet;
    struct doc_field *fields = xcalloc(s->n_axes + FIGURES + 5, sizeof *fields), *f = fields;
    *f++ = (struct doc_field){ .key = "point", .format = { .unit = DOC_COUNT }, .get = point };
    for (size_t i = 0; i < s->n_axes; i++, f++) {
        *f = axis_field(s, i, axis_of_row);
        f->label = sheet_varies(s, i) ? f->label : NULL;
    }
    *f++ = (struct doc_field){ .key = "error", .get = why_not };
    for (int i = 0; i < FIGURES; i++)
        *f++ = figure_field(s, (enum figure)i);
    *f++ = (struct doc_field){ .key = "profile", .label = "auto took", .optional = true,
                               .get = profile };
    *f = (struct doc_field){ .label = "cannot run", .optional = true, .get = why_not };
    doc_table(d,
              &(struct doc_table){ .key = "rows", .fields = fields, .n = s->n_rows, .context = w });
    free(fields);
}

/* ---- groups ---- */

static const struct contrast_group *group_of(const struct doc_record *r)
{
    return r->item;
}

DOC_GETTER(axis_of_group, const struct swept *w = r->context,
           setting(w->sheet, group_of(r)->row, r->field->offset))

/* A member, if the group was compared with the best. */
DOC_GETTER(compared, const void *at = (const char *)r->item + r->field->offset,
           group_of(r)->verdict > CONTRAST_BEST ? doc_number(*(const double *)at) : doc_none())

static struct doc_value small_p(const struct doc_record *r)
{
    double p = group_of(r)->p;
    if (group_of(r)->verdict <= CONTRAST_BEST || isnan(p))
        return doc_none();
    return p < 1e-4 ? doc_text("<0.0001") : doc_number(p);
}

DOC_GETTER(verdict, const struct contrast_group *c = r->item,
           doc_text(contrast_verdict_name(c->verdict)))
DOC_GETTER(incomplete, const struct contrast_group *c = r->item,
           doc_number(c->n_rows > 0 ? 100 * c->share_incomplete : (double)NAN))

DOC_TEST(is_best, const struct contrast_group *c = r->item, c->verdict == CONTRAST_BEST)

#define COMPARED(member)                                                                           \
    .format = { .unit = DOC_SECONDS, .sign = true }, .get = compared,                              \
    .offset = offsetof(struct contrast_group, member)
#define COUNT(member) .format = { .unit = DOC_COUNT }, DOC_MEMBER(struct contrast_group, member)

static const struct doc_field group_fields[] = {
    { DOC_COLUMN("makespan_s", "makespan", DOC_SECONDS, struct contrast_group, mean_s) },
    { .key = "difference_s", .label = "to the best", COMPARED(difference_s) },
    { .key = "difference_ci95_low_s", .label = "95 % from", COMPARED(ci95.low) },
    { .key = "difference_ci95_high_s", .label = "to", COMPARED(ci95.high) },
    { .key = "p_corrected", .format = { .unit = DOC_EXACT }, .get = compared,
      .offset = offsetof(struct contrast_group, p) },
    { .label = "p", .format = { .unit = DOC_NUMBER, .decimals = 4 }, .get = small_p },
    { .key = "verdict", .label = "verdict", .get = verdict },
    { .key = "incomplete_percent", .label = "incomplete, %",
      .format = { .unit = DOC_NUMBER, .decimals = 1 }, .get = incomplete },
    { .key = "conditions", .label = "conditions", COUNT(n_conditions) },
    { .key = "replicas", .label = "replicas", COUNT(n) },
    { .key = "cannot_run", .label = "cannot run", COUNT(n_errors) },
};
enum { GROUP_FIELDS = sizeof group_fields / sizeof *group_fields };

static void add_groups(struct doc *d, const struct swept *w)
{
    const struct contrast *c = w->contrast;
    struct doc_field *fields = xcalloc(c->n_axes + GROUP_FIELDS + 1, sizeof *fields);
    for (size_t i = 0; i < c->n_axes; i++)
        fields[i] = axis_field(w->sheet, c->axes[i], axis_of_group);
    memcpy(fields + c->n_axes, group_fields, sizeof group_fields);
    doc_table(d, &(struct doc_table){ .key = "groups", .fields = fields,
                                      DOC_ITEMS(c->groups, c->n_groups), .context = w,
                                      .main = is_best });
    free(fields);
}

/* ---- head ---- */

/* Fixed settings in one line; how much of the study is there. */
static void add_head(struct doc *d, const struct sheet *s)
{
    size_t errors = 0;
    struct str points = { 0 }, everywhere = { 0 };
    for (size_t r = 0; r < s->n_rows; r++)
        errors += s->rows[r]->error != NULL;
    str_addf(&points, "%zu of %zu are there", s->n_rows, s->n_points);
    if (errors)
        str_addf(&points, "; %zu cannot run", errors);
    for (size_t i = 0; s->n_rows > 0 && i < s->n_axes; i++) {
        if (sheet_varies(s, i) || !sheet_value(s, 0, i)->said)
            continue;
        str_addf(&everywhere, "%s%s ", everywhere.length ? ", " : "", s->axes[i]);
        setting_value_add(&everywhere, sheet_value(s, 0, i));
    }
    doc_fact(d, "study", NULL, DOC_TEXT, doc_text(s->name));
    doc_fact(d, NULL, "Study", DOC_TEXT, doc_text(*s->name ? s->name : "without a name"));
    doc_fact(d, "points", NULL, DOC_COUNT, doc_number((double)s->n_points));
    doc_fact(d, NULL, "Points", DOC_TEXT, doc_words(&points));
    if (everywhere.length)
        doc_fact(d, NULL, "Everywhere", DOC_TEXT, doc_words(&everywhere));
}

/* ---- all ---- */

static void add_programs(struct doc *d, const struct contrast *c, const struct sheet *s)
{
    cJSON *by = cJSON_CreateArray();
    for (size_t i = 0; i < c->n_axes; i++)
        cJSON_AddItemToArray(by, cJSON_CreateString(s->axes[c->axes[i]]));
    doc_data(d, "group_by", by);
    doc_fact(d, "pairs", NULL, DOC_COUNT, doc_number(c->n_pairs));
    doc_fact(d, "best", NULL, DOC_COUNT,
             doc_number(c->best < c->n_groups ? (double)c->best : (double)NAN));
}

/* With --group-by the groups come first, and the rows on demand; without, the other way round. */
static void add_tables(struct doc *d, const struct swept *w, bool groups)
{
    void (*first)(struct doc *, const struct swept *) = groups ? add_groups : add_rows;
    void (*second)(struct doc *, const struct swept *) = groups ? add_rows : add_groups;
    struct str words = { 0 };
    sweep_add_verdict(&words, w->sheet, w->contrast);
    doc_say_str(d, DOC_ANSWER, "verdict", &words);
    first(d, w);
    doc_plot(d, "Each setting's mean, with its 95 % interval", plot_of_result,
             &(struct doc_plot){ "sweep", "rows" });
    doc_details(d, groups ? "Every row" : "Each row against the best");
    second(d, w);
    doc_details_end(d);
}

static struct doc *sweep_doc(const struct swept *w, bool groups, const struct invocation *call)
{
    struct doc *d = show_new("sweep");
    doc_title(d, "Study %s", *w->sheet->name ? w->sheet->name : "without a name");
    doc_section(d, "Sweep");
    add_head(d, w->sheet);
    if (sweep_can_be_explored(w->sheet))
        doc_explore(d, sweep_explored(w->sheet));
    add_tables(d, w, groups);
    add_programs(d, w->contrast, w->sheet);
    show_add_commands(d, call, NULL);
    return d;
}

int sweep_show(const struct sheet *s, const char *group_by, const struct invocation *call,
               const struct output_options *o, struct error *err)
{
    struct contrast c;
    if (contrast_of(s, group_by, &c, err))
        return error_prefix(err, "--group-by: ");
    const struct swept w = { s, &c };
    int status = show(sweep_doc(&w, group_by != NULL, call), o, err);
    contrast_clear(&c);
    return status;
}
