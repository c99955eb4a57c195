#include "cli/explained.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "cli/plot_kinds.h"
#include "cli/scenario_doc.h"
#include "plots/style.h"

/* ---- what the makespan consists of, for people: a row a class, below it its parts ---- */

enum { MOST_ROWS = 20 };                 /* of one kind */

/* Fields, their labels, and the texts of their cells: texts[mode * room + field]. */
struct parts {
    size_t n, room;
    struct doc_field *fields;            /* one more than `room`: the end */
    char **labels, **texts;
};

static char *share_text(double seconds, double makespan_s)
{
    if (!(seconds > 0))
        return NULL;
    return str_format("%.1f s %5.1f %%", seconds, 100 * seconds / makespan_s);
}

static void add_row(struct parts *p, const struct explained *e, char *label, const double *seconds,
                    bool main)
{
    p->labels[p->n] = label;
    p->fields[p->n] = (struct doc_field){ .label = label, .main = main, .source = DOC_STRING,
                                          .offset = p->n * sizeof *p->texts };
    for (size_t m = 0; m < MODES; m++)
        p->texts[m * p->room + p->n] = share_text(seconds[m], e->mode[m].makespan_s);
    p->n++;
}

/* Rows from .. end - 1 of the table are of one kind, by size: the largest, and the rest as one. */
static void add_kind(struct parts *p, const struct explained *e, size_t from, size_t end)
{
    size_t most = end - from > MOST_ROWS + 1 ? from + MOST_ROWS : end;
    double rest[MODES] = { 0 };
    for (size_t i = from; i < most; i++) {
        struct str label = { 0 };
        str_add(&label, "  ");
        explained_add_row_name(&label, &e->table.rows[i]);
        add_row(p, e, str_take(&label), e->table.rows[i].seconds, false);
    }
    for (size_t i = most; i < end; i++)
        for (int m = 0; m < MODES; m++)
            rest[m] += e->table.rows[i].seconds[m];
    if (most < end)
        add_row(p, e, str_format("  %s %zu others", explain_kind_words(e->table.rows[from].kind),
                                 end - most), rest, false);
}

static void add_class(struct parts *p, const struct explained *e, enum explain_class class)
{
    double seconds[MODES], sum = 0;
    for (int m = 0; m < MODES; m++)
        sum += seconds[m] = explanation_of_class(&e->mode[m], class);
    if (sum <= 0)
        return;
    add_row(p, e, xstrdup(explain_class_name(class)), seconds, true);
    for (size_t i = 0, end; i < e->table.n; i = end) {
        for (end = i + 1; end < e->table.n && e->table.rows[end].kind == e->table.rows[i].kind;)
            end++;
        if (explain_class_of(e->table.rows[i].kind) == class)
            add_kind(p, e, i, end);
    }
}

static struct parts parts_of(const struct explained *e)
{
    struct parts p = { .room = 1 + EXPLAIN_CLASSES + e->table.n };
    double makespan_s[MODES];
    p.fields = xcalloc(p.room + 1, sizeof *p.fields);
    p.labels = xcalloc(p.room, sizeof *p.labels);
    p.texts = xcalloc(MODES * p.room, sizeof *p.texts);
    for (int m = 0; m < MODES; m++)
        makespan_s[m] = e->mode[m].makespan_s;
    add_row(&p, e, xstrdup("makespan: mean"), makespan_s, true);
    for (int c = 0; c < EXPLAIN_CLASSES; c++)
        add_class(&p, e, (enum explain_class)c);
    return p;
}

static void parts_clear(struct parts *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->labels[i]);
    for (size_t i = 0; i < MODES * p->room; i++)
        free(p->texts[i]);
    xfree(p->fields, p->labels, p->texts);
}

static void add_parts(struct doc *d, const struct explained *e)
{
    struct parts p = parts_of(e);
    doc_table(d, &(struct doc_table){ .layout = DOC_COLUMNS, .fields = p.fields, .items = p.texts,
                                      .n = MODES, .size = p.room * sizeof *p.texts,
                                      .name = scenario_doc_mode });
    parts_clear(&p);
}

/* ---- "parts": the same for programs, and as CSV ---- */

static const struct explain_row *row_of(const struct doc_record *r)
{
    return r->item;
}

static struct doc_value part_words(const struct doc_record *r)
{
    struct str words = { 0 };
    explained_add_row_name(&words, row_of(r));
    return doc_words(&words);
}

DOC_GETTER(part_kind, const struct explain_row *e = r->item, doc_text(explain_kind_key(e->kind)))
DOC_GETTER(part_class, const struct explain_row *e = r->item,
           doc_text(explain_class_name(explain_class_of(e->kind))))

/* Of its label among the colours of pictures. */
static struct doc_value part_place(const struct doc_record *r)
{
    const struct explain_row *row = r->item;
    int place = style_label_place(r->context, row->label);
    return place < 0 ? doc_none() : doc_number(place);
}

