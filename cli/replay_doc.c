#include "cli/replay_doc.h"

#include <math.h>

enum { MOST_ROWS = 24 }; /* of ranges of schedulers: longer tables are not read */
static const double agrees_share = 0.005; /* of the makespan: so far the placebo may be off */

/* ---- which scheduler explains the placements ---- */

#define OF(member) DOC_MEMBER(struct replay, member)
#define CANDIDATE(member) DOC_MEMBER(struct replay_candidate, member)

static const struct doc_field replay_fields[] = {
    { .key = "placements", .label = "placements", .format = { .unit = DOC_COUNT },
      OF(n_placements) },
    { .key = "waited", .label = "after a wait", .format = { .unit = DOC_COUNT }, OF(n_waited) },
    { .key = "differ", .label = "candidates differ on", .format = { .unit = DOC_COUNT },
      OF(n_differ) },
    { .key = "left_out", .label = "left out", .format = { .unit = DOC_COUNT }, OF(n_left_out) },
    { .key = "order_identifiable", .format = { .unit = DOC_FLAG }, OF(order_identifiable) },
    DOC_FIELDS_END,
};

static const struct doc_field candidate_fields[] = {
    { .key = "scheduler", CANDIDATE(name) },
    { .key = "explained", CANDIDATE(n_equal) },
    { .key = "explained_where_differ", CANDIDATE(n_equal_where_differ) },
    { .key = "exchanged", CANDIDATE(n_exchanged) },
    { .key = "explained_in_time", CANDIDATE(n_equal_in_time) },
    { .key = "loop_s", CANDIDATE(period_s) },
    { .key = "loop_periods", CANDIDATE(n_periods) },
    { .key = "loop_periods_as_good", CANDIDATE(n_periods_as_good) },
    { .key = "start_error_s", CANDIDATE(start_error_s) },
    DOC_FIELDS_END,
};

#define TOLD(member) DOC_MEMBER(struct replay_told, member)

static const struct doc_field told_fields[] = {
    { .key = "generation", TOLD(name) },
    { .key = "explained", TOLD(steps.n_explained) },
    { .key = "of", TOLD(steps.n_placements) },
    { .key = "steps", TOLD(steps.n_steps) },
    DOC_FIELDS_END,
};

static double share(size_t part, size_t whole)
{
    return whole > 0 ? 100 * (double)part / (double)whole : (double)NAN;
}

/* How many candidates explain as much as the best. */
static size_t count_best(const struct replay *r)
{
    size_t n = 0;
    while (n < r->n_candidates &&
           r->candidates[n].n_equal_where_differ == r->candidates[0].n_equal_where_differ &&
           r->candidates[n].n_equal_in_time == r->candidates[0].n_equal_in_time)
        n++;
    return n;
}

static void add_best(struct doc *d, const struct replay *r)
{
    const struct replay_candidate *best = &r->candidates[0];
    struct str words = { 0 };
    size_t equals = count_best(r);
    if (r->n_differ == 0) {
        doc_say(d, DOC_ANSWER, "verdict",
                "scheduler: not identifiable (all candidates place every task alike)");
        return;
    }
    str_addf(
        &words,
        "best: %s, explains %zu of %zu placements (%.1f %%) and %zu of %zu where candidates differ",
        best->name, best->n_equal, r->n_placements, share(best->n_equal, r->n_placements),
        best->n_equal_where_differ, r->n_differ);
    if (best->n_exchanged > 0)
        str_addf(&words, "; %zu more only exchange slots with equal tasks", best->n_exchanged);
    if (equals > 1)
        str_addf(&words, "; as good: %zu more", equals - 1);
    doc_say_str(d, DOC_ANSWER, "verdict", &words);
    if (best->period_s > 0 && r->n_waited > 0)
        doc_sayf(d, DOC_NOTE, "loop",
                 "its loop: a turn every %.4f s, one of %zu periods of %zu tried, %g to %g s, that "
                 "explain as many; turns are not recorded",
                 best->period_s, best->n_periods_as_good, best->n_periods, REPLAY_FIRST_PERIOD_S,
                 REPLAY_LAST_PERIOD_S);
    if (!r->order_identifiable)
        doc_say(d, DOC_NOTE, NULL,
                "order and overtaking: not identifiable (nothing waited that they would have "
                "placed differently)");
}

struct named_row {
    const struct scheduler_preset *preset;
    struct replay_candidate candidate;
};

DOC_GETTER(preset_name, const struct named_row *n = r->item, doc_text(n->preset->name))
DOC_GETTER(preset_summary, const struct named_row *n = r->item, doc_text(n->preset->summary))

