#include "traces/importer/task_groups.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/unique_names.h"
#include "traces/importer/infer.h"

bool listed_task_measured(const struct listed_task *t)
{
    return !isnan(t->runtime_s) && !t->at_least && !t->at_most;
}

/* Sets, while they are being made. */
struct maker {
    struct task_groups groups;
    const struct listed_task *tasks;
    const struct task_links *links;
    const char *const *commands; /* of each task; or NULL */
    uint32_t *sizes; /* of each set */
};

static const struct listed_task *first_of(const struct maker *m, size_t set)
{
    return &m->tasks[m->groups.members[set][0]];
}

static void list_members(struct maker *m)
{
    struct task_groups *g = &m->groups;
    uint32_t *all = xcalloc(g->n + 1, sizeof *all);
    g->members = xcalloc(g->n_sets + 1, sizeof *g->members);
    g->members[0] = all;
    for (size_t k = 0; k < g->n_sets; all += m->sizes[k++])
        g->members[k] = all;
    for (size_t i = 0; i < g->n; i++)
        g->members[g->of[i].set][g->of[i].index] = (uint32_t)i;
}

/* The category if that is one set, else "category.level2" (of waves, the first keeps the category);
 * numbered if that is taken too. */
static char *name_of_set(const struct maker *m, size_t k, bool shared, const char *level_word,
                         struct unique_names *names)
{
    const struct listed_task *t = first_of(m, k);
    int level = m->links->level[m->groups.members[k][0]];
    struct str text = { 0 };
    str_add(&text, t->category);
    if (shared && !t->named_set && (level > 0 || !level_word))
        str_addf(&text, ".%s%d", level_word ? level_word : "level", level);
    bool numbered = shared && t->named_set;
    char *name =
        numbered ? unique_names_numbered(names, text.text) : unique_names_take(names, text.text);
    str_clear(&text);
    return name;
}

static void name_sets(struct maker *m, const char *level_word)
{
    struct task_groups *g = &m->groups;
    struct name_index *first = name_index_new();
    struct unique_names *names = unique_names_new(".");
    bool *shared = xcalloc(g->n_sets, sizeof *shared);
    for (size_t k = 0; k < g->n_sets; k++) {
        int other = name_index_add(first, first_of(m, k)->category, (int)k);
        if (other >= 0)
            shared[k] = shared[other] = true;
    }
    for (size_t k = 0; k < g->n_sets; k++)
        g->workflow->sets[k].name = name_of_set(m, k, shared[k], level_word, names);
    free(shared);
    name_index_free(first);
    unique_names_free(names);
}

/* Runtimes of the members; one value where they are all the same. Returns how many are 0 because
 * nothing is known of any member. */
static size_t set_durations(const struct maker *m, size_t k, struct task_set *set)
{
    bool constant = true;
    struct infer_bounds *bounds = xcalloc(set->n_tasks, sizeof *bounds);
    set->durations = xcalloc(set->n_tasks, sizeof *set->durations);
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        const struct listed_task *t = &m->tasks[m->groups.members[k][i]];
        set->durations[i] = listed_task_measured(t) ? t->runtime_s : (double)NAN;
        bounds[i] = (struct infer_bounds){ .at_least_s = t->at_least ? t->runtime_s : 0,
                                           .at_most_s = t->at_most ? t->runtime_s : 0 };
    }
    bool none = infer_durations(set->durations, bounds, set->n_tasks) == set->n_tasks;
    size_t unknown = 0;
    for (uint32_t i = 0; i < set->n_tasks; i++)
        unknown += none && set->durations[i] <= 0;
    free(bounds);
    for (uint32_t i = 1; i < set->n_tasks; i++)
        constant = constant && set->durations[i] == set->durations[0];
    if (!constant)
        return unknown;
    set->duration = dist_constant(set->durations[0]);
    free(set->durations);
    set->durations = NULL;
    return unknown;
}