static const struct doc_field part_fields[] = {
    { .key = "words", .get = part_words },
    { .key = "kind", .get = part_kind },
    { .key = "class", .get = part_class },
    { .key = "label", DOC_MEMBER(struct explain_row, label) },
    { .key = "place", .format = { .unit = DOC_COUNT }, .get = part_place },
    { .key = "sequential", DOC_MEMBER(struct explain_row, seconds[MODE_SEQUENTIAL]) },
    { .key = "pipelined", DOC_MEMBER(struct explain_row, seconds[MODE_PIPELINED]) },
    { .key = "asynchronous", DOC_MEMBER(struct explain_row, seconds[MODE_ASYNCHRONOUS]) },
    DOC_FIELDS_END,
};

/* ---- "modes", for programs ---- */

static const struct explain_step *step_of(const struct doc_record *r)
{
    return r->item;
}

struct told { const struct workflow *workflow; const struct explain_path *path; };

static const struct workflow *workflow_of(const struct doc_record *r)
{
    return ((const struct told *)r->context)->workflow;
}

static const struct explain_task *task_of(const struct doc_record *r)
{
    const struct explain_task *tasks = ((const struct told *)r->context)->path->tasks;
    return tasks ? &tasks[r->index] : NULL;
}

static const struct task_set *set_of(const struct doc_record *r)
{
    return &workflow_of(r)->sets[workflow_set_of_task(workflow_of(r), step_of(r)->task)];
}

DOC_GETTER(step_kind, const struct explain_step *e = r->item, doc_text(explain_kind_key(e->kind)))

static struct doc_value step_set(const struct doc_record *r)
{
    return doc_text(task_of(r) ? task_of(r)->set : set_of(r)->name);
}

static struct doc_value step_task(const struct doc_record *r)
{
    return doc_number(task_of(r) ? task_of(r)->task : step_of(r)->task - set_of(r)->first_task);
}

static struct doc_value step_blame(const struct doc_record *r)
{
    return doc_text(step_of(r)->blame < 0 ? NULL : workflow_of(r)->sets[step_of(r)->blame].name);
}

static const struct doc_field step_fields[] = {
    { .key = "from", DOC_MEMBER(struct explain_step, from_s) },
    { .key = "to", DOC_MEMBER(struct explain_step, to_s) },
    { .key = "kind", .get = step_kind },
    { .key = "set", .get = step_set },
    { .key = "task", .get = step_task },
    { .key = "blame", .get = step_blame },
    DOC_FIELDS_END,
};

static void add_mode(struct doc *d, const struct explained *e, size_t m)
{
    const struct explanation *x = &e->mode[m];
    const struct told told = { e->set->workflow, &x->path };
    doc_open(d, mode_name((enum mode)m));
    doc_fact(d, "replicas", NULL, DOC_COUNT, doc_number((double)x->replicas));
    doc_fact(d, "makespan", NULL, DOC_SECONDS, doc_number(x->makespan_s));
    doc_open(d, "classes");
    for (int c = 0; c < EXPLAIN_CLASSES; c++)
        doc_fact(d, explain_class_name((enum explain_class)c), NULL, DOC_SECONDS,
                 doc_number(explanation_of_class(x, (enum explain_class)c)));
    doc_close(d);
    doc_table(d, &(struct doc_table){ .key = "path", .fields = step_fields,
                                      DOC_ITEMS(x->path.steps, x->path.n), .context = &told });
    doc_close(d);
}

/* ---- all ---- */

static void add_for_programs(struct doc *d, const struct explained *e)
{
    struct style_labels labels = style_labels_of(e->set->workflow);
    doc_table(d, &(struct doc_table){ .key = "parts", .fields = part_fields,
                                      DOC_ITEMS(e->table.rows, e->table.n), .context = &labels });
    style_labels_clear(&labels);
    doc_open(d, "modes");
    for (size_t m = 0; m < MODES; m++)
        add_mode(d, e, m);
    doc_close(d);
}

void explain_doc_add(struct doc *d, const struct explained *e, const char *parts)
{
    struct str why = { 0 };
    explained_add_reason(&why, e);
    doc_say(d, DOC_ANSWER, "why", why.text);
    doc_plot(d, "What the makespan of each mode consists of, means over the replicas",
             plot_of_result, &(struct doc_plot){ "explain", parts });
    add_parts(d, e);
    doc_say(d, DOC_NOTE, "method",
            "Each second of the makespan is attributed by walking back from its last event through "
            "the tasks that were waited for; a dependency takes no time of its own. Means over the "
            "replicas.");
    if (!e->text_only)
        add_for_programs(d, e);
    if (e->asked_what_if)
        what_if_doc_add(d, e);
    str_clear(&why);
}
