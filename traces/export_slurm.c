/* Slurm: a job array a set, or a job a task if single tasks are waited for. The script submits them
 * in order. */
#include <stdlib.h>

#include "base/escape.h"
#include "core/task_deps.h"
#include "traces/export_impl.h"

/* A single task is no array, nor is a set of which each task waits for others than its counterpart.
 */
static bool is_array(const struct workflow *w, size_t k)
{
    const struct task_set *set = &w->sets[k];
    for (size_t i = 0; i < set->n_dependencies; i++)
        if (set->dependencies[i].kind == DEPENDENCY_EACH &&
            !is_array(w, (size_t)set->dependencies[i].parent))
            return false;
    return set->n_tasks > 1 && !export_is_by_task(set);
}

static void add_head(struct str *out, const struct workflow *w)
{
    str_add(out, "#!/bin/bash\n# Workflow ");
    escape_terminal(out, w->name);
    str_add(out, " as jobs of Slurm, written by dagcast. Run it to submit them; options that it is "
                 "given go to each\n"
                 "# sbatch (--account=A --partition=P). Arrays of more than 1,001 elements need a "
                 "larger MaxArraySize.\n"
                 "set -euo pipefail\noptions=(\"$@\")\n"
                 "submit() { local id; id=$(sbatch --parsable --kill-on-invalid-dep=yes \"$@\" "
                 "\"${options[@]}\") || return; "
                 "echo \"${id%%;*}\"; }\n"
                 "join() { local IFS=:; echo \"$*\"; }\n\n");
}

static void add_resources(struct str *out, const struct task_set *set, const struct platform *p)
{
    const struct demand *d = &set->traits->demand;
    int cores = export_cores(d, p);
    str_addf(out, " --ntasks=%d --cpus-per-task=%d", d->ranks, cores);
    if (d->gpus || d->gpu_share)
        str_addf(out, " --gpus-per-task=%d", d->gpus ? d->gpus : 1);
    if (d->memory_mib)
        str_addf(out, " --mem-per-cpu=%lldM", (long long)((d->memory_mib + cores - 1) / cores));
    if (d->one_node)
        str_add(out, " --nodes=1");
    str_addf(out, " --time=%.0f", export_limit_s(set) / 60);
    if (set->release.kind == RELEASE_TIME && set->release.time_s > 0)
        str_addf(out, " --begin=now+%.0f", set->release.time_s);
}

/* The job itself: the text that sbatch reads. */
static void add_job(struct str *out, const struct task_set *set)
{
    str_add(out, " <<'JOB'\n#!/bin/bash\nexport DAGCAST_SET=");
    escape_shell(out, set->name);
    str_add(out, " DAGCAST_TASK=${SLURM_ARRAY_TASK_ID:-${DAGCAST_TASK:-0}} "
                 "DAGCAST_ATTEMPT=${SLURM_RESTART_COUNT:-0}\n");
    export_durations(out, set);
    str_add(out, "export DAGCAST_DURATION\nsrun ");
    export_command(out, set);
    str_add(out, "\nJOB\n");
}

/* Of all its tasks on all of a parent's, or on their counterparts in another array. */
static void add_dependency(struct str *out, const struct workflow *w, char *const *variables,
                           const struct dependency *d, bool *any)
{
    const char *after = export_after(w, d), *parent = variables[d->parent];
    str_add(out, *any ? "," : "");
    *any = true;
    if (d->kind == DEPENDENCY_EACH)
        str_addf(out, "aftercorr:$%s", parent);
    else if (is_array(w, (size_t)d->parent))
        str_addf(out, "%s:$%s", after, parent);
    else
        str_addf(out, "%s:$(join \"${%s[@]}\")", after, parent);
}

static void add_array(struct str *out, const struct workflow *w, const struct platform *p,
                      char *const *variables, size_t k)
{
    const struct task_set *set = &w->sets[k];
    bool any = false;
    str_addf(out, "%s=$(submit --job-name=", variables[k]);
    escape_shell(out, set->name);
    str_addf(out, " --array=0-%u", set->n_tasks - 1);
    add_resources(out, set, p);
    for (size_t i = 0; i < set->n_dependencies; i++) {
        str_add(out, i ? "" : " --dependency=\"");
        add_dependency(out, w, variables, &set->dependencies[i], &any);
    }
    str_add(out, any ? "\"" : "");
    add_job(out, set);
    str_add(out, ")\n\n");
}

/* The parents of one task in one set: "afterok:${a}_3:${a}_4" of an array, "afterok:${a[3]}" of
 * single jobs. */
static void add_parents(struct str *out, const struct workflow *w, char *const *variables,
                        struct task_deps *deps, const struct dependency *d, bool *any)
{
    struct task_link link;
    bool array = is_array(w, (size_t)d->parent), first = true;
    while (task_deps_next(deps, &link))
        for (uint32_t i = link.parent; i < link.parent + link.n_parents; i++) {
            if (first)
                str_addf(out, "%s%s", *any ? "," : "", export_after(w, d));
            first = false;
            *any = true;
            str_addf(out, array ? ":${%s}_%u" : ":${%s[%u]}", variables[d->parent], i);
        }
}

static void add_task_dependencies(struct str *out, const struct workflow *w, char *const *variables,
                                  size_t k, const struct task_deps_index *indices, uint32_t task)
{
    const struct task_set *set = &w->sets[k];
    bool any = false;
    for (size_t i = 0; i < set->n_dependencies; i++) {
        const struct dependency *d = &set->dependencies[i];
        struct task_deps deps = task_deps_of_child(w, (int)k, d, &indices[i], task);
        if (d->kind == DEPENDENCY_ALL)
            add_dependency(out, w, variables, d, &any);
        else
            add_parents(out, w, variables, &deps, d, &any);
    }
}

static void add_single_jobs(struct str *out, const struct workflow *w, const struct platform *p,
                            char *const *variables, size_t k)
{
    const struct task_set *set = &w->sets[k];
    struct task_deps_index *indices = export_indices(set);
    str_addf(out, "%s=()\n%s_job() {\n  submit --job-name=", variables[k], variables[k]);
    escape_shell(out, set->name);
    str_add(out, " --export=ALL,DAGCAST_TASK=\"$1\"");
    add_resources(out, set, p);
    str_add(out, " ${2:+--dependency=\"$2\"}");
    add_job(out, set);
    str_add(out, "}\n");
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        str_addf(out, "id=$(%s_job %u \"", variables[k], i);
        add_task_dependencies(out, w, variables, k, indices, i);
        str_addf(out, "\"); %s+=(\"$id\")\n", variables[k]);
    }
    str_add(out, "\n");
    export_indices_free(indices, set);
}

/* Parents before children. */
static void write(struct str *out, const struct workflow *w, const struct platform *p,
                  struct notes *losses)
{
    char **variables = export_variables(w);
    int *order = workflow_topological_order(w);
    size_t retries = 0;
    add_head(out, w);
    for (size_t i = 0; i < w->n_sets; i++) {
        size_t k = (size_t)order[i];
        if (is_array(w, k))
            add_array(out, w, p, variables, k);
        else
            add_single_jobs(out, w, p, variables, k);
        retries += w->sets[i].traits->retries > 0;
    }
    str_addf(out, "echo \"submitted %u tasks\"\n", w->n_tasks);
    notes_add(losses, retries, "sets", "retries have no place: requeue what failed with scontrol");
    export_note(w, losses);
    free(order);
    export_variables_free(variables, w);
}

const struct export_ops export_slurm = {
    .name = "slurm",
    .summary = "a script that submits job arrays and jobs with their dependencies to Slurm",
    .write = write,
};
