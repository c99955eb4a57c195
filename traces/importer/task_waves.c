/* When the sets of a table were submitted and had ended: waves of one name, inferred dependencies, releases. */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/importer/infer_edges.h"
#include "traces/importer/task_csv_impl.h"

enum { MOST_WAVES = 64 };
static const double reaction_s = 5;      /* batch systems' times are whole seconds, and workflow systems poll them */
static const double barrier_s = 600;     /* later, it was a person who submitted */
static const double simultaneous_s = 1;

/* First submission (start, where the table has none), last end (INFINITY: it had not ended). */
struct span { double submitted_s, ended_s; uint32_t task; };

static double submission(const struct task_table *t, const struct task_row *row)
{
    return t->has_submit ? later_known(row->submit_s, row->eligible_s) : row->start_s;
}

static struct span *task_spans(const struct task_builder *b)
{
    struct span *spans = xcalloc(b->list.n + 1, sizeof *spans);
    for (size_t i = 0; i < b->list.n; i++)
        spans[i] = (struct span){ NAN, NAN, (uint32_t)i };
    for (size_t i = 0; i < b->table.n; i++) {
        const struct task_row *row = &b->table.rows[i];
        struct span *span = &spans[b->task_of[i]];
        span->submitted_s = earlier_known(span->submitted_s, submission(&b->table, row));
        span->ended_s = later_known(span->ended_s, row->status == TASK_CUT ? INFINITY : row->end_s);
    }
    return spans;
}

static int compare_doubles(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

/* The number of values, ascending, that are <= x. */
static size_t count_to(const double *values, size_t n, double x)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct category_span { int category; struct span span; };

static int compare_spans(const void *a, const void *b)
{
    const struct category_span *x = a, *y = b;
    if (x->category != y->category)
        return x->category < y->category ? -1 : 1;
    double s = isnan(x->span.submitted_s) ? -INFINITY : x->span.submitted_s, t = isnan(y->span.submitted_s) ? -INFINITY : y->span.submitted_s;
    if (s != t)
        return s < t ? -1 : 1;
    return (x->span.task > y->span.task) - (x->span.task < y->span.task);
}

/* Tasks at[0 .. n) of one name by submission. A wave begins when all before it had ended, and some task just had. */
static size_t number_waves(struct task_builder *b, const struct category_span *at, size_t n, const double *ends, size_t n_ends)
{
    int wave = 0;
    double last = NAN, first = at[0].span.submitted_s;
    for (size_t i = 0; i < n; i++) {
        double submitted = at[i].span.submitted_s;
        bool after = i && submitted >= last && submitted > first;
        if (after && count_to(ends, n_ends, submitted) > count_to(ends, n_ends, nextafter(submitted - reaction_s, -INFINITY))) {
            wave++;
            first = submitted;
        }
        last = later_known(last, at[i].span.ended_s);
        b->list.tasks[at[i].span.task].level = wave < MOST_WAVES ? wave : MOST_WAVES;
    }
    for (size_t i = 0; wave >= MOST_WAVES && i < n; i++)
        b->list.tasks[at[i].span.task].level = 0;
    return wave < MOST_WAVES ? (size_t)wave : 0;
}

void task_find_waves(struct task_builder *b)
{
    struct span *spans = task_spans(b);
    struct name_index *names = name_index_new();
    struct category_span *at = xcalloc(b->list.n + 1, sizeof *at);
    double *ends = xcalloc(b->list.n + 1, sizeof *ends);
    size_t n_ends = 0, waves = 0;
    for (size_t i = 0; i < b->list.n; i++) {
        int known = name_index_add(names, b->list.tasks[i].category, (int)i);
        at[i] = (struct category_span){ known >= 0 ? known : (int)i, spans[i] };
        if (isfinite(spans[i].ended_s))
            ends[n_ends++] = spans[i].ended_s;
    }
    qsort(ends, n_ends, sizeof *ends, compare_doubles);
    qsort(at, b->list.n, sizeof *at, compare_spans);
    for (size_t i = 0, first = 0; i < b->list.n; i++) {
        if (i + 1 < b->list.n && at[i + 1].category == at[i].category)
            continue;
        waves += number_waves(b, at + first, i + 1 - first, ends, n_ends);
        first = i + 1;
    }
    name_index_free(names);
    free(spans);
    free(at);
    free(ends);
    b->list.level_word = "wave";
    session_note(b->session, waves, "waves", "tasks submitted when all earlier ones of their name had ended: a set of their own");
}

/* --- sets ------------------------------------------------------------------------------------------------------- */

static struct edge_group group_of(const struct task_builder *b, size_t set, const struct span *spans)
{
    struct edge_group g = { .submitted_s = NAN, .done_s = -INFINITY };
    const struct task_set *s = &b->session->workflow->sets[set];
    for (uint32_t i = 0; i < s->n_tasks; i++) {
        const struct span *span = &spans[b->list.members[set][i]];
        g.submitted_s = earlier_known(g.submitted_s, span->submitted_s);
        if (!isnan(span->ended_s))       /* without an end: never started */
            g.done_s = fmax(g.done_s, span->ended_s);
    }
    g.done_s = isfinite(g.done_s) ? g.done_s : NAN;
    return g;
}

static size_t set_releases(const struct task_builder *b, size_t k, const struct span *spans, double first)
{
    struct task_set *set = &b->session->workflow->sets[k];
    double *list = xcalloc(set->n_tasks, sizeof *list), least = INFINITY, most = 0;
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        double at = spans[b->list.members[k][i]].submitted_s - first;
        list[i] = at > 0 ? at : 0;
        least = fmin(least, list[i]);
        most = fmax(most, list[i]);
    }
    if (most < simultaneous_s) {
        free(list);
        return 0;
    }
    set->release.kind = most - least < simultaneous_s ? RELEASE_TIME : RELEASE_LIST;
    set->release.time_s = least;
    set->release.list_s = set->release.kind == RELEASE_LIST ? list : NULL;
    if (!set->release.list_s)
        free(list);
    return set->n_tasks;
}

