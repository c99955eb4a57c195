#include "cli/describe_output.h"

#include <stdlib.h>

#include "cli/scenario_doc.h"
#include "cli/words.h"
#include "core/longest_path.h"
#include "core/task_deps.h"
#include "model/asynchronicity.h"
#include "plots/dag.h"

static void add_names(struct str *words, char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_addf(words, "%s%s", i == 0 ? "" : i + 1 == n ? " and " : ", ", names[i]);
}

/* "2 to 20 times, 5 on average" */
static void add_times(struct str *words, const struct loop *l)
{
    bool fixed = l->at_most == l->at_least;
    if (fixed)
        str_addf(words, "%d times", l->at_most);
    else if (l->at_most > 0)
        str_addf(words, "%d to %d times, %.3g on average", l->at_least, l->at_most,
                 loop_expected(l));
    else
        str_addf(words, "%d or more times, %.3g on average", l->at_least, loop_expected(l));
    if (l->stop.budget_s > 0 && !fixed)
        str_addf(words, " if time allows, none begins after %g s", l->stop.budget_s);
}

static void describe_loop(struct doc *d, const struct loop *l)
{
    struct str words = { 0 };
    str_addf(&words, "%s: repeats ", l->name);
    add_names(&words, l->sets, l->n_sets);
    str_add(&words, " ");
    add_times(&words, l);
    str_addf(&words, "; decided by %s", l->decided_by ? l->decided_by : "the whole iteration");
    if (l->decision_time_s > 0)
        str_addf(&words, ", which takes %g s", l->decision_time_s);
    doc_fact(d, NULL, "Loop", DOC_TEXT, doc_words(&words));
}

static void add_ends(struct str *words, const struct campaign *c)
{
    const char *before = " until ";
    if (c->budget > 0) {
        str_addf(words, "%s%lld are done", before, (long long)c->budget);
        before = " or ";
    }
    if (c->hits > 0) {
        str_addf(words, "%s%d hits are found (each with probability %g", before, c->hits,
                 c->hit_probability);
        if (c->hit_gain != 1)
            str_addf(words, ", times %g for each learning", c->hit_gain);
        str_add(words, ")");
        before = " or ";
    }
    if (c->time_s > 0)
        str_addf(words, "%s%g s are over", before, c->time_s);
}

static void describe_campaign(struct doc *d, const struct campaign *c)
{
    struct str words = { 0 };
    str_addf(&words, "%s: candidates of %s, ", c->name, c->candidates);
    if (c->in_flight > 0)
        str_addf(&words, "%d in flight,", c->in_flight);
    else
        str_add(&words, "as many in flight as the platform holds,");
    add_ends(&words, c);
    if (c->learn)
        str_addf(&words, "; %s learns after every %d results", c->learn, c->every);
    doc_fact(d, NULL, "Campaign", DOC_TEXT, doc_words(&words));
}

static void add_number(struct str *words, const struct task_set *s)
{
    const struct set_decision *d = s->decided;
    if (d->count == COUNT_SHARE)
        str_addf(words, "%g %% as many tasks as %s", 100 * d->share, d->of);
    else if (d->count == COUNT_PER)
        str_addf(words, "for each task of %s %.3g on average (%s)", d->of, dist_mean(d->number),
                 dist_family(d->number));
    else
        str_addf(words, "%.3g tasks on average (%s)", dist_mean(d->number), dist_family(d->number));
}

static void describe_set(struct doc *d, const struct task_set *s)
{
    const struct set_decision *of = s->decided;
    struct str words = { 0 };
    const char *between = "";
    str_addf(&words, "%s: ", s->name);
    if (of->count != COUNT_WRITTEN) {
        add_number(&words, s);
        between = "; ";
    }
    if (of->conditional) {
        str_addf(&words, "%s%s with probability %g", between,
                 of->by_task ? "each of its tasks exists" : "exists", of->probability);
        if (of->otherwise)
            str_addf(&words, ", else %s", of->otherwise);
        between = "; ";
    }
    if (of->n_cancels > 0) {
        str_addf(&words, "%swhen it is done, what is left of ", between);
        add_names(&words, of->cancels, of->n_cancels);
        str_add(&words, " is cancelled");
    }
    doc_fact(d, NULL, "Decided", DOC_TEXT, doc_words(&words));
}

