/* Names of tasks to names of sets. */
#include <ctype.h>
#include <string.h>

#include "base/xalloc.h"
#include "traces/importer/task_steps_impl.h"

enum { LEAST_DIGITS = 3, LEAST_ID = 6, SURE_ID = 8, UUID = 36 };

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

/* "3fa85f64-5717-4562-b3fc-2c963f66afa6" at the end of n characters */
static bool is_uuid(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return n == UUID;
}

/* "sim-3ceb3ffd", "sim_3fa85f64-5717-...": where what stands before an id ends, which has
 * hexadecimal digits, of less than eight some decimal; 0: other names. */
static size_t before_id(const char *name, size_t n)
{
    size_t at = n, digits = 0;
    if (n > UUID + 1 && is_uuid(name + n - UUID, UUID))
        at = n - UUID;
    bool uuid = at < n;
    while (!uuid && at && isxdigit((unsigned char)name[at - 1]))
        digits += isdigit((unsigned char)name[--at]) != 0;
    bool is_id = uuid || n - at >= SURE_ID || (n - at >= LEAST_ID && digits > 0);
    return is_id && at > 1 && strchr(" _-.#:/", name[at - 1]) ? at - 1 : 0;
}

/* "sim_001", "sim001", "sim[1]" -> "sim"; "task" for a number; else the name itself: one or two
 * digits without a separator are a part of it. */
static const char *stem_of(struct describer *b, const char *name)
{
    size_t n = strlen(name), end = n, bracket = element_bracket(name, n), id = before_id(name, n);
    if (bracket || id)
        return task_keep(b, name, bracket ? bracket : id);
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
    xfree(s.n_names, s.n_tasks, stems, of_task);
    notes_add(&b->d.notes, members, "tasks",
              "names that differ only by the number or id at their end are of one set");
}
