/* Nextflow (DSL 2): a process a set, whose tasks are the numbers of a channel. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "traces/export_impl.h"

/* Within '...' of Groovy. */
static void add_text(struct str *out, const char *text)
{
    struct str shown = { 0 };
    escape_terminal(&shown, text);
    for (const char *c = shown.text ? shown.text : ""; *c; c++) {
        if (strchr("\\'", *c))
            str_add(out, "\\");
        str_add_n(out, c, 1);
    }
    str_clear(&shown);
}

/* Within a script in three double quotes: nothing in it is Groovy's. */
static void add_script(struct str *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\$\"", *text))
            str_add(out, "\\");
        str_add_n(out, text, 1);
    }
}

static void add_resources(struct str *out, const struct task_set *set, const struct platform *p)
{
    const struct demand *d = &set->traits->demand;
    str_addf(out, "    cpus %d\n", d->ranks * export_cores(d, p));
    if (d->memory_mib)
        str_addf(out, "    memory '%lld MB'\n", (long long)d->memory_mib * d->ranks);
    if (d->gpus || d->gpu_share)
        str_addf(out, "    accelerator %d\n", d->ranks * (d->gpus ? d->gpus : 1));
    str_addf(out, "    time '%.0f m'\n", export_limit_s(set) / 60);
}

static void add_failures(struct str *out, const struct workflow *w, const struct task_set *set)
{
    bool go_on =
        (set->traits->on_failure ? set->traits->on_failure : w->on_failure) == ON_FAILURE_CONTINUE;
    if (set->traits->retries)
        str_addf(out,
                 "    maxRetries %d\n    errorStrategy { task.attempt <= %d ? 'retry' : '%s' }\n",
                 set->traits->retries, set->traits->retries, go_on ? "ignore" : "finish");
    else
        str_addf(out, "    errorStrategy '%s'\n", go_on ? "ignore" : "finish");
}

static void add_process(struct str *out, const struct workflow *w, const struct task_set *set,
                        const struct platform *p, const char *variable)
{
    struct str script = { 0 };
    str_add(&script, "DAGCAST_SET=");
    escape_shell(&script, set->name);
    str_add(&script, "\n");
    export_durations(&script, set);
    str_add(&script, "export DAGCAST_SET DAGCAST_TASK DAGCAST_ATTEMPT DAGCAST_DURATION\n");
    export_command(&script, set);
    str_addf(out, "process %s {\n    tag \"", variable);
    str_add(out, "${index}\"\n");
    add_resources(out, set, p);
    add_failures(out, w, set);
    str_add(out, "    input:\n    val index\n    output:\n    val index\n    script:\n    "
                 "\"\"\"\nDAGCAST_TASK=${index} "
                 "DAGCAST_ATTEMPT=${task.attempt - 1}\n");
    add_script(out, script.text);
    str_add(out, "\n    \"\"\"\n}\n\n");
    str_clear(&script);
}

/* The channel of a set's numbers: of the first set whose tasks are its counterparts, else of all
 * numbers; once all others are done. */
static void add_call(struct str *out, const struct workflow *w, char *const *variables, size_t k)
{
    const struct task_set *set = &w->sets[k];
    const struct dependency *each = NULL;
    struct str ready = { 0 };
    for (size_t i = 0; i < set->n_dependencies; i++) {
        const struct dependency *d = &set->dependencies[i];
        if (d->kind == DEPENDENCY_EACH && !each)
            each = d;
        else
            str_addf(&ready, ".combine(%s.out.toList().map { true }).map { it[0] }",
                     variables[d->parent]);
    }
    if (each)
        str_addf(out, "    %s(%s.out%s)\n", variables[k], variables[each->parent],
                 ready.length ? ready.text : "");
    else
        str_addf(out, "    %s(Channel.of(0..%u)%s)\n", variables[k], set->n_tasks - 1,
                 ready.length ? ready.text : "");
    str_clear(&ready);
}

static void note(const struct workflow *w, struct notes *losses)
{
    size_t by_task = 0, ranks = 0, releases = 0, further = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct task_set *set = &w->sets[k];
        size_t each = 0;
        by_task += export_is_by_task(set);
        ranks += set->traits->demand.ranks > 1;
        releases += set->release.kind == RELEASE_TIME;
        for (size_t i = 0; i < set->n_dependencies; i++)
            each += set->dependencies[i].kind == DEPENDENCY_EACH;
        further += each > 1;
    }
    notes_add(losses, by_task, "sets", "wait for single tasks: here for the whole sets of these");
    notes_add(
        losses, further, "sets",
        "wait task by task for several sets: here for the first of them, and for the others whole");
    notes_add(losses, ranks, "sets",
              "several ranks: a process has the cores of all of them, on one node");
    notes_add(losses, releases, "sets", "releases have no place");
    export_note(w, losses);
}

static void write(struct str *out, const struct workflow *w, const struct platform *p,
                  struct notes *losses)
{
    char **variables = export_variables(w);
    int *order = workflow_topological_order(w);
    str_add(out, "// Workflow ");
    add_text(out, w->name);
    str_add(out, " as a pipeline of Nextflow, written by dagcast: nextflow run "
                 "THIS\nnextflow.enable.dsl = 2\n\n");
    for (size_t i = 0; i < w->n_sets; i++)
        add_process(out, w, &w->sets[order[i]], p, variables[order[i]]);
    str_add(out, "workflow {\n");
    for (size_t i = 0; i < w->n_sets; i++)
        add_call(out, w, variables, (size_t)order[i]);
    str_add(out, "}\n");
    note(w, losses);
    free(order);
    export_variables_free(variables, w);
}

const struct export_ops export_nextflow = {
    .name = "nextflow",
    .summary = "a pipeline of Nextflow (DSL 2): a process for each task set, with its resources",
    .write = write,
};
