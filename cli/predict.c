/* cli/predict.c - `dagcast predict`: one run's makespan with its interval, and its registration
 * before the run. */
#include <stddef.h>
#include <time.h>

#include "cli/command.h"
#include "cli/scenario_doc.h"
#include "cli/scenario_options.h"
#include "cli/show.h"
#include "validation/track_record.h"

enum { DEFAULT_REPLICAS = 400 };

struct predict_call {
    struct scenario_options scenario;
    struct output_options output;
    const char *ledger, *name;
};

#define AT(member) OPTION_AT(struct predict_call, member)

static const struct option_row ledger_rows[] = {
    { .name = "register", AT(ledger), .file = OPTION_WRITES, .argument = "LEDGER",
      .help = "add the prediction to this ledger (SQLite, made if it does not exist); 'dagcast "
              "score' adds the outcome" },
    { .name = "name", AT(name), .argument = "TEXT",
      .help = "what the ledger calls it (default: the workflow's name)" },
    { .name = NULL },
};

#define SCENARIO .offset = offsetof(struct predict_call, scenario)

static const struct option_group groups[] = {
    { .title = "Where", .settings = SETTING_WHERE, SCENARIO },
    { .title = "Mode", .settings = SETTING_HOW, SCENARIO },
    { .title = "Scheduler", .settings = SETTING_POLICY, SCENARIO },
    { .title = "Runs", .settings = SETTING_RUN, SCENARIO },
    { .title = "Replicas", .settings = SETTING_REPLICA, .rows = scenario_thread_rows, SCENARIO },
    { .title = "Ledger", .rows = ledger_rows },
    SHOW_GROUP(struct predict_call),
    { .title = NULL },
};

struct predicted {
    const struct scenario_set *set;
    const struct forecast *forecast;
    const char *ledger;
    char hash[LEDGER_HASH_LENGTH + 1];   /* "": not registered */
};

static void add_registration(struct doc *d, const struct predicted *p)
{
    doc_open(d, "registered");
    doc_fact(d, "ledger", NULL, DOC_TEXT, doc_text(p->ledger));
    doc_fact(d, "hash", "registered as", DOC_TEXT, doc_text(p->hash));
    doc_close(d);
    doc_sayf(d, DOC_NOTE, NULL,
             "The ledger binds this prediction to all before it. Keep the hash: 'dagcast score %s "
             "--contains HASH' then also tells whether entries were cut off.",
             p->ledger);
}

static void add_clients(struct doc *d, const struct forecast *f)
{
    if (f->client.n == 0)
        return;
    doc_open(d, "client");
    doc_fact(d, "mean", "a client of a service, start to stop", DOC_LONG_SECONDS,
             doc_number(f->client.mean));
    doc_fact(d, "sd", "  sd", DOC_SECONDS, doc_number(f->client.sd));
    doc_fact(d, "interval95", "  mean of all, 95 % of runs", DOC_SECONDS,
             doc_range(f->client_pi95.low, f->client_pi95.high));
    doc_close(d);
}

static struct doc *result_of(const struct predicted *p, const struct invocation *call)
{
    const struct forecast *f = p->forecast;
    const struct scenario *s = &p->set->scenario;
    struct doc *d = show_new("predict");
    double complete = f->complete ? 1 : 0;
    scenario_doc_warn_cut(d, s, &complete, 1);
    doc_section(d, "Prediction");
    if (f->n > 1)
        doc_sayf(d, DOC_ANSWER, "answer",
                 "The makespan is %.1f s on average; 95 %% of runs take %.1f to %.1f s.",
                 f->makespan.mean, f->pi95.low, f->pi95.high);
    else
        doc_sayf(d, DOC_ANSWER, "answer", "The makespan is %.1f s.", f->makespan.mean);
    scenario_doc_add(d, p->set, SCENARIO_MODE);
    doc_fact(d, "workflow", NULL, DOC_TEXT, doc_text(s->workflow->name));
    doc_fact(d, "mode", NULL, DOC_TEXT, doc_text(mode_name(s->mode)));
    doc_open(d, "makespan");
    doc_fact(d, "mean", "makespan: mean", DOC_LONG_SECONDS, doc_number(f->makespan.mean));
    doc_fact(d, "sd", "  sd", DOC_SECONDS, doc_number(f->makespan.sd));
    doc_fact(d, "interval95", "  95 % of runs", DOC_SECONDS, doc_range(f->pi95.low, f->pi95.high));
    doc_close(d);
    add_clients(d, f);
    doc_fact(d, "replicas", NULL, DOC_COUNT, doc_number((double)f->n));
    if (p->set->otherwise)
        doc_say(d, DOC_NOTE, "here",
                "No platform was named: this is for this machine, as 'dagcast execute' would run "
                "it. --platform names another.");
    if (middleware_is_ideal(s->middleware))
        doc_say(d, DOC_NOTE, NULL,
                "The middleware is ideal: the interval holds the spread of durations only. "
                "--middleware names a measured one.");
    scenario_doc_note_one_replica(d, f->n);
    if (*p->hash)
        add_registration(d, p);
    show_add_commands(d, call, &s->seed);
    return d;
}

