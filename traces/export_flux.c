/* Flux: a jobspec (RFC 14, version 1) a task, with dependencies on the ids of those before. The
 * script submits them in order. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "core/task_deps.h"
#include "traces/export_impl.h"

/* Text within a here-document that expands variables: nothing in it is one. */
static void add_plain(struct str *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\$`", *text))
            str_add(out, "\\");
        str_add_n(out, text, 1);
    }
}

static void add_json(struct str *out, const char *text)
{
    struct str escaped = { 0 };
    escape_json(&escaped, text);
    add_plain(out, escaped.text ? escaped.text : "");
    str_clear(&escaped);
}

static void add_head(struct str *out, const struct workflow *w)
{
    str_add(out, "#!/bin/bash\n# Workflow ");
    escape_terminal(out, w->name);
    str_add(
        out,
        " as jobspecs of Flux, written by dagcast. Run it within a Flux instance to submit them.\n"
        "set -euo pipefail\n"
        "# SCHEME ID...: what a jobspec waits for\n"
        "after() {\n  local s=$1 id comma=\n  shift\n  for id; do\n"
        "    printf '%s{\"scheme\": \"%s\", \"value\": \"%s\"}' \"$comma\" \"$s\" \"$id\"\n    "
        "comma=', '\n"
        "  done\n}\n\n");
}

static void add_resources(struct str *out, const struct task_set *set, const struct platform *p)
{
    const struct demand *d = &set->traits->demand;
    str_addf(out,
             "\"resources\": [%s{\"type\": \"slot\", \"label\": \"task\", \"count\": %d, \"with\": "
             "[{\"type\": \"core\", \"count\": %d}",
             d->one_node ? "{\"type\": \"node\", \"count\": 1, \"with\": [" : "", d->ranks,
             export_cores(d, p));
    if (d->gpus || d->gpu_share)
        str_addf(out, ", {\"type\": \"gpu\", \"count\": %d}", d->gpus ? d->gpus : 1);
    str_addf(out, "]}%s]", d->one_node ? "]}" : "");
}

/* set_sim_job TASK DEPENDENCIES: submits one, prints its id. */
static void add_function(struct str *out, const struct task_set *set, const struct platform *p,
                         const char *variable)
{
    struct str command = { 0 };
    export_durations(&command, set);
    str_add(&command, "export DAGCAST_DURATION\nexec ");
    export_command(&command, set);
    str_addf(out, "%s=()\n%s_job() {\n  flux job submit <<JOB\n{\"version\": 1, ", variable,
             variable);
    add_resources(out, set, p);
    str_add(out, ",\n \"tasks\": [{\"command\": [\"bash\", \"-c\", \"");
    add_json(out, command.text);
    str_addf(out,
             "\"], \"slot\": \"task\", \"count\": {\"per_slot\": 1}}],\n \"attributes\": "
             "{\"system\": {\"duration\": %.0f, \"cwd\": \"$PWD\", \"job\": {\"name\": \"",
             export_limit_s(set));
    add_json(out, set->name);
    str_add(out, "\"},\n  \"environment\": {\"PATH\": \"$PATH\", \"DAGCAST_SET\": \"");
    add_json(out, set->name);
    str_add(out, "\", \"DAGCAST_TASK\": \"$1\", \"DAGCAST_ATTEMPT\": \"0\"}, \"dependencies\": "
                 "[$2]}}}\nJOB\n}\n");
    str_clear(&command);
}

static void add_parents(struct str *out, const struct workflow *w, char *const *variables,
                        struct task_deps *deps, const struct dependency *d)
{
    struct task_link link;
    str_addf(out, "$(after %s", export_after(w, d));
    while (task_deps_next(deps, &link))
        for (uint32_t i = link.parent; i < link.parent + link.n_parents; i++)
            str_addf(out, " \"${%s[%u]}\"", variables[d->parent], i);
    str_add(out, ")");
}

static bool all_alike(const struct task_set *set)
{
    for (size_t i = 0; i < set->n_dependencies; i++)
        if (set->dependencies[i].kind != DEPENDENCY_ALL)
            return false;
    return true;
}

/* One loop if all tasks wait for the same. */
static void add_loop(struct str *out, const struct workflow *w, char *const *variables, size_t k)
{
    const struct task_set *set = &w->sets[k];
    str_add(out, "dependencies=");
    for (size_t i = 0; i < set->n_dependencies; i++)
        str_addf(out, "%s$(after %s \"${%s[@]}\")", i ? "', '" : "",
                 export_after(w, &set->dependencies[i]), variables[set->dependencies[i].parent]);
    str_addf(out,
             "\nfor ((i = 0; i < %u; i++)); do id=$(%s_job \"$i\" \"$dependencies\"); "
             "%s+=(\"$id\"); done\n\n",
             set->n_tasks, variables[k], variables[k]);
}

static void add_each(struct str *out, const struct workflow *w, char *const *variables, size_t k)
{
    const struct task_set *set = &w->sets[k];
    struct task_deps_index *indices = export_indices(set);
    for (uint32_t task = 0; task < set->n_tasks; task++) {
        str_addf(out, "id=$(%s_job %u \"", variables[k], task);
        for (size_t i = 0; i < set->n_dependencies; i++) {
            const struct dependency *d = &set->dependencies[i];
            struct task_deps deps = task_deps_of_child(w, (int)k, d, &indices[i], task);
            str_add(out, i ? "," : "");
            add_parents(out, w, variables, &deps, d);
        }
        str_addf(out, "\"); %s+=(\"$id\")\n", variables[k]);
    }
    str_add(out, "\n");
    export_indices_free(indices, set);
}

static void write(struct str *out, const struct workflow *w, const struct platform *p,
                  struct notes *losses)
{
    char **variables = export_variables(w);
    int *order = workflow_topological_order(w);
    size_t retries = 0, memory = 0, releases = 0;
    add_head(out, w);
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct task_set *set = &w->sets[order[i]];
        add_function(out, set, p, variables[order[i]]);
        if (all_alike(set))
            add_loop(out, w, variables, (size_t)order[i]);
        else
            add_each(out, w, variables, (size_t)order[i]);
        retries += set->traits->retries > 0;
        memory += set->traits->demand.memory_mib > 0;
        releases += set->release.kind == RELEASE_TIME;
    }
    str_addf(out, "echo \"submitted %u tasks\"\n", w->n_tasks);
    notes_add(losses, retries, "sets", "retries have no place");
    notes_add(losses, memory, "sets", "memory has no place in a jobspec of version 1");
    notes_add(losses, releases, "sets", "releases have no place");
    export_note(w, losses);
    free(order);
    export_variables_free(variables, w);
}

const struct export_ops export_flux = {
    .name = "flux",
    .summary = "a script that submits a jobspec for each task, with their dependencies, to Flux",
    .write = write,
};
