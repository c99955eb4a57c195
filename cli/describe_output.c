#include "cli/describe_output.h"

#include <stdlib.h>

#include "cli/asynchrony_words.h"
#include "cli/scenario_doc.h"
#include "cli/words.h"
#include "core/longest_path.h"
#include "core/task_deps.h"
#include "model/asynchronicity.h"
#include "plots/dag.h"

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
