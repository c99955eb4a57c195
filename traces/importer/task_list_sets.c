/* Tasks to sets: a set is (category, level, demand, priority), so that no two sets can wait for each other; in files that dagcast
 * wrote, (set's name, demand, priority). */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "traces/importer/guess.h"
#include "traces/importer/task_list.h"

#define uthash_malloc(size) xmalloc(size)
#include <uthash.h>

struct set_key {                         /* without padding: it is hashed and compared as bytes */
    int64_t name, level, ranks, cores, threads, gpus, gpu_share, memory_mib, one_node, priority;
};

struct listed_set {
    struct set_key key;
    int number;
    UT_hash_handle hh;
};

static const char *name_of(const struct listed_task *t)
{
    return t->set_name ? t->set_name : t->category;
}

/* `name`: the number of the task's name. */
static struct set_key key_of(const struct listed_task *t, int name)
{
    const struct demand *d = &t->demand;
    return (struct set_key){ name, t->set_name ? -1 : t->level, d->ranks, d->cores, d->threads, d->gpus, d->gpu_share, d->memory_mib,
                             d->one_node, t->priority };
}

/* Gives every task its set and its index within; sizes[k] tasks are in set k. */
static void number_sets(struct task_list *l, uint32_t **sizes)
{
    struct arena memory = { .block_bytes = 1 << 14 };
    struct name_index *names = name_index_new();
    struct listed_set *sets = NULL, *set;
    size_t room = 0;
    for (size_t i = 0; i < l->n; i++) {
        struct listed_task *t = &l->tasks[i];
        int name = name_index_add(names, name_of(t), (int)i);
        struct set_key key = key_of(t, name >= 0 ? name : (int)i);
        HASH_FIND(hh, sets, &key, sizeof key, set);
        if (!set) {
            set = arena_alloc(&memory, sizeof *set);
            *set = (struct listed_set){ .key = key, .number = (int)l->n_sets };
            HASH_ADD(hh, sets, key, sizeof set->key, set);
            xgrow(sizes, &room, l->n_sets + 1, sizeof **sizes);
            (*sizes)[l->n_sets++] = 0;
        }
        t->set = set->number;
        t->index = (*sizes)[t->set]++;
    }
    HASH_CLEAR(hh, sets);
    arena_clear(&memory);
    name_index_free(names);
}

static void list_members(struct task_list *l, const uint32_t *sizes)
{
    l->members = xcalloc(l->n_sets, sizeof *l->members);
    for (size_t k = 0; k < l->n_sets; k++)
        l->members[k] = xcalloc(sizes[k], sizeof **l->members);
    for (size_t i = 0; i < l->n; i++)
        l->members[l->tasks[i].set][l->tasks[i].index] = (uint32_t)i;
}

/* The category where that is one set, else "category.level2" (of waves, the first keeps the category); and something behind it where
 * that is taken too. */
static void name_sets(struct task_list *l, struct workflow *w)
{
    struct name_index *first = name_index_new(), *taken = name_index_new();
    bool *shared = xcalloc(l->n_sets, sizeof *shared);
    for (size_t k = 0; k < l->n_sets; k++) {
        const struct listed_task *t = &l->tasks[l->members[k][0]];
        int other = name_index_add(first, name_of(t), (int)k);
        if (other >= 0)
            shared[k] = shared[other] = true;
    }
    for (size_t k = 0; k < l->n_sets; k++) {
        const struct listed_task *t = &l->tasks[l->members[k][0]];
        const char *name = name_of(t);
        struct str text = { 0 };
        str_add(&text, name);
        if (shared[k] && !t->set_name && (t->level > 0 || !l->level_word))
            str_addf(&text, ".%s%d", l->level_word ? l->level_word : "level", t->level);
        for (size_t more = 2; name_index_find(taken, text.text) >= 0 || (shared[k] && more == 2 && t->set_name); more++)
            str_addf(&text, ".%zu", more);
        w->sets[k].name = str_take(&text);
        name_index_add(taken, w->sets[k].name, (int)k);
    }
    free(shared);
    name_index_free(first);
    name_index_free(taken);
}

/* Runtimes of the members; one value where they are all the same. Returns how many are 0 because nothing is known of any member. */
static size_t set_durations(const struct task_list *l, size_t k, struct task_set *set)
{
    bool constant = true;
    struct guess_bounds *bounds = xcalloc(set->n_tasks, sizeof *bounds);
    set->durations = xcalloc(set->n_tasks, sizeof *set->durations);
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        set->durations[i] = l->tasks[l->members[k][i]].runtime_s;
        bounds[i] = l->tasks[l->members[k][i]].bounds;
    }
    bool none = guess_durations(set->durations, bounds, set->n_tasks) == set->n_tasks;
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
    set->command = xcalloc((size_t)cJSON_GetArraySize(arguments) + 2, sizeof *set->command);
    set->command[set->n_command++] = xstrdup(program->valuestring);
    for (const cJSON *a = arguments ? arguments->child : NULL; a; a = a->next)
        set->command[set->n_command++] = xstrdup(a->valuestring);
    return true;
}

/* A set holds one command: kept where all its tasks have the same. Returns how many tasks lose theirs. */
static size_t set_command(const struct task_list *l, size_t k, struct task_set *set)
{
    const cJSON *command = l->tasks[l->members[k][0]].command;
    size_t n = 0;
    bool same = true;
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        const cJSON *mine = l->tasks[l->members[k][i]].command;
        n += mine != NULL;
        same = same && (mine == command || (mine && command && cJSON_Compare(mine, command, true)));
    }
    return !command || !same || !read_command(command, set) ? n : 0;
}

void task_list_make_sets(struct task_list *l, const char *source)
{
    uint32_t *sizes = NULL;
    size_t commands = 0, unknown = 0;
    number_sets(l, &sizes);
    list_members(l, sizes);
    struct workflow *w = workflow_new(l->session->name, l->n_sets);
    name_sets(l, w);
    for (size_t k = 0; k < l->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        set->n_tasks = sizes[k];
        set->demand = l->tasks[l->members[k][0]].demand;
        set->priority = l->tasks[l->members[k][0]].priority;
        unknown += set_durations(l, k, set);
        commands += set_command(l, k, set);
    }
    free(sizes);
    session_note(l->session, unknown, "tasks", "no task of their set has a runtime: 0 s is taken");
    session_note(l->session, commands, "tasks", "commands that differ within a set, or are none, are not kept");
    w->source = xstrdup(source);
    l->session->workflow = w;
    task_list_dependencies(l);
}

int task_list_finish(struct task_list *l, struct error *err)
{
    if (workflow_finish(l->session->workflow, err) == 0)
        return 0;
    return error_prefix(err, "%s: ", l->session->path);
}

int task_list_workflow(struct task_list *l, const char *source, struct error *err)
{
    task_list_make_sets(l, source);
    return task_list_finish(l, err);
}
