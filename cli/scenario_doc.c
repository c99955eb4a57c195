#include "cli/scenario_doc.h"

#include <math.h>
#include <stdlib.h>

#include "cli/words.h"
#include "core/extrapolation.h"
#include "sim/randomness.h"

/* ---- "scenario" ---- */

/* Advice varies the nodes: its title does not name them. */
static void add_title(struct doc *d, const struct scenario *s, enum scenario_part part)
{
    const char *workflow = s->workflow->name, *platform = s->platform->name;
    size_t nodes = s->platform->n_nodes;
    if (part == SCENARIO_PLACE)
        doc_title(d, "%s on %s", workflow, platform);
    else
        doc_title(d, "%s on %s (%zu node%s)", workflow, platform, nodes, nodes == 1 ? "" : "s");
}

static void add_source(struct doc *d, const struct scenario_set *set)
{
    cJSON *source = cJSON_CreateObject();
    scenario_set_add_source(source, set);
    while (source->child) {
        cJSON *item = cJSON_DetachItemViaPointer(source, source->child);
        char *key = item->string;
        item->string = NULL;
        doc_data(d, key, item);
        cJSON_free(key);
    }
    cJSON_Delete(source);
}

static void add_platform(struct doc *d, const struct platform *p)
{
    struct str words = { 0 };
    words_add_platform(&words, p);
    doc_fact(d, NULL, "Platform", DOC_TEXT, doc_words(&words));
    str_addf(&words, "%lld %s", (long long)platform_usable_slots(p),
                words_slots(p, platform_usable_slots(p)));
    if (platform_gpus(p))
        str_addf(&words, ", %lld GPU%s", (long long)platform_gpus(p),
                 platform_gpus(p) == 1 ? "" : "s");
    doc_fact(d, NULL, "Slots", DOC_TEXT, doc_words(&words));
    doc_open(d, "platform");
    doc_fact(d, "name", NULL, DOC_TEXT, doc_text(p->name));
    doc_fact(d, "nodes", NULL, DOC_COUNT, doc_number((double)p->n_nodes));
    doc_fact(d, "slot", NULL, DOC_TEXT, doc_text(p->slot_kind == SLOT_CORE ? "core" : "thread"));
    doc_fact(d, "slots", NULL, DOC_COUNT, doc_number((double)platform_usable_slots(p)));
    doc_fact(d, "gpus", NULL, DOC_COUNT, doc_number((double)platform_gpus(p)));
    doc_close(d);
}

static void add_middleware(struct doc *d, const struct scenario_set *set)
{
    const struct scenario *s = &set->scenario;
    const struct middleware *m = s->middleware;
    struct str why = { 0 };
    doc_fact(d, "middleware", NULL, DOC_TEXT, doc_text(m->name));
    doc_factf(d, NULL, "Middleware", m->summary ? "%s (%s)" : "%s", m->name, m->summary);
    extrapolation_add_reasons(&why, s);
    doc_fact(d, "extrapolation", NULL, DOC_TEXT, doc_text(why.text));
    doc_fact(d, "extrapolation_as", NULL, DOC_TEXT,
             doc_text(transfer_name(extrapolation_transfer(s))));
    str_clear(&why);
    middleware_choice_add(d, &set->choice);
    if (extrapolation_add(&why, s))
        doc_factf(d, NULL, "", "EXTRAPOLATION: %s", why.text);
    str_clear(&why);
}

static void add_scheduler(struct doc *d, const struct scheduler_options *o, bool shown)
{
    struct str words = { 0 };
    bool own = o->scheduler != NULL;
    words_add_scheduler(&words, o);
    if (shown)
        doc_fact(d, NULL, "Scheduler", DOC_TEXT, doc_words(&words));
    str_clear(&words);
    doc_fact(d, "scheduler", NULL, DOC_TEXT, doc_text(o->scheduler));
    doc_fact(d, "generation", NULL, DOC_TEXT, doc_text(o->generation));
    doc_fact(d, "order", NULL, DOC_TEXT, doc_text(own ? NULL : o->order));
    doc_fact(d, "overtake", NULL, DOC_TEXT, doc_text(own ? NULL : o->overtake));
    if (!own && o->overtake_every.s > 0)
        doc_fact(d, "overtake_every", NULL, DOC_NUMBER, doc_number(o->overtake_every.s));
    doc_fact(d, "placement", NULL, DOC_TEXT, doc_text(own ? NULL : o->placement));
}

