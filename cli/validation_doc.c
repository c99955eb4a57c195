#include "cli/validate_doc.h"

#include "core/extrapolation.h"
#include "core/likeness.h"
#include "traces/session_workflow.h"

static bool interval_is_a_prior(const struct validation *v)
{
    return v->asked.middleware->n_sessions < 3;
}

static struct doc_value is_a_prior(const struct doc_record *r)
{
    return doc_flag(interval_is_a_prior(r->item));
}

static struct doc_value chaotic(const struct doc_record *r)
{
    return doc_flag(validation_is_chaotic(r->item));
}

DOC_GETTER(extrapolation_as, const struct validation *v = r->item,
           doc_text(transfer_name(v->asked.transfer)))

#define BAND(key_, member)                                                                         \
    {                                                                                              \
        .key = "predicted/" key_, DOC_MEMBER_INTERVAL(struct validation, forecast.clock.member)    \
    }

static const struct doc_field session_fields[] = {
    { .key = "middleware", .label = "middleware",
      DOC_MEMBER_OF(struct validation, asked.middleware, struct middleware, name) },
    { .key = "read_from_the_run", .label = "read from the run",
      DOC_MEMBER(struct validation, asked.read.text) },
    { .key = "assumed", .label = "assumed, not fitted", .optional = true,
      DOC_MEMBER(struct validation, asked.assumed.text) },
    { .key = "predicted/replicas", DOC_MEMBER(struct validation, forecast.n) },
    BAND("phase_band", phase),
    BAND("period_band", period),
    BAND("periods", period_s),
    { .key = "critical_path", DOC_MEMBER(struct validation, critical_path_s) },
    { .key = "extrapolation_as", .get = extrapolation_as },
    { .key = "interruptions",
      DOC_MEMBER_OF(struct validation, session, struct session, n_interruptions) },
    { .key = "interrupted_s",
      DOC_MEMBER_OF(struct validation, session, struct session, interrupted_s) },
    { DOC_COLUMN("in_sample", NULL, DOC_FLAG, struct validation, in_sample) },
    { .key = "interval_is_a_prior", .format = { .unit = DOC_FLAG }, .get = is_a_prior },
    { .key = "chaotic", .format = { .unit = DOC_FLAG }, .get = chaotic },
    DOC_FIELDS_END,
};

/* What a profile that was calibrated on other sessions is based on. */
static void add_peers(struct doc *d, const struct validation *v)
{
    const struct middleware *m = v->asked.middleware;
    bool kind = v->peers_differ & DIFFERS_IN_KIND;
    struct str words = { 0 }, differ = { 0 };
    if (!v->n_peers)
        return;
    likeness_add_names(&differ, v->peers_differ);
    str_addf(&words, "%zu other session%s", v->n_peers, v->n_peers == 1 ? "" : "s");
    if (differ.length)
        str_addf(&words, "%s%s",
                 kind ? " of another kind, since there is none of its own; they differ in: "
                      : "; some differ in: ",
                 differ.text);
    if (v->of_other_workflows)
        str_add(&words, " of other workflows: none has a task set called as one of its, so that "
                        "their time a level of tasks says little of it; the interval is their "
                        "spread");
    doc_fact(d, NULL, "calibrated on", DOC_TEXT, doc_words(&words));
    doc_fact(d, "calibrated_on/of_other_workflows", NULL, DOC_FLAG,
             doc_flag(v->of_other_workflows));
    doc_fact(d, "calibrated_on/differ_in", NULL, DOC_TEXT,
             doc_text(differ.length ? differ.text : ""));
    doc_fact(d, "calibrated_on/of_its_kind", NULL, DOC_FLAG, doc_flag(!kind));
    cJSON *names = cJSON_CreateArray();
    for (size_t i = 0; i < m->n_sessions; i++)
        cJSON_AddItemToArray(names, cJSON_CreateString(m->sessions[i].name));
    doc_open(d, "calibrated_on");
    doc_data(d, "sessions", names);
    doc_close(d);
    str_clear(&differ);
}