static void set_dependencies(struct task_set *set, const struct edge_group *g)
{
    if (!g->n_parents)
        return;
    set->n_dependencies = g->n_parents;
    set->dependencies = xcalloc(g->n_parents, sizeof *set->dependencies);
    for (size_t i = 0; i < g->n_parents; i++)
        set->dependencies[i] = (struct dependency){ .parent = g->parents[i], .kind = DEPENDENCY_ALL };
}

void task_infer_edges(struct task_builder *b)
{
    struct workflow *w = b->session->workflow;
    if (w->n_sets > INFER_MOST_GROUPS) {
        session_note(b->session, 1, "dependencies between sets", "not looked for: too many sets");
        return;
    }
    struct span *spans = task_spans(b);
    struct edge_group *groups = xcalloc(w->n_sets + 1, sizeof *groups);
    double first = NAN;
    size_t released = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        groups[k] = group_of(b, k, spans);
        first = earlier_known(first, groups[k].submitted_s);
    }
    struct edge_counts counts = infer_edges(groups, w->n_sets, reaction_s, barrier_s);
    for (size_t k = 0; k < w->n_sets; k++) {
        set_dependencies(&w->sets[k], &groups[k]);
        if (!groups[k].n_parents && b->table.has_submit)
            released += set_releases(b, k, spans, first);
        free(groups[k].parents);
    }
    free(groups);
    free(spans);
    b->session->edges_inferred = counts.edges > 0;
    session_note(b->session, counts.edges, "dependencies", b->table.has_submit ?
                 "inferred: a set's parents are the sets that ended just before its submission" :
                 "inferred: a set's parents are the sets that ended just before its first start (no submissions recorded)");
    session_note(b->session, released, "tasks", "submitted late for no recorded cause: released at their measured time");
}
