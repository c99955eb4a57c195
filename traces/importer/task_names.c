/* Names of tasks to names of sets. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "traces/importer/task_steps_impl.h"

enum { LEAST_DIGITS = 3 };

/* "TRIM (s1)" -> "TRIM" */
static const char *without_tag(struct describer *b, const char *name)
{
    size_t n = strlen(name);
    const char *open = strstr(name, " (");
    if (!n || name[n - 1] != ')' || !open || open == name)
        return name;
    return task_keep(b, name, (size_t)(open - name));
}

/* "sim[12]" of LSF: where the bracket opens; 0: other names. */
static size_t element_bracket(const char *name, size_t n)
{
    size_t end = n ? n - 1 : 0;
    if (!n || name[end] != ']')
        return 0;
    while (end && isdigit((unsigned char)name[end - 1]))
        end--;
    return end > 1 && name[end - 1] == '[' && end < n - 1 ? end - 1 : 0;
}

/* "sim_001", "sim001", "sim[1]" -> "sim"; "task" for a number; else the name itself: one or two
 * digits without a separator are a part of it. */
static const char *stem_of(struct describer *b, const char *name)
{
    size_t n = strlen(name), end = n, bracket = element_bracket(name, n);
    if (bracket)
        return task_keep(b, name, bracket);
    while (end && isdigit((unsigned char)name[end - 1]))
        end--;
    if (end == n)
        return name;
    if (end == 0)
        return "task";
    bool separated = strchr(" _-.#:", name[end - 1]), many = n - end >= LEAST_DIGITS;
    while (end && strchr(" _-.#:", name[end - 1]))
        end--;
    return end && (separated || many) ? task_keep(b, name, end) : name;
}

struct stems {
    struct name_index *names, *stems;    /* each name; each stem */
    size_t *n_names, *n_tasks;           /* of each stem */
};

void task_name_sets(struct describer *b)
{
    struct stems s = { .names = name_index_new(), .stems = name_index_new() };
    s.n_names = xcalloc(b->d.n + 1, sizeof *s.n_names);
    s.n_tasks = xcalloc(b->d.n + 1, sizeof *s.n_tasks);
    const char **stems = xcalloc(b->d.n + 1, sizeof *stems);
    int *of_task = xcalloc(b->d.n + 1, sizeof *of_task), n = 0;
    size_t members = 0;
    for (size_t i = 0; i < b->d.n; i++) {
        struct listed_task *task = &b->d.tasks[i];
        task->category = without_tag(b, task->category);
        stems[i] = stem_of(b, task->category);
        int known = name_index_add(s.stems, stems[i], n);
        of_task[i] = known >= 0 ? known : n++;
        s.n_names[of_task[i]] += name_index_add(s.names, task->category, (int)i) < 0;
        s.n_tasks[of_task[i]]++;
    }
    for (size_t i = 0; i < b->d.n; i++) {
        int stem = of_task[i];
        if (s.n_names[stem] < 2 ||
            s.n_names[stem] != s.n_tasks[stem]) /* a name that several tasks have is a set's */
            continue;
        members += b->d.tasks[i].category != stems[i];
        b->d.tasks[i].category = stems[i];
    }
    name_index_free(s.names);
    name_index_free(s.stems);
    free(s.n_names);
    free(s.n_tasks);
    free(stems);
    free(of_task);
    notes_add(&b->d.notes, members, "tasks",
              "names that differ only by the number at their end are of one set");
}