/* How the program found the profile. */
static void add_choice(struct doc *d, const struct validation *v)
{
    struct str words = { 0 }, differ = { 0 };
    if (!v->choice || (!v->choice->n_candidates && !v->choice->ideal))
        return;
    profile_choice_add(&words, v->choice);
    likeness_add_names(&differ, v->choice->differences);
    doc_fact(d, NULL, "profile", DOC_TEXT, doc_words(&words));
    doc_fact(d, "profile_choice/candidates", NULL, DOC_COUNT,
             doc_number((double)v->choice->n_candidates));
    doc_fact(d, "profile_choice/passed_over", NULL, DOC_TEXT,
             v->choice->passed_over ? doc_text(v->choice->passed_over) : doc_none());
    doc_fact(d, "profile_choice/differs_in", NULL, DOC_TEXT,
             doc_text(differ.length ? differ.text : ""));
    str_clear(&differ);
}

static void add_extrapolation(struct doc *d, const struct validation *v)
{
    struct str words = { 0 };
    if (v->asked.extrapolation.length && extrapolation_add(&words, &v->asked.scenario))
        doc_factf(d, "extrapolation", "", "EXTRAPOLATION: %s", words.text);
    str_clear(&words);
}

static void add_modes(struct doc *d, const struct two_modes *m)
{
    static const struct doc_field fields[] = {
        { .key = "low", DOC_MEMBER(struct two_modes, low) },
        { .key = "share_low", DOC_MEMBER(struct two_modes, share_low) },
        { .key = "high", DOC_MEMBER(struct two_modes, high) },
        { .key = "share_high", DOC_MEMBER(struct two_modes, share_high) },
        DOC_FIELDS_END,
    };
    if (!m->found) {
        doc_fact(d, "bimodal", NULL, DOC_TEXT, doc_none());
        return;
    }
    doc_open(d, "bimodal");
    doc_facts(d, fields, m, NULL);
    doc_close(d);
    doc_factf(d, NULL, "",
              "bimodal: %.0f %% of the replicas take about %.1f s, %.0f %% about %.1f s; the mean "
              "describes neither",
              100 * m->share_low, m->low, 100 * m->share_high, m->high);
}

static void add_orders(struct doc *d, const struct validation *v)
{
    static const struct doc_field fields[] = {
        { .key = "tried", DOC_MEMBER(struct pipeline_orders, n_orders) },
        { .key = "best", DOC_MEMBER(struct pipeline_orders, best_s) },
        { .key = "worst", DOC_MEMBER(struct pipeline_orders, worst_s) },
        DOC_FIELDS_END,
    };
    const struct pipeline_orders *p = &v->orders;
    if (!p->n_orders) {
        doc_fact(d, "order", NULL, DOC_TEXT, doc_none());
        return;
    }
    doc_open(d, "order");
    doc_facts(d, fields, p, NULL);
    doc_fact(d, "matters", NULL, DOC_FLAG, doc_flag(pipeline_orders_matter(p)));
    doc_close(d);
    if (pipeline_orders_matter(p))
        doc_factf(d, NULL, "",
                  "the order of submission matters: %.1f s as tasks arrived; in %zu orders of the "
                  "%zu pipelines %.1f to %.1f s (%.1f %%); --pipelines sets one",
                  v->forecast.makespan.mean, p->n_orders, p->n_pipelines, p->best_s, p->worst_s,
                  100 * (p->worst_s - p->best_s) / p->file_s);
}

/* JSON "launch_order": null where nothing is kept apart. */
static void add_launch_order(struct doc *d, const struct validation *v)
{
    static const struct doc_field fields[] = {
        { .key = "drawn/mean", DOC_MEMBER(struct launch_order, makespan.mean) },
        { .key = "drawn/sd", DOC_MEMBER(struct launch_order, makespan.sd) },
        { .key = "drawn/pi95", DOC_MEMBER_INTERVAL(struct launch_order, pi95) },
        { .key = "drawn/in_interval", .format = { .unit = DOC_FLAG },
          DOC_MEMBER(struct launch_order, in_interval) },
        DOC_FIELDS_END,
    };
    const struct launch_order *o = &v->launch_order;
    if (!o->known) {
        doc_data(d, "launch_order", cJSON_CreateNull());
        return;
    }
    doc_factf(d, NULL, "",
              "who began before whom of those that the launcher keeps apart is known; drawn, the "
              "makespan would be predicted at %.1f s, %.1f .. %.1f (measured %.1f s)",
              o->makespan.mean, o->pi95.low, o->pi95.high, v->measured_s);
    doc_open(d, "launch_order");
    doc_fact(d, "known", NULL, DOC_FLAG, doc_flag(true));
    doc_facts(d, fields, o, NULL);
    doc_open(d, "drawn");
    add_modes(d, &o->modes);
    doc_close(d);
    doc_close(d);
}