static int register_it(struct predicted *p, const struct predict_call *o, struct error *err)
{
    const struct scenario *s = &p->set->scenario;
    struct ledger *l = track_check(p->forecast, err) ? NULL : ledger_create(o->ledger, err);
    if (!l)
        return -1;
    const struct registration how = { .name = o->name ? o->name : s->workflow->name,
                                      .version = DAGCAST_VERSION,
                                      .now_epoch_s = (double)time(NULL) };
    int status = track_register(l, &how, s, p->forecast, err);
    if (status == 0)
        snprintf(p->hash, sizeof p->hash, "%s", ledger_at(l, ledger_count(l) - 1).hash);
    ledger_close(l);
    return status;
}

static int predict(const struct scenario_set *set, const struct invocation *call, struct error *err)
{
    const struct predict_call *o = call->options;
    struct forecast f;
    if (forecast_run(&f, &set->scenario, set->replicas, err))
        return -1;
    struct predicted p = { .set = set, .forecast = &f, .ledger = o->ledger };
    int status = o->ledger ? register_it(&p, o, err) : 0;
    if (status == 0)
        status = show(result_of(&p, call), &o->output, err);
    forecast_clear(&f);
    return status;
}

static int run(const struct invocation *call, struct error *err)
{
    const struct predict_call *o = call->options;
    struct scenario_options where = o->scenario;
    struct scenario_set set;
    where.otherwise = "this-machine";    /* as execute */
    if (o->name && !o->ledger)
        return error_set(err, "--name names an entry of a ledger: give --register LEDGER too");
    if (scenario_set_open(&set, call->operands.at[0], &where, call->data_dirs, err))
        return -1;
    if (!o->scenario.said[SETTING_REPLICAS].said &&
        !(set.file && set.file->said[SETTING_REPLICAS].said))
        set.replicas = DEFAULT_REPLICAS;
    int status = predict(&set, call, err);
    scenario_set_clear(&set);
    return status;
}

static const struct example examples[] = {
    { "predict examples/ddmd.json -p summit -n 16 -m radical-entk --mode pipelined",
      "what one run should take" },
    { "predict w.json -p p.json --register ledger.sqlite", "the same, registered before the run" },
    { "predict w.json --register ledger.sqlite",
      "the same of a run on this machine ('dagcast execute w.json')" },
    { "score ledger.sqlite run1", "after it: was it so?" },
    { NULL, NULL },
};

const struct command command_predict = {
    .name = "predict",
    .section = "Predict",
    .summary = "one run's makespan and 95 % interval, registered before the run",
    .operands = "SCENARIO",
    .min_operands = 1,
    .max_operands = 1,
    .description = "Predicts the makespan of one run in one mode, and the interval that 95 % of "
                   "runs fall into. Without --platform it is for this machine, where execute would "
                   "run it.\n\n"
                   "With --register it adds the prediction to a ledger: workflow, platform, "
                   "middleware, mode, scheduler, seed, version and interval, bound by a hash to "
                   "all entries before it. 'dagcast score' adds what the run measured, if the run "
                   "began later, and keeps the track record.",
    .examples = examples,
    .groups = groups,
    .options_size = sizeof(struct predict_call),
    .run = run,
};