static void add_runs(struct doc *d, const struct scenario_set *set, bool shown)
{
    const struct scenario *s = &set->scenario;
    struct str words = { 0 };
    str_addf(&words, "seed %llu, ", (unsigned long long)s->seed);
    words_add_count(&words, set->replicas, "replica");
    if (set->precision > 0)
        str_addf(&words, " at most, until the mean is known to %g %%", 100 * set->precision);
    if (s->walltime_s > 0)
        str_addf(&words, ", walltime %.6g s", s->walltime_s);
    words_add_jobs(&words, s);
    if (set->replicas > 1 && !scenario_is_random(s))
        str_add(&words, "; nothing is random: all replicas are equal");
    if (shown)
        doc_fact(d, NULL, "Runs", DOC_TEXT, doc_words(&words));
    str_clear(&words);
    doc_data(d, "seed", json_whole(s->seed));            /* a string from 2^53 */
    doc_fact(d, "replicas", NULL, DOC_COUNT, doc_number((double)set->replicas));
    doc_fact(d, "walltime", NULL, DOC_SECONDS,
             doc_number(s->walltime_s > 0 ? s->walltime_s : (double)NAN));
    doc_fact(d, "jobs", NULL, DOC_COUNT,
             doc_number(s->allocation.jobs > 1 ? s->allocation.jobs : 1));
    doc_fact(d, "pilots", NULL, DOC_COUNT, doc_number((double)platform_pilots(s->platform)));
    if (shown && queue_wait_add_outside(&words, s->allocation.wait, s->platform, s->walltime_s))
        doc_factf(d, "queue_extrapolation", "", "EXTRAPOLATION: %s", words.text);
    str_clear(&words);
}

void scenario_doc_add(struct doc *d, const struct scenario_set *set, enum scenario_part part)
{
    const struct scenario *s = &set->scenario;
    struct str words = { 0 };
    add_title(d, s, part);
    str_addf(&words, "%s: ", s->workflow->name);
    words_add_count(&words, s->workflow->n_sets, "task set");
    str_add(&words, ", ");
    words_add_count(&words, s->workflow->n_tasks, "task");
    doc_fact(d, NULL, "Workflow", DOC_TEXT, doc_words(&words));
    doc_open(d, "scenario");
    add_source(d, set);
    add_platform(d, s->platform);
    add_middleware(d, set);
    add_scheduler(d, &s->scheduler, part >= SCENARIO_RUNS);
    if (part >= SCENARIO_MODE)
        doc_factf(d, NULL, "Mode", "%s (%s)", mode_name(s->mode), mode_summary(s->mode));
    add_runs(d, set, part >= SCENARIO_RUNS);
    doc_close(d);
}

/* ---- "workflow" ---- */

static void add_degree(struct str *words, const char *before, const struct degree *g)
{
    if (g->value == DEGREE_UNKNOWN)
        return;
    char *value = degree_format(g);
    str_addf(words, "%s %s", before, value);
    free(value);
}

static void add_asynchrony(struct doc *d, const struct asynchronicity *a)
{
    struct str words = { 0 };
    str_addf(&words, "DOA_dep %d", a->doa_dep);
    add_degree(&words, ", width", &a->width);
    add_degree(&words, ", DOA_res", &a->doa_res);
    if (a->doa_res_partial.value != DEGREE_UNKNOWN) {
        add_degree(&words, " (one task of each:", &a->doa_res_partial);
        str_add(&words, ")");
    }
    add_degree(&words, ", WLA", &a->wla);
    doc_fact(d, NULL, "Asynchrony", DOC_TEXT, doc_words(&words));
}