#define NAMED(member) DOC_MEMBER(struct named_row, candidate.member)

/* How other tools' schedulers do, by their names; the best first. */
static void add_named(struct doc *d, const struct replay *r)
{
    static const struct doc_field fields[] = {
        { .key = "scheduler", .label = "named scheduler", .get = preset_name },
        { .key = "explained", .label = "explained", .format = { .unit = DOC_COUNT },
          NAMED(n_equal) },
        { .key = "explained_where_differ", .label = "where they differ",
          .format = { .unit = DOC_COUNT }, NAMED(n_equal_where_differ) },
        { .label = "what", .get = preset_summary },
        DOC_FIELDS_END,
    };
    struct named_row rows[SCHEDULER_PRESETS_MOST];
    size_t n = 0;
    for (size_t i = 0; scheduler_preset_at(i) && n < SCHEDULER_PRESETS_MOST; i++) {
        const struct replay_candidate *c = replay_find_preset(r, scheduler_preset_at(i));
        if (!c)
            continue;
        size_t at = n++;
        for (; at > 0 && rows[at - 1].candidate.n_equal_where_differ < c->n_equal_where_differ;
             at--)
            rows[at] = rows[at - 1];
        rows[at] = (struct named_row){ scheduler_preset_at(i), *c };
    }
    doc_table(d,
              &(struct doc_table){
                  .key = "named", .fields = fields, .items = rows, .n = n, .size = sizeof *rows });
}

/* Worth a sentence where it tells more than the free run. */
static void add_told(struct doc *d, const struct replay *r)
{
    doc_table(d, &(struct doc_table){ .key = "step_by_step", .fields = told_fields,
                                      DOC_ITEMS(r->told, r->n_told) });
    if (r->n_told == 0 || r->told[0].steps.n_explained <= r->candidates[0].n_equal)
        return;
    struct str words = { 0 };
    for (size_t i = 0; i < r->n_told; i++)
        str_addf(&words, "%sradical %s explains %zu of %zu (%.1f %%)", i > 0 ? ", " : "",
                 r->told[i].name, r->told[i].steps.n_explained, r->told[i].steps.n_placements,
                 share(r->told[i].steps.n_explained, r->told[i].steps.n_placements));
    doc_sayf(d, DOC_ANSWER, "step_by_step_verdict",
             "step by step (each placement given all before it; turns that place nothing are not "
             "recorded, and shuffle waiting tasks of equal size): %s",
             words.text);
    str_clear(&words);
}

void replay_doc_add(struct doc *d, const struct replay *r)
{
    size_t left_out;
    struct table *t = replay_table(r, MOST_ROWS, &left_out);
    doc_open(d, "replay");
    doc_facts(d, replay_fields, r, NULL);
    doc_fact(d, "identifiable", NULL, DOC_FLAG, doc_flag(r->n_differ > 0));
    add_best(d, r);
    add_told(d, r);
    doc_table(d, &(struct doc_table){ .key = "candidates", .fields = candidate_fields,
                                      DOC_ITEMS(r->candidates, r->n_candidates) });
    if (r->plain)
        add_named(d, r);
    doc_close(d);
    if (r->plain)
        doc_sayf(d, DOC_NOTE, NULL,
                 "A placement is explained if its nodes are, and its start to %.2g s: its "
                 "latencies vary so far.",
                 r->in_time_s);
    doc_add_table(d, NULL, NULL, t);
    if (left_out > 0)
        doc_sayf(d, DOC_NOTE, NULL,
                 "(%zu further schedulers explain no more than these: --json shows each)",
                 left_out);
    table_free(t);
}

/* ---- with one thing changed ---- */

/* To hundredths, without a sign of 0; 0 if there is no whole. */
static double percent(double part_s, double whole_s)
{
    return whole_s > 0 ? round(1e4 * part_s / whole_s) / 100 + 0.0 : 0;
}

static void say_placebo(struct doc *d, const struct counterfactual *c)
{
    double off_s = c->placebo.makespan_s - c->measured_s;
    doc_sayf(
        d, DOC_ANSWER, NULL,
        "Placebo: with nothing changed, the session's own station values give a makespan of %.1f "
        "s; measured %.1f s (%+.2f s, %+.2f %%); starts are off by %.2f s on average, by %.2f s at "
        "most.%s",
        c->placebo.makespan_s, c->measured_s, off_s, percent(off_s, c->measured_s),
        c->placebo_starts.mean_s, c->placebo_starts.largest_s,
        fabs(off_s) > agrees_share * c->measured_s
            ? " That is more than half a per cent: trust what follows the less."
            : "");
}

