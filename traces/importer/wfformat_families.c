/* Names to families: tasks of one kind whose names carry more than a kind and a number.
 *
 * A name without its id is "map_map_HEP2_s_1_sequence_7" or "run_3_align". Its family is, first
 * that applies: the kind that it says twice ("map"); the program that it begins with, if tasks of
 * another name run that program too ("map"); the name without its parts that are numbers
 * ("run_align"). */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

static bool separates(char c)
{
    return c == '_' || c == '-' || c == '.' || c == '#';
}

static bool ends_part(char c)
{
    return c == '\0' || separates(c);
}

/* "map" of "map_map_HEP2", "map" of "map_map"; 0: it does not begin twice with one kind. */
static size_t doubled(const char *name)
{
    for (size_t n = 1; name[n]; n++)
        if (separates(name[n]) && strncmp(name, name + n + 1, n) == 0 && ends_part(name[2 * n + 1]))
            return n;
    return 0;
}

/* The task's program, if its category begins with it and goes on; or NULL. */
static const char *program_of(const struct wf *f, size_t task)
{
    int number = f->extra[task].program;
    const char *program = number >= 0 ? name_index_name(f->programs.index, number) : "";
    const char *name = f->tasks[task].category;
    size_t n = strlen(program);
    return n > 0 && strncmp(name, program, n) == 0 && separates(name[n]) ? program : NULL;
}

/* "run_3_align_12" -> "run_align"; the name itself if it has no such part, or nothing else. */
static const char *without_numbers(struct session *s, const char *name)
{
    struct str text = { 0 };
    bool dropped = false;
    for (const char *part = name; *part;) {
        size_t n = strcspn(part, "_-.#");
        bool number = n > 0 && strspn(part, "0123456789") == n;
        dropped = dropped || number;
        if (!number) {
            str_add(&text, text.length ? "_" : "");
            str_add_n(&text, part, n);
        }
        part += n + (part[n] != '\0');
    }
    const char *out = dropped && text.length ? session_keep(s, text.text) : name;
    str_clear(&text);
    return out;
}

/* Programs that tasks of several names run: the number of the first such task; `several` says
 * which. */
struct programs { struct name_index *first; bool *several; };

static void count_programs(const struct wf *f, struct programs *p)
{
    *p = (struct programs){ name_index_new(), xcalloc(f->n + 1, sizeof(bool)) };
    for (size_t i = 0; i < f->n; i++) {
        const char *word = f->extra[i].derived ? program_of(f, i) : NULL;
        int first = word ? name_index_add(p->first, word, (int)i) : -1;
        if (first >= 0 && f->extra[first].kind != f->extra[i].kind)
            p->several[first] = true;
    }
}

/* What the name alone tells. */
static const char *family_of_name(struct session *s, const char *name)
{
    size_t twice = doubled(name);
    return twice ? session_keep_n(s, name, twice) : without_numbers(s, name);
}

/* `of_kind`: of each kind the family that its name tells, once it was asked for. */
static const char *family_of(struct wf *f, size_t task, const struct programs *p,
                             const char **of_kind)
{
    const struct listed_task *t = &f->tasks[task];
    const char *word = program_of(f, task);
    const char **family = &of_kind[f->extra[task].kind];
    if (word && p->several[name_index_find(p->first, word)] && !doubled(t->category))
        return word;
    if (!*family)
        *family = family_of_name(f->session, t->category);
    return *family;
}

void wf_name_families(struct wf *f)
{
    struct programs p;
    count_programs(f, &p);
    const char **of_kind = xcalloc(f->n + 1, sizeof *of_kind);
    for (size_t i = 0; i < f->n; i++)
        if (f->extra[i].derived)
            f->tasks[i].category = family_of(f, i, &p, of_kind);
    free(of_kind);
    name_index_free(p.first);
    free(p.several);
}