static void add_degree_members(struct doc *d, const struct asynchronicity *a)
{
    const struct { const char *key; const struct degree *degree; } all[] = {
        { "width", &a->width },
        { "doa_res", &a->doa_res },
        { "doa_res_partial", &a->doa_res_partial },
        { "wla", &a->wla },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *exact = str_format("exact/%s", all[i].key);
        if (all[i].degree->value != DEGREE_UNKNOWN) {
            doc_fact(d, all[i].key, NULL, DOC_COUNT, doc_number(all[i].degree->value));
            doc_fact(d, exact, NULL, DOC_FLAG, doc_flag(all[i].degree->exact));
        }
        free(exact);
    }
}

void scenario_doc_add_workflow(struct doc *d, const struct workflow *w,
                               const struct asynchronicity *a)
{
    scenario_doc_add_session(d, w->name, (double)w->n_sets, (double)w->n_tasks, a);
}

void scenario_doc_add_session(struct doc *d, const char *name, double n_sets, double n_tasks,
                              const struct asynchronicity *a)
{
    add_asynchrony(d, a);
    doc_open(d, "workflow");
    doc_fact(d, "name", NULL, DOC_TEXT, doc_text(name));
    doc_fact(d, "sets", NULL, DOC_COUNT, doc_number(n_sets));
    doc_fact(d, "tasks", NULL, DOC_COUNT, doc_number(n_tasks));
    doc_fact(d, "doa_dep", NULL, DOC_COUNT, doc_number(a->doa_dep));
    add_degree_members(d, a);
    doc_close(d);
}

/* ---- task sets ---- */

static const struct task_set *set_of(const struct doc_record *r)
{
    return r->item;
}

struct doc_value scenario_doc_set_demand(const struct doc_record *r)
{
    struct str words = { 0 };
    demand_add_words(&words, &set_of(r)->traits->demand);
    return doc_words(&words);
}

struct doc_value scenario_doc_set_duration(const struct doc_record *r)
{
    struct str words = { 0 };
    words_add_duration(&words, set_of(r));
    return doc_words(&words);
}

const char *scenario_doc_mode(const struct doc_record *r)
{
    return mode_name((enum mode)r->index);
}

struct doc_value scenario_doc_set_tasks(const struct doc_record *r)
{
    return doc_number(set_of(r)->n_tasks);
}

static struct doc_value after(const struct doc_record *r)
{
    const struct workflow *w = r->context;
    struct str words = { 0 };
    for (size_t i = 0; i < set_of(r)->n_dependencies; i++)
        str_addf(&words, "%s%s", i ? ", " : "", w->sets[set_of(r)->dependencies[i].parent].name);
    return doc_words(&words);
}

void scenario_doc_add_sets(struct doc *d, const struct workflow *w)
{
    static const struct doc_field fields[] = {
        { .label = "task set", DOC_MEMBER(struct task_set, name) },
        { .label = "tasks", .format = { .unit = DOC_COUNT }, .get = scenario_doc_set_tasks },
        { .label = "each needs", .get = scenario_doc_set_demand },
        { .label = "duration", .get = scenario_doc_set_duration },
        { .label = "after", .get = after },
        DOC_FIELDS_END,
    };
    doc_details(d, "Task sets");
    doc_table(d, &(struct doc_table){ .fields = fields, DOC_ITEMS(w->sets, w->n_sets), .context = w,
                                      .most = 200 });
    doc_details_end(d);
}

/* ---- notes ---- */

void scenario_doc_warn_cut(struct doc *d, const struct scenario *s, const double *share, size_t n)
{
    const char *names[MODES];
    struct str words = { 0 };
    for (int m = 0; m < MODES; m++)
        names[m] = mode_name(n == MODES ? (enum mode)m : s->mode);
    words_add_cut_runs(&words, s, names, share, n);
    doc_say_str(d, DOC_WARNING, "notes[]", &words);
}

void scenario_doc_note_one_replica(struct doc *d, size_t replicas)
{
    struct str words = { 0 };
    words_add_one_replica(&words, replicas);
    doc_say_str(d, DOC_NOTE, "notes[]", &words);
}
