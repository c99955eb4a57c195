/* Tasks to sets and their dependencies: as the records give them, else inferred from times. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_steps_impl.h"

struct named_edges { struct task_edge_list list; size_t unknown; };     /* names of no task */

static bool is_word(const char *text)
{
    static const char *const words[] = {
        "after",     "afterok", "afterany", "afternotok", "aftercorr", "afterburstbuffer",
        "singleton", "done",    "ended",    "exit",       "started",   "unfulfilled",
        "fulfilled", "failed",  "None",     "none",       "-",         NULL
    };
    for (size_t i = 0; words[i]; i++)
        if (str_equal(words[i], text))
            return true;
    return false;
}

/* "12;afterok:13:14", "done(501) && ended(502)", "[1, 2]": ids between blanks and marks; words of
 * the batch systems are passed over. PBS: "afterok:12.server@server". */
static void add_parents(const struct grouper *b, const struct name_index *ids, size_t row,
                        struct named_edges *edges)
{
    static const char marks[] = " ;,:()&|?[]'\"";
    const char *text = b->r->rows[row].after;
    while (*(text += strspn(text, marks))) {
        size_t n = strcspn(text, marks);
        char *id = xstrndup(text, n);
        int parent = name_index_find(ids, id);
        if (parent < 0 && strchr(id, '@')) {
            id[strcspn(id, "@")] = '\0';
            parent = name_index_find(ids, id);
        }
        if (parent >= 0)
            task_edge_list_add(&edges->list, b->d->task_of[parent], b->d->task_of[row]);
        edges->unknown += parent < 0 && !is_word(id);
        free(id);
        text += n;
    }
}

/* Ids as they are in the records, by their first row. Free it. */
static struct name_index *index_rows(const struct task_records *r)
{
    struct name_index *ids = name_index_new();
    for (size_t i = 0; i < r->n; i++)
        if (*r->rows[i].id)
            name_index_add(ids, r->rows[i].id, (int)i);
    return ids;
}

static struct named_edges recorded_edges(const struct grouper *b)
{
    struct named_edges edges = { 0 };
    if (!b->r->has_after)
        return edges;
    struct name_index *ids = index_rows(b->r);
    for (size_t i = 0; i < b->r->n; i++)
        add_parents(b, ids, i, &edges);
    name_index_free(ids);
    return edges;
}

static void group_recorded(struct grouper *b, const struct task_links *links, const char *name)
{
    struct group_words words = { .name = name,
                                 .source = "records of tasks; dependencies as they give them" };
    *b->g = task_groups_make(b->d->tasks, links, &words);
    task_release(b, links->level);
}

static void group_inferred(struct grouper *b, const struct task_links *links, const char *name)
{
    struct group_words words = { .name = name, .source = "records of tasks; no dependencies",
                                 .level_word = "wave" };
    b->level = links->level;
    size_t waves = task_find_waves(b);
    *b->g = task_groups_make(b->d->tasks, links, &words);
    notes_add(&b->g->notes, waves, "waves",
              "tasks submitted when all earlier ones of their name had ended: a set of their own");
    task_infer_edges(b);
}

int task_group(struct task_groups *g, const struct task_records *r, const struct described *d,
               const char *name, bool *inferred, struct error *err)
{
    struct grouper b = { .r = r, .d = d, .g = g };
    struct named_edges edges = recorded_edges(&b);
    struct task_edges raw = task_edges_of(edges.list.at, edges.list.n, d->n);
    struct task_links links;
    int status = task_links_find(&links, d->tasks, d->n, &raw, err);
    task_edges_clear(&raw);
    *g = (struct task_groups){ 0 };
    if (status == 0 && (edges.list.n || r->all_dependencies))
        group_recorded(&b, &links, name);
    else if (status == 0)
        group_inferred(&b, &links, name);
    notes_add(&g->notes, edges.unknown, "dependencies", "no task has such an id");
    *inferred = b.inferred;
    task_links_clear(&links);
    free(edges.list.at);
    return status;
}