static void say_change(struct doc *d, const struct counterfactual *c)
{
    double off_s = c->placebo.makespan_s - c->measured_s,
           gain_s = c->changed.makespan_s - c->placebo.makespan_s;
    doc_sayf(d, DOC_ANSWER, NULL, "With %s: %.1f s, %+.1f s (%+.2f %%) against the placebo.%s",
             c->change, c->changed.makespan_s, gain_s, percent(gain_s, c->placebo.makespan_s),
             fabs(gain_s) <= fabs(off_s)
                 ? " The difference is no larger than the placebo's own error."
                 : "");
}

static void add_run(struct doc *d, const char *key, const struct counterfactual_run *r)
{
    doc_open(d, key);
    doc_fact(d, "makespan", NULL, DOC_SECONDS, doc_number(r->makespan_s));
    doc_fact(d, "tasks_in_chain", NULL, DOC_COUNT, doc_number((double)r->attribution.n_tasks));
    doc_open(d, "parts");
    for (int p = 0; p < PARTS; p++)
        doc_fact(d, attribution_part_name((enum attribution_part)p), NULL, DOC_SECONDS,
                 doc_number(r->attribution.of_s[p]));
    doc_close(d);
    doc_close(d);
}

static void add_matches(struct doc *d, const struct counterfactual *c)
{
    doc_open_list(d, "matches");
    for (size_t k = 0; k < c->match.n; k++) {
        doc_open(d, NULL);
        doc_fact(d, "session", NULL, DOC_TEXT, doc_text(c->session->workflow->sets[k].name));
        doc_fact(d, "workflow", NULL, DOC_TEXT,
                 doc_text(c->given->sets[c->match.given_of[k]].name));
        doc_fact(d, "by", NULL, DOC_TEXT, doc_text(match_by_name(c->match.by[k])));
        doc_close(d);
    }
    doc_close(d);
}

static struct doc_value part_name(const struct doc_record *r)
{
    return doc_text(r->index < PARTS ? attribution_part_name((enum attribution_part)r->index)
                                     : "makespan");
}

/* The parts of a run, then their sum. */
static double part_of(const struct counterfactual_run *run, size_t part)
{
    return part < PARTS ? run->attribution.of_s[part] : run->makespan_s;
}

DOC_GETTER(placebo, const struct counterfactual *c = r->context,
           doc_number(part_of(&c->placebo, r->index)))
DOC_GETTER(changed, const struct counterfactual *c = r->context,
           c->change ? doc_number(part_of(&c->changed, r->index)) : doc_none())
DOC_GETTER(difference, const struct counterfactual *c = r->context,
           c->change
               ? doc_number(part_of(&c->changed, r->index) - part_of(&c->placebo, r->index))
               : doc_none())

static void add_parts(struct doc *d, const struct counterfactual *c)
{
#define SECONDS .format = { .unit = DOC_SECONDS, .decimals = 2 }, .optional = true
    static const struct doc_field fields[] = {
        { .label = "part of the makespan", .get = part_name },
        { .label = "placebo", SECONDS, .get = placebo },
        { .label = "changed", SECONDS, .get = changed },
        { .label = "difference", SECONDS, .get = difference },
        DOC_FIELDS_END,
    };
    doc_table(d, &(struct doc_table){ .fields = fields, .n = PARTS + 1, .context = c });
}

void counterfactual_doc_add(struct doc *d, const struct counterfactual *c)
{
    say_placebo(d, c);
    if (c->change)
        say_change(d, c);
    doc_open(d, "counterfactual");
    doc_fact(d, "measured", NULL, DOC_SECONDS, doc_number(c->measured_s));
    add_run(d, "placebo", &c->placebo);
    doc_fact(d, "placebo/error", NULL, DOC_SECONDS,
             doc_number(c->placebo.makespan_s - c->measured_s));
    doc_fact(d, "placebo/task_start_mae", NULL, DOC_SECONDS, doc_number(c->placebo_starts.mean_s));
    if (c->change) {
        doc_fact(d, "change", NULL, DOC_TEXT, doc_text(c->change));
        add_run(d, "changed", &c->changed);
        doc_fact(d, "difference", NULL, DOC_SECONDS,
                 doc_number(c->changed.makespan_s - c->placebo.makespan_s));
        doc_say(d, DOC_NOTE, "note", c->words);
    }
    if (c->match.n > 0)
        add_matches(d, c);
    doc_close(d);
    add_parts(d, c);
}