static void describe_decisions(struct doc *d, const struct workflow *w)
{
    for (size_t i = 0; i < w->decisions.n_loops; i++)
        describe_loop(d, &w->decisions.loops[i]);
    for (size_t i = 0; i < w->decisions.n_campaigns; i++)
        describe_campaign(d, &w->decisions.campaigns[i]);
    for (size_t s = 0; s < w->n_sets; s++)
        if (w->sets[s].decided)
            describe_set(d, &w->sets[s]);
    if (workflow_decides(w))
        doc_say(d, DOC_NOTE, NULL,
                "Tasks and sets above are those of the first iteration, with the numbers that are "
                "expected.");
}

enum { SETS_SHOWN = 60 };

struct described {
    const struct workflow *workflow;
    const struct platform *platform; /* NULL: none */
    const int *levels;
};

static const struct task_set *set_of(const struct doc_record *r)
{
    return r->item;
}

DOC_GETTER(duration_mean, const struct task_set *t = r->item, doc_number(dist_mean(t->duration)))
DOC_GETTER(duration_sd, const struct task_set *t = r->item, doc_number(dist_sd(t->duration)))
DOC_GETTER(level, const struct described *d = r->context, doc_number(d->levels[r->index]))

/* "training, aggregation (task by task)" */
static struct doc_value after(const struct doc_record *r)
{
    const struct workflow *w = ((const struct described *)r->context)->workflow;
    struct str words = { 0 };
    for (size_t i = 0; i < set_of(r)->n_dependencies; i++) {
        const struct dependency *p = &set_of(r)->dependencies[i];
        str_addf(&words, "%s%s", i ? ", " : "", w->sets[p->parent].name);
        if (dependency_is_by_task(p))
            str_addf(&words, " (%s)", dependency_kind_words(p->kind));
    }
    return doc_words(&words);
}

static struct doc_value ranks_per_node(const struct doc_record *r)
{
    const struct platform *p = ((const struct described *)r->context)->platform;
    struct slot_demand s =
        p ? platform_slots(p, &set_of(r)->traits->demand) : (struct slot_demand){ 0 };
    return p ? doc_number((double)node_shape_capacity(platform_node(p, 0), &s)) : doc_none();
}

static struct doc_value at_once(const struct doc_record *r)
{
    const struct platform *p = ((const struct described *)r->context)->platform;
    struct slot_demand s =
        p ? platform_slots(p, &set_of(r)->traits->demand) : (struct slot_demand){ 0 };
    return p ? doc_number((double)platform_capacity(p, &s)) : doc_none();
}

static const struct doc_field set_fields[] = {
    { .key = "name", .label = "task set", DOC_MEMBER(struct task_set, name) },
    { .key = "tasks", .label = "tasks", .format = { .unit = DOC_COUNT },
      .get = scenario_doc_set_tasks },
    { .key = "demand", .label = "each", .get = scenario_doc_set_demand },
    { .label = "duration", .get = scenario_doc_set_duration },
    { .key = "level", .label = "level", .format = { .unit = DOC_COUNT }, .get = level },
    { .label = "after", .get = after },
    { .key = "ranks_per_node", .label = "ranks a node", .format = { .unit = DOC_COUNT },
      .optional = true, .get = ranks_per_node },
    { .key = "at_once", .label = "tasks at once", .format = { .unit = DOC_COUNT }, .optional = true,
      .get = at_once },
    { .key = "duration_mean", .format = { .unit = DOC_SECONDS }, .get = duration_mean },
    { .key = "duration_sd", .format = { .unit = DOC_SECONDS }, .get = duration_sd },
    DOC_FIELDS_END,
};

static int level_count(const struct described *w)
{
    int most = 0;
    for (size_t i = 0; i < w->workflow->n_sets; i++)
        most = w->levels[i] > most ? w->levels[i] : most;
    return most + 1;
}

/* Work by resource, as the workflow asks for it, in hours. */
struct area {
    double core_h, thread_h, gpu_h;
};
static struct area area_of(const struct workflow *w)
{
    struct area a = { 0 };
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct demand *d = &w->sets[i].traits->demand;
        double rank_h = w->sets[i].n_tasks * dist_mean(w->sets[i].duration) * d->ranks / 3600;
        a.core_h += rank_h * d->cores;
        a.thread_h += rank_h * d->threads;
        a.gpu_h += rank_h * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU);
    }
    return a;
}