static void add_doubts(struct doc *d, const struct validation *v)
{
    const struct clock_band *c = &v->forecast.clock;
    size_t n = v->asked.middleware->n_sessions;
    if (v->in_sample)
        doc_factf(d, NULL, "",
                  "in sample: the profile was fitted on this session, so that its error says how "
                  "well the profile fits, not how well it predicts");
    if (interval_is_a_prior(v))
        doc_factf(d, NULL, "", "the interval is a prior: the profile knows %zu session%s", n,
                  n == 1 ? "" : "s");
    if (!validation_has_interval(v))
        doc_factf(d, NULL, "", "one replica: no sd and no interval; more (--replicas) give them");
    if (validation_is_chaotic(v))
        doc_factf(d, NULL, "",
                  "chaotic: the clock of the scheduler's loop alone moves one replica: %.1f to "
                  "%.1f s over its phase, %.1f to %.1f s over periods of %.4f to %.4f s",
                  c->phase.low, c->phase.high, c->period.low, c->period.high, c->period_s.low,
                  c->period_s.high);
}

DOC_GETTER(start_error, const struct stage_times *s = r->item,
           doc_number(s->predicted_start_s - s->measured_start_s))
DOC_GETTER(stop_error, const struct stage_times *s = r->item,
           doc_number(s->predicted_stop_s - s->measured_stop_s))

static bool never(const struct doc_record *r)
{
    (void)r;
    return false;
}

#define TIME(member)                                                                               \
    .format = { .unit = DOC_SECONDS, .decimals = 2 }, DOC_MEMBER(struct stage_times, member)

static void add_stages(struct doc *d, const struct validation *v, bool shown)
{
    static const struct doc_field fields[] = {
        { .key = "stage", .label = "stage", DOC_MEMBER(struct stage_times, name) },
        { .key = "start", .label = "start", TIME(measured_start_s) },
        { .key = "predicted_start", .label = "predicted", TIME(predicted_start_s) },
        { .label = "error", .format = { .unit = DOC_SECONDS, .decimals = 2 }, .get = start_error },
        { .key = "stop", .label = "stop", TIME(measured_stop_s) },
        { .key = "predicted_stop", .label = "predicted", TIME(predicted_stop_s) },
        { .label = "error", .format = { .unit = DOC_SECONDS, .decimals = 2 }, .get = stop_error },
        DOC_FIELDS_END,
    };
    doc_table(d, &(struct doc_table){ .key = "stages", .fields = fields,
                                      DOC_ITEMS(v->stages, v->n_stages),
                                      .shown = shown ? NULL : never });
}

void validation_doc_say_known(struct doc *d, const struct leave_one_out *all)
{
    size_t known = 0;
    for (size_t i = 0; i < all->n; i++)
        known += all->of[i].launch_order.known;
    if (known > 0)
        doc_sayf(d, DOC_NOTE, NULL,
                 "Of %zu session%s it is known who began before whom of those that the launcher "
                 "keeps apart: a race of milliseconds that may decide hours. What is predicted "
                 "without that is said below, and launch_order in JSON.",
                 known, known == 1 ? "" : "s");
}

void validation_doc_add(struct doc *d, const struct validation *v, bool stages)
{
    doc_subsection(d, v->session->name);
    doc_fact(d, "information", "level", DOC_TEXT, doc_text(information_name(v->level)));
    doc_facts(d, session_fields, v, NULL);
    add_choice(d, v);
    add_peers(d, v);
    add_extrapolation(d, v);
    add_doubts(d, v);
    add_modes(d, &v->forecast.modes);
    add_orders(d, v);
    add_launch_order(d, v);
    add_stages(d, v, stages);
}
