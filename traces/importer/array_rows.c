/* Rows of job arrays: those that are for several elements become a row for each. Slurm has the list
 * in the job's id ("90_[4-9%2]"), LSF in its name ("sim[1-3]" of 7; sim[2] of 7 is 7[2]). */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_table.h"

enum { MOST_ELEMENTS = 1 << 22 };

/* --- lists ------------------------------------------------------------------------------------ */

static bool read_number(const char **text, long *value)
{
    size_t n = strspn(*text, "0123456789");
    if (n == 0 || n > 9)
        return false;
    *value = strtol(*text, NULL, 10);
    *text += n;
    return true;
}

/* Slurm cuts off a long list: "1-3,...". */
static bool is_cut(const char *list)
{
    return strncmp(list, "...", 3) == 0;
}

struct range {
    long first, last, step;
};

/* "4-9", "5" or "0-10:2", and the comma behind it. */
static bool read_range(const char **list, struct range *r)
{
    r->step = 1;
    if (!read_number(list, &r->first))
        return false;
    r->last = r->first;
    if (**list == '-' && (++*list, !read_number(list, &r->last)))
        return false;
    if (**list == ':' && (++*list, !read_number(list, &r->step)))
        return false;
    if (r->last < r->first || r->step < 1 || !strchr(",]%", **list) || !**list)
        return false;
    *list += **list == ',';
    return true;
}

static bool ends(const char *list)
{
    return *list == ']' || *list == '%' || is_cut(list);
}

/* How many "4-9%2]", "1,3-5,9]" or "0-10:2]" lists; 0: it is no list, or too long. */
static size_t count_elements(const char *list)
{
    struct range r;
    size_t n = 0;
    while (!ends(list)) {
        if (!read_range(&list, &r))
            return 0;
        n += (size_t)(r.last - r.first) / (size_t)r.step + 1;
        if (n > MOST_ELEMENTS)
            return 0;
    }
    return n;
}

/* --- rows ------------------------------------------------------------------------------------- */

/* The list of the row's elements, behind its '['; NULL: the row is one task. */
static const char *list_of(const struct task_records *t, const struct task_row *row)
{
    bool slurm = t->kind == TABLE_SLURM;
    const char *text = slurm ? row->id : row->name, *open = strrchr(text, '['),
               *close = open ? strchr(open, ']') : NULL;
    if (!close || close == open + 1)
        return NULL;
    if (slurm) { /* "12_[4-9]", and nothing else */
        size_t digits = strspn(text, "0123456789");
        return digits && text + digits + 1 == open && text[digits] == '_' && !close[1] ? open + 1
                                                                                       : NULL;
    }
    bool ended = !close[1] || (close[1] == '%' && !close[2 + strspn(close + 2, "0123456789")]);
    return *row->id && !strchr(row->id, '[') && ended ? open + 1 : NULL;
}

static bool is_one_number(const char *list)
{
    return list[strspn(list, "0123456789")] == ']';
}

static struct task_row element_of(struct task_records *t, const struct task_row *row,
                                  const char *list, long number)
{
    struct task_row element = *row;
    bool slurm = t->kind == TABLE_SLURM;
    const char *text = slurm ? row->id : row->name;
    int ahead = (int)(list - text) - 1; /* of '[' */
    element.n_places = 0; /* a row of several says of none where it ran */
    if (slurm) {
        element.id = task_records_keep_taken(t, str_format("%.*s%ld", ahead, text, number));
        return element;
    }
    element.id = task_records_keep_taken(t, str_format("%s[%ld]", row->id, number));
    element.name = task_records_keep_taken(t, str_format("%.*s[%ld]", ahead, text, number));
    return element;
}

/* Adds the listed elements but those that have a row already; returns how many were added. */
static size_t add_elements(struct task_records *t, const struct task_row *row, const char *list,
                           struct name_index *ids)
{
    size_t before = t->n;
    struct range r;
    for (const char *at = list; !ends(at) && read_range(&at, &r);)
        for (long i = r.first; i <= r.last; i += r.step) {
            struct task_row element = element_of(t, row, list, i);
            if (name_index_add(ids, element.id, 0) < 0)
                task_records_add(t, &element);
        }
    return t->n - before;
}

/* An element of LSF has its array's id, and which it is in its name alone. */
static void tell_elements_apart(struct task_records *t)
{
    for (size_t i = 0; t->kind == TABLE_LSF && i < t->n; i++) {
        struct task_row *row = &t->rows[i];
        const char *list = list_of(t, row);
        if (list && is_one_number(list))
            row->id = task_records_keep_taken(
                t, str_format("%s[%.*s]", row->id, (int)strcspn(list, "]"), list));
    }
}

static void note_row(struct task_records *t, const char *list, size_t listed, size_t added)
{
    notes_add(&t->notes, added, "tasks",
              "elements of an array that share a row: each is taken to be as the row says");
    notes_add(&t->notes, listed - added, "tasks",
              "elements of an array with a row of their own beside the one shared: theirs count");
    notes_add(&t->notes, strstr(list, "...") != NULL, "rows",
              "a list of elements that Slurm cut off (...): only those listed; "
              "SLURM_BITSTR_LEN=0 prints all");
}

static struct name_index *ids_of(const struct task_records *t)
{
    struct name_index *ids = name_index_new();
    for (size_t i = 0; i < t->n; i++)
        name_index_add(ids, t->rows[i].id, 0);
    return ids;
}

void array_rows_expand(struct task_records *t)
{
    struct name_index *ids = NULL;
    size_t n = t->n, kept = 0;
    if (n == 0)
        return;
    tell_elements_apart(t);
    for (size_t i = 0; i < n; i++) {
        struct task_row row = t->rows[i];
        const char *list = list_of(t, &row);
        size_t listed = list && t->n < MOST_ELEMENTS ? count_elements(list) : 0;
        if (listed == 0) {
            t->rows[kept++] = row;
            continue;
        }
        ids = ids ? ids : ids_of(t);
        size_t added = add_elements(t, &row, list, ids);
        note_row(t, list, listed, added);
        if (added)                       /* the last takes the row's place in the order of sets */
            t->rows[kept++] = t->rows[--t->n];
    }
    name_index_free(ids);
    memmove(t->rows + kept, t->rows + n, (t->n - n) * sizeof *t->rows);
    t->n -= n - kept;
}