static void add_work(struct doc *d, const struct workflow *w)
{
    const struct area a = area_of(w);
    struct str words = { 0 };
    const struct {
        const char *key, *noun;
        double hours;
    } all[] = {
        { "work/core_hours", "core-hours", a.core_h },
        { "work/thread_hours", "thread-hours", a.thread_h },
        { "work/gpu_hours", "GPU-hours", a.gpu_h },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        doc_fact(d, all[i].key, NULL, DOC_HOURS, doc_number(all[i].hours));
        if (all[i].hours > 0)
            str_addf(&words, "%s%.1f %s", words.length ? ", " : "", all[i].hours, all[i].noun);
    }
    if (words.length)
        doc_fact(d, NULL, "Work", DOC_TEXT, doc_words(&words));
}

/* "p1: [a b] [c] after p0" */
static void add_pipelines(struct doc *d, const struct workflow *w)
{
    for (size_t i = 0; i < w->n_pipelines; i++) {
        const struct pipeline *p = &w->pipelines[i];
        struct str words = { 0 };
        str_addf(&words, "%s:", p->name);
        for (size_t s = 0; s < p->n_stages; s++) {
            for (size_t k = 0; k < p->stages[s].n_sets; k++)
                str_addf(&words, "%s%s", k ? " " : " [", w->sets[p->stages[s].sets[k]].name);
            str_add(&words, "]");
        }
        for (size_t k = 0; k < p->n_after; k++)
            str_addf(&words, "%s%s", k ? ", " : " after ", w->pipelines[p->after[k]].name);
        doc_fact(d, NULL, "Pipeline", DOC_TEXT, doc_words(&words));
    }
}

static void add_size(struct doc *d, const struct described *w)
{
    struct str words = { 0 };
    size_t edges = workflow_edge_count(w->workflow);
    str_addf(&words, "%s: ", w->workflow->name);
    words_add_count(&words, w->workflow->n_tasks, "task");
    str_add(&words, " in ");
    words_add_count(&words, w->workflow->n_sets, "set");
    str_addf(&words, ", %zu %s between sets, ", edges, edges == 1 ? "dependency" : "dependencies");
    words_add_count(&words, (size_t)level_count(w), "level");
    doc_say_str(d, DOC_PLAIN, NULL, &words);
    if (w->workflow->source)
        doc_fact(d, NULL, "Source", DOC_TEXT, doc_text(w->workflow->source));
    doc_open(d, "workflow");
    doc_fact(d, "levels", NULL, DOC_COUNT, doc_number(level_count(w)));
    doc_fact(d, "dependencies", NULL, DOC_COUNT, doc_number((double)edges));
}

/* The member "after" of the task sets: the names of those each waits for. */
static void add_parents(struct doc *d, const struct workflow *w)
{
    doc_open_list(d, "task_sets");
    for (size_t i = 0; i < w->n_sets; i++) {
        cJSON *names = cJSON_CreateArray();
        for (size_t k = 0; k < w->sets[i].n_dependencies; k++)
            cJSON_AddItemToArray(
                names, cJSON_CreateString(w->sets[w->sets[i].dependencies[k].parent].name));
        doc_open(d, NULL);
        doc_data(d, "after", names);
        doc_close(d);
    }
    doc_close(d);
}

static int draw_dag(const void *what, const char *path, struct error *err)
{
    const struct workflow *w = what;
    return plot_dag(w, w->name, path, err);
}

void describe_workflow(struct doc *d, const struct workflow *w, const struct platform *p)
{
    struct asynchronicity a;
    struct str meaning = { 0 };
    int *levels = longest_path_levels(w, path_graph_of(w, 0));
    const struct described described = { w, p, levels };
    asynchronicity_of(w, p, &a);
    doc_section(d, "Workflow");
    add_size(d, &described);
    doc_table(d, &(struct doc_table){ .key = "task_sets", .fields = set_fields,
                                      DOC_ITEMS(w->sets, w->n_sets), .context = &described,
                                      .most = SETS_SHOWN });
    add_parents(d, w);
    add_pipelines(d, w);
    describe_decisions(d, w);
    add_work(d, w);
    doc_close(d);
    scenario_doc_add_workflow(d, w, &a);
    asynchrony_add_meaning(&meaning, &a, &(struct gain){ .source = GAIN_UNKNOWN });
    doc_say_str(d, DOC_ANSWER, "meaning", &meaning);
    doc_picture(d, "Task sets and their dependencies; the critical path stands out", draw_dag, w);
    free(levels);
}
