#include "traces/export.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "core/task_deps.h"
#include "core/unique_names.h"
#include "core/phases.h"
#include "traces/export_impl.h"

static const double most_tasks = 1e5, most_links = 1e6;
static const double limit_quantile = 0.999, limit_factor = 1.25, least_limit_s = 60;

static const struct export_ops *const exports[] = { &export_slurm, &export_flux, &export_nextflow };

/* NULL past the end */
static const struct export_ops *export_at(size_t i)
{
    return i < sizeof exports / sizeof *exports ? exports[i] : NULL;
}

const struct export_ops *export_find(const char *name)
{
    for (size_t i = 0; export_at(i); i++)
        if (str_equal(export_at(i)->name, name))
            return export_at(i);
    return NULL;
}

int export_check(const struct workflow *w, struct error *err)
{
    double links = 0;
    for (size_t k = 0; k < w->n_sets; k++)
        for (size_t i = 0; i < w->sets[k].n_dependencies; i++)
            links += w->sets[k].dependencies[i].kind == DEPENDENCY_EDGES
                         ? (double)w->sets[k].dependencies[i].n_edges
                         : w->sets[k].n_tasks;
    if (w->n_tasks > most_tasks || links > most_links)
        return error_set(err,
                         "workflow %s: %u tasks with %.0f links are too many for a script; at most "
                         "%.0f and %.0f",
                         workflow_title(w), w->n_tasks, links, most_tasks, most_links);
    return 0;
}

/* --- sets ------------------------------------------------------------------------------------- */

char **export_variables(const struct workflow *w)
{
    char **variables = xcalloc(w->n_sets + 1, sizeof *variables);
    struct unique_names *names = unique_names_new("_");
    for (size_t k = 0; k < w->n_sets; k++) {
        char *name = str_format("set_%s", w->sets[k].name);
        for (char *c = name; *c; c++)
            *c = isalnum((unsigned char)*c) ? *c : '_';
        variables[k] = unique_names_take(names, name);
        free(name);
    }
    unique_names_free(names);
    return variables;
}

void export_variables_free(char **variables, const struct workflow *w)
{
    for (size_t k = 0; k < w->n_sets; k++)
        free(variables[k]);
    free(variables);
}

int export_cores(const struct demand *d, const struct platform *p)
{
    int per_core = p && p->n_nodes ? platform_node(p, 0)->threads_per_core : 1;
    int cores = d->cores ? d->cores : (d->threads + per_core - 1) / per_core;
    return cores > 0 ? cores : 1;
}

double export_limit_s(const struct task_set *set)
{
    double longest = dist_quantile(set->duration, limit_quantile);
    for (uint32_t i = 0; set->durations && i < set->n_tasks; i++)
        longest = i && longest > set->durations[i] ? longest : set->durations[i];
    if (set->traits->timeout_s > 0)
        return ceil(set->traits->timeout_s / 60) * 60;
    return ceil(fmax(least_limit_s, limit_factor * (isfinite(longest) ? longest : 0)) / 60) * 60;
}

const char *export_after(const struct workflow *w, const struct dependency *d)
{
    enum on_failure said = w->sets[d->parent].traits->on_failure
                               ? w->sets[d->parent].traits->on_failure
                               : w->on_failure;
    bool goes_on = said == ON_FAILURE_UNSAID ? d->implied : said == ON_FAILURE_CONTINUE;
    return goes_on ? "afterany" : "afterok";
}

bool export_is_by_task(const struct task_set *set)
{
    for (size_t i = 0; i < set->n_dependencies; i++)
        if (set->dependencies[i].kind == DEPENDENCY_BLOCK ||
            set->dependencies[i].kind == DEPENDENCY_EDGES)
            return true;
    return false;
}

struct task_deps_index *export_indices(const struct task_set *set)
{
    struct task_deps_index *indices = xcalloc(set->n_dependencies + 1, sizeof *indices);
    for (size_t i = 0; i < set->n_dependencies; i++)
        indices[i] = task_deps_index_by_child(&set->dependencies[i], set->n_tasks);
    return indices;
}

void export_indices_free(struct task_deps_index *indices, const struct task_set *set)
{
    for (size_t i = 0; i < set->n_dependencies; i++)
        task_deps_index_clear(&indices[i]);
    free(indices);
}

