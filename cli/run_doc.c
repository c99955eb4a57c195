#include "cli/run_doc.h"

#include <math.h>

#include "cli/words.h"

bool run_has_jobs(const struct doc_record *r)
{
    return ((const struct run *)r->item)->summary.jobs.chain;
}

/* ---- what a page begins with ---- */

void run_doc_add_question(struct doc *d, const struct scenario_set *set, const char *end)
{
    const struct scenario *s = &set->scenario;
    struct str words = { 0 };
    if (workflow_decides(s->workflow))
        str_add(&words, "How long do the tasks of ");
    else if (s->workflow->n_tasks == 1)
        str_add(&words, "How long does the one task of ");
    else
        str_addf(&words, "How long do the %u tasks of ", (unsigned)s->workflow->n_tasks);
    str_addf(&words, "%s take on %zu node%s of %s", s->workflow->name, s->platform->n_nodes,
             s->platform->n_nodes == 1 ? "" : "s", s->platform->name);
    if (!middleware_is_ideal(s->middleware))
        str_addf(&words, ", through %s", s->middleware->name);
    str_add(&words, end);
    doc_say_str(d, DOC_LEAD, NULL, &words);
}

void run_doc_add_figure(struct doc *d, const struct run *r, double gain)
{
    const struct summary *s = &r->summary;
    struct str figure = { 0 }, note = { 0 };
    const struct doc_value mean = doc_number(s->makespan.mean);
    doc_value_add(&figure, &mean, (struct doc_format){ .unit = DOC_LONG_SECONDS }, false);
    if (!isnan(gain))
        str_addf(&note, "%.1f %% %s time; ", 100 * fabs(gain), gain >= 0 ? "less" : "more");
    str_addf(&note, "%.2f node-hours", s->node_hours);
    if (s->share_complete < 1)
        str_addf(&note, "; %.1f %% do all tasks", 100 * s->share_complete);
    if (s->share_in_time < 1)
        str_addf(&note, "; %.1f %% end in time", 100 * s->share_in_time);
    doc_figure(d, mode_name(r->mode), figure.text, note.text);
    str_clear(&figure);
    str_clear(&note);
}

/* ---- for programs ---- */

static const struct doc_field members[] = {
    { .key = "replicas", DOC_MEMBER(struct run, summary.n) },
    { .key = "makespan/min", DOC_MEMBER(struct run, summary.makespan.min) },
    { .key = "makespan/max", DOC_MEMBER(struct run, summary.makespan.max) },
    { .key = "session/mean", DOC_MEMBER(struct run, summary.session.mean) },
    { .key = "session/sd", DOC_MEMBER(struct run, summary.session.sd) },
    { .key = "session/ci95", DOC_MEMBER_INTERVAL(struct run, summary.session.ci95) },
    { .key = "session/quantiles/0.05|0.5|0.95",
      DOC_MEMBER_TRIPLE(struct run, summary.session.q05) },
    { .key = "session/min", DOC_MEMBER(struct run, summary.session.min) },
    { .key = "session/max", DOC_MEMBER(struct run, summary.session.max) },
    { .key = "span/mean", DOC_MEMBER(struct run, summary.span.mean) },
    { .key = "span/sd", DOC_MEMBER(struct run, summary.span.sd) },
    { .key = "span/ci95", DOC_MEMBER_INTERVAL(struct run, summary.span.ci95) },
    { .key = "span/quantiles/0.05|0.5|0.95", DOC_MEMBER_TRIPLE(struct run, summary.span.q05) },
    { .key = "held/cores", DOC_MEMBER(struct run, summary.held_slots) },
    { .key = "held/gpus", DOC_MEMBER(struct run, summary.held_gpus) },
    { .key = "share_complete", DOC_MEMBER(struct run, summary.share_complete) },
    { .key = "share_in_time", DOC_MEMBER(struct run, summary.share_in_time) },
    { .key = "failed", DOC_MEMBER(struct run, summary.failed) },
    { .key = "killed", DOC_MEMBER(struct run, summary.killed) },
    { .key = "cancelled", DOC_MEMBER(struct run, summary.cancelled) },
    { .key = "retries", DOC_MEMBER(struct run, summary.retries) },
    { .key = "lost_slot_seconds", DOC_MEMBER(struct run, summary.lost_slot_s) },
    { .key = "time_to_solution/mean", DOC_MEMBER(struct run, summary.jobs.solution.mean) },
    { .key = "time_to_solution/quantiles/0.05|0.5|0.95",
      DOC_MEMBER_TRIPLE(struct run, summary.jobs.solution.q05) },
    { .key = "queue_wait", DOC_MEMBER(struct run, summary.jobs.queue_s) },
    { .key = "jobs", DOC_MEMBER(struct run, summary.jobs.n) },
    { .key = "tasks_cut", DOC_MEMBER(struct run, summary.jobs.n_cut) },
    DOC_FIELDS_END,
};

static const struct doc_field bimodal_fields[] = {
    { .key = "low", DOC_MEMBER(struct two_modes, low) },
    { .key = "share_low", DOC_MEMBER(struct two_modes, share_low) },
    { .key = "high", DOC_MEMBER(struct two_modes, high) },
    { .key = "share_high", DOC_MEMBER(struct two_modes, share_high) },
    { .key = "gap", DOC_MEMBER(struct two_modes, gap) },
    DOC_FIELDS_END,
};

static struct doc_value matters(const struct doc_record *r)
{
    return doc_flag(pipeline_orders_matter(r->item));
}

static const struct doc_field order_fields[] = {
    { .key = "submitters", DOC_MEMBER(struct pipeline_orders, n_pipelines) },
    { .key = "tried", DOC_MEMBER(struct pipeline_orders, n_orders) },
    { DOC_COLUMN("all", NULL, DOC_FLAG, struct pipeline_orders, all) },
    { .key = "file", DOC_MEMBER(struct pipeline_orders, file_s) },
    { .key = "best", DOC_MEMBER(struct pipeline_orders, best_s) },
    { .key = "worst", DOC_MEMBER(struct pipeline_orders, worst_s) },
    { .key = "matters", .format = { .unit = DOC_FLAG }, .get = matters },
    DOC_FIELDS_END,
};

/* null unless `known`. */
static void add_object(struct doc *d, const char *key, bool known, const struct doc_field *fields,
                       const void *item)
{
    if (!known) {
        doc_data(d, key, cJSON_CreateNull());
        return;
    }
    doc_open(d, key);
    doc_facts(d, fields, item, NULL);
    doc_close(d);
}

void run_doc_add_members(struct doc *d, const struct run *r)
{
    doc_facts(d, members, r, NULL);
    doc_open(d, "stations");
    for (int i = 0; i < WAITS; i++)
        doc_fact(d, wait_key((enum wait)i), NULL, DOC_SECONDS, doc_number(r->summary.wait_s[i]));
    doc_close(d);
    add_object(d, "bimodal", r->summary.modes.found, bimodal_fields, &r->summary.modes);
    add_object(d, "order", r->order.n_orders > 0, order_fields, &r->order);
}

void run_doc_add_two_values(struct str *words, const struct run *r)
{
    words_add_modes(words, mode_name(r->mode), &r->summary.modes);
    words_add_order(words, mode_name(r->mode), &r->order);
}
