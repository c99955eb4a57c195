/* cli/model.c - `dagcast model`: the closed forms alone, without a simulation. */
#include <stddef.h>

#include "cli/asynchrony_words.h"
#include "cli/command.h"
#include "cli/scenario_doc.h"
#include "cli/scenario_options.h"
#include "cli/show.h"
#include "cli/words.h"
#include "study/expected.h"

struct model_options {
    struct scenario_options scenario;
    struct output_options output;
};

static const struct option_group groups[] = {
    { .title = "Where", .settings = SETTING_WHERE,
      .offset = offsetof(struct model_options, scenario) },
    SHOW_GROUP(struct model_options),
    { .title = NULL },
};

/* ---- task sets ---- */

static struct set_form form_of(const struct doc_record *r)
{
    const struct scenario *s = r->context;
    return set_form_of(s->workflow, s->platform, (int)r->index);
}

static const char *set_name(const struct doc_record *r)
{
    return ((const struct task_set *)r->item)->name;
}

static struct doc_value name(const struct doc_record *r)
{
    return doc_text(set_name(r));
}

DOC_GETTER(capacity, struct set_form s = form_of(r), doc_number((double)s.capacity))
DOC_GETTER(waves, struct set_form s = form_of(r), doc_number((double)s.waves))
DOC_GETTER(tx, struct set_form s = form_of(r), doc_number(s.tx_s))
DOC_GETTER(set_time, struct set_form s = form_of(r), doc_number(s.time_s))
DOC_GETTER(set_time_max, struct set_form s = form_of(r), doc_number(s.time_max_s))

static const struct doc_field set_fields[] = {
    { .label = "task set", .get = name },
    { .key = "tasks", .label = "tasks", .format = { .unit = DOC_COUNT },
      .get = scenario_doc_set_tasks },
    { .key = "capacity", .label = "held at once", .format = { .unit = DOC_COUNT },
      .get = capacity },
    { .key = "waves", .label = "waves", .format = { .unit = DOC_COUNT }, .get = waves },
    { .key = "tx", .label = "TX", .format = { .unit = DOC_SECONDS }, .get = tx },
    { .key = "time", .label = "set time", .format = { .unit = DOC_SECONDS }, .get = set_time },
    { .key = "time_expected_max", .label = "with expected maxima",
      .format = { .unit = DOC_SECONDS }, .get = set_time_max },
    DOC_FIELDS_END,
};

/* ---- modes ---- */

#define SECONDS(member)                                                                            \
    .format = { .unit = DOC_SECONDS }, DOC_MEMBER(struct mode_prediction, member)
#define SHARE(member) .format = { .unit = DOC_SHARE }, DOC_MEMBER(struct mode_prediction, member)
#define BOUND(kind, name)                                                                          \
    { .key = "bounds/" name, .format = { .unit = DOC_SECONDS }, .source = DOC_DOUBLE,              \
      .offset = offsetof(struct mode_prediction, bounds.of_s) + (kind) * sizeof(double) }

static const struct doc_field mode_fields[] = {
    { .key = "closed_form", .label = "makespan, closed form", SECONDS(mean.makespan_s) },
    { .key = "closed_form_expected_max", .label = "  with expected maxima",
      SECONDS(expected_max.makespan_s) },
    { .key = "closed_form_overhead", .label = "  of which middleware (C)",
      SECONDS(mean.overhead_s) },
    { .key = "critical_path", .label = "critical path", SECONDS(critical_path_s) },
    { .key = "lower_bound", .label = "lower bound", SECONDS(bounds.best_s) },
    BOUND(BOUND_PATH, "longest path"),
    BOUND(BOUND_SLOTS, "area of slots"),
    BOUND(BOUND_GPUS, "area of GPUs"),
    BOUND(BOUND_MEMORY, "area of memory"),
    BOUND(BOUND_CLASS, "area of a demand class"),
    BOUND(BOUND_FLOW, "amount on a flow"),
    { .key = "improvement/closed_form", .label = "I over sequential", SHARE(improvement) },
    { .key = "improvement/closed_form_expected_max", .label = "  with expected maxima",
      SHARE(improvement_expected_max) },
    DOC_FIELDS_END,
};

static void add_meaning(struct doc *d, const struct prediction *p)
{
    struct str words = { 0 };
    asynchrony_add_meaning(&words, &p->asynchronicity,
                           &(struct gain){ .source = GAIN_CLOSED_FORM,
                                           .mean = p->mode[MODE_ASYNCHRONOUS].improvement });
    doc_say_str(d, DOC_ANSWER, "meaning", &words);
}

static struct doc *result_of(const struct scenario_set *set, const struct expected *e)
{
    const struct adaptive_session *session = &e->session;
    const struct prediction *p = &e->prediction;
    const struct workflow *w = session->scenario.workflow;
    struct doc *d = show_new("model");
    doc_section(d, "Closed forms");
    scenario_doc_add(d, set, SCENARIO_PLACE);
    scenario_doc_add_session(d, w->name, e->n_sets, e->n_tasks, &p->asynchronicity);
    doc_table(d, &(struct doc_table){ .key = "sets", .fields = set_fields, .name = set_name,
                                      DOC_ITEMS(w->sets, w->n_sets),
                                      .context = &session->scenario });
    doc_table(d, &(struct doc_table){ .key = "modes", .layout = DOC_COLUMNS, .fields = mode_fields,
                                      DOC_ITEMS(p->mode, MODES), .name = scenario_doc_mode });
    add_meaning(d, p);
    doc_say(
        d, DOC_NOTE, NULL,
        "A set takes waves x TX (TX: a task's mean duration; a wave: as many tasks as the platform "
        "holds at once); with expected maxima a wave lasts as long as its longest task is expected "
        "to. The lower bound is on the expected durations. I = 1 - makespan / sequential "
        "makespan.");
    if (session->workflow)
        doc_say(d, DOC_NOTE, NULL,
                "What is decided at run time is taken as expected: the numbers of iterations and "
                "tasks are means, rounded, and sets exist whose probability is at least one half.");
    if (e->first_only)
        doc_say(d, DOC_NOTE, NULL,
                "Of the iterations the sets of the first are listed; the others' are alike.");
    return d;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct model_options *o = call->options;
    struct scenario_set set;
    if (scenario_set_open(&set, call->operands.at[0], &o->scenario, call->data_dirs, err))
        return -1;
    struct expected expected;
    int status = expected_session(&set.scenario, &expected, err);
    if (status == 0)
        status = show(result_of(&set, &expected), &o->output, err);
    expected_clear(&expected);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "model examples/ddmd.json --platform summit --nodes 16", "on the back of an envelope" },
    { "model w.json -p summit -n 4 --json | jq .workflow.wla", "one figure of it" },
    { NULL, NULL },
};

const struct command command_model = {
    .name = "model",
    .section = "Predict",
    .summary = "closed forms alone: degrees of asynchronicity, makespans, bounds",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description = "What is known without simulating: how much could run at the same time by the "
                   "dependencies (DOA_dep, width) and by the platform (DOA_res), the makespan of "
                   "each mode as waves of tasks, the relative improvement I, and bounds that no "
                   "run can beat. docs/model.md has the formulas and says what is assumed.\n\n"
                   "SCENARIO is a workflow (JSON, docs/formats.md; or a WfFormat instance), with "
                   "--platform to say where; or a scenario file.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct model_options),
    .run = run,
};