/* --- commands --------------------------------------------------------------------------------- */

/* A word with {task} and the like as variables of bash, the rest quoted. */
static void add_word(struct str *out, const char *word, const struct task_set *set)
{
    char ranks[16];
    snprintf(ranks, sizeof ranks, "%d", set->traits->demand.ranks);
    const struct {
        const char *mark, *text;
        bool literal;
    } fills[] = {
        { "{task}", "\"$DAGCAST_TASK\"", false },
        { "{attempt}", "\"$DAGCAST_ATTEMPT\"", false },
        { "{duration}", "\"$DAGCAST_DURATION\"", false },
        { "{set}", set->name, true },
        { "{ranks}", ranks, true },
    };
    const size_t n_fills = sizeof fills / sizeof *fills;
    if (!*word)
        str_add(out, "''");
    while (*word) {
        size_t plain = 0, k = n_fills;
        for (; word[plain] && k == n_fills; plain += k == n_fills)
            for (k = 0;
                 k < n_fills && strncmp(word + plain, fills[k].mark, strlen(fills[k].mark)) != 0;
                 k++)
                continue;
        char *before = xstrndup(word, plain);
        if (plain)
            escape_shell(out, before);
        free(before);
        word += plain;
        if (!*word)
            break;
        if (fills[k].literal)
            escape_shell(out, fills[k].text);
        else
            str_add(out, fills[k].text);
        word += strlen(fills[k].mark);
    }
}

void export_command(struct str *out, const struct task_set *set)
{
    if (!set->traits->n_command)
        str_add(out, "sleep \"$DAGCAST_DURATION\"");
    for (size_t i = 0; i < set->traits->n_command; i++) {
        str_add(out, i ? " " : "");
        add_word(out, set->traits->command[i], set);
    }
}

void export_durations(struct str *out, const struct task_set *set)
{
    if (!set->durations) {
        str_add(out, "DAGCAST_DURATION=");
        str_add_double(out, dist_mean(set->duration));
        str_add(out, "\n");
        return;
    }
    str_add(out, "durations=(");
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        str_add(out, i ? " " : "");
        str_add_double(out, set->durations[i]);
    }
    str_add(out, ")\nDAGCAST_DURATION=${durations[$DAGCAST_TASK]}\n");
}

/* {node}, {cores}, {gpus}: what only `execute` knows. */
static bool names_places(const struct task_set *set)
{
    for (size_t i = 0; i < set->traits->n_command; i++)
        if (strstr(set->traits->command[i], "{node}") ||
            strstr(set->traits->command[i], "{cores}") || strstr(set->traits->command[i], "{gpus}"))
            return true;
    return false;
}

/* --- losses ----------------------------------------------------------------------------------- */

void export_note(const struct workflow *w, struct notes *losses)
{
    size_t places = 0, sleeping = 0, drawn = 0, shares = 0, failing = 0, flows = 0, decided = 0,
           gaps = 0, services = 0, priorities = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        const struct task_set *set = &w->sets[k];
        places += names_places(set);
        sleeping += !set->traits->n_command;
        drawn += !set->traits->n_command && !set->durations && !dist_is_constant(set->duration);
        shares += set->traits->demand.gpu_share > 0;
        failing += set->traits->failure_probability > 0;
        flows += phases_count(set) > 0;
        decided += set->decided != NULL;
        gaps += set->release.kind == RELEASE_GAPS || set->release.kind == RELEASE_LIST;
        priorities += set->priority != 0;
    }
    services = w->n_services;
    notes_add(losses, sleeping, "sets", "have no command: their tasks sleep for their duration");
    notes_add(losses, places, "sets",
              "{node}, {cores} and {gpus} in their command are not filled in");
    notes_add(losses, drawn, "sets", "durations vary: each task sleeps for the mean");
    notes_add(losses, shares, "sets", "share GPUs: each task asks for a whole one");
    notes_add(losses, failing, "sets", "probabilities of failure have no place");
    notes_add(losses, flows, "sets", "transfers (input, output, phases) have no place");
    notes_add(losses, decided, "sets", "decided at run time: as they are described");
    notes_add(losses, gaps, "sets", "releases task by task have no place");
    notes_add(losses, services, "sets", "services: they run as tasks, and are not ended");
    notes_add(losses, priorities, "sets", "priorities have no place");
}