/* {"program": text, "arguments": [texts]} as argv; false if it is not that. */
static bool read_command(const cJSON *command, struct task_set *set)
{
    const cJSON *program = cJSON_GetObjectItemCaseSensitive(command, "program");
    const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(command, "arguments");
    if (!cJSON_IsString(program) || (arguments && !cJSON_IsArray(arguments)))
        return false;
    for (const cJSON *a = arguments ? arguments->child : NULL; a; a = a->next)
        if (!cJSON_IsString(a))
            return false;
    struct task_traits *t = task_traits_own(set);
    t->command = xcalloc((size_t)cJSON_GetArraySize(arguments) + 2, sizeof *t->command);
    t->command[t->n_command++] = xstrdup(program->valuestring);
    for (const cJSON *a = arguments ? arguments->child : NULL; a; a = a->next)
        t->command[t->n_command++] = xstrdup(a->valuestring);
    return true;
}

/* A set holds one command: kept where all its tasks have the same. Returns how many tasks lose
 * theirs. */
static size_t set_command(const struct maker *m, size_t k, struct task_set *set)
{
    const char *const *commands = m->commands, *command;
    if (!commands)
        return 0;
    command = commands[m->groups.members[k][0]];
    size_t n = 0;
    bool same = true;
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        const char *mine = commands[m->groups.members[k][i]];
        n += mine != NULL;
        same = same && mine == command;
    }
    if (!command || !same)
        return n;
    cJSON *json = cJSON_Parse(command);
    bool kept = read_command(json, set);
    cJSON_Delete(json);
    return kept ? 0 : n;
}

struct task_groups task_groups_make(const struct listed_task *tasks, const struct task_links *links,
                                    const struct group_words *words)
{
    struct maker m = { .groups = { .n = links->n }, .tasks = tasks, .links = links,
                       .commands = words->commands };
    size_t commands = 0, unknown = 0;
    m.groups.of = xcalloc(links->n + 1, sizeof *m.groups.of);
    m.groups.n_sets = task_number_sets(tasks, links, m.groups.of, &m.sizes);
    list_members(&m);
    struct workflow *w = m.groups.workflow = workflow_new(words->name, m.groups.n_sets);
    struct task_traits_pool *traits = task_traits_pool_new();
    struct dist_pool *durations = dist_pool_new();
    name_sets(&m, words->level_word);
    for (size_t k = 0; k < m.groups.n_sets; k++) {
        struct task_set *set = &w->sets[k];
        set->n_tasks = m.sizes[k];
        task_traits_own(set)->demand = *first_of(&m, k)->demand;
        set->priority = first_of(&m, k)->priority;
        unknown += set_durations(&m, k, set);
        commands += set_command(&m, k, set);
        set->traits = task_traits_pool_share(traits, set->traits);
        set->duration = set->duration ? dist_pool_share(durations, set->duration) : NULL;
    }
    task_traits_pool_free(traits);
    dist_pool_free(durations);
    free(m.sizes);
    notes_add(&m.groups.notes, unknown, "tasks",
              "no task of their set has a runtime: 0 s is taken");
    notes_add(&m.groups.notes, commands, "tasks",
              "commands that differ within a set, or are none, are not kept");
    w->source = xstrdup(words->source);
    task_groups_depend(&m.groups, links);
    return m.groups;
}

void task_groups_wait(struct task_set *set, const int *parents, size_t n)
{
    if (!n)
        return;
    set->n_dependencies = n;
    set->dependencies = xcalloc(n, sizeof *set->dependencies);
    for (size_t i = 0; i < n; i++)
        set->dependencies[i] = (struct dependency){ .parent = parents[i], .kind = DEPENDENCY_ALL };
}

struct workflow *task_groups_finish(struct task_groups *g, struct error *err)
{
    if (workflow_finish(g->workflow, err))
        return NULL;
    struct workflow *finished = g->workflow;
    g->workflow = NULL;
    return finished;
}

void task_groups_clear(struct task_groups *g)
{
    if (g->members)
        free(g->members[0]);
    xfree(g->members, g->of);
    workflow_free(g->workflow);
    notes_clear(&g->notes);
    *g = (struct task_groups){ 0 };
}

size_t task_category_length(const char *name)
{
    size_t n = strlen(name), end = n;
    while (end && isdigit((unsigned char)name[end - 1]))
        end--;
    if (end == n)
        return n;
    if (end >= 2 && name[end - 1] == 'D' && name[end - 2] == 'I')
        end -= 2;
    return end >= 2 && strchr("_-.#", name[end - 1]) ? end - 1 : n;
}
