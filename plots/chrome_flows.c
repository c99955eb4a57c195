#include <stdlib.h>

#include <uthash.h>

#include "base/xalloc.h"
#include "core/task_deps.h"
#include "plots/chrome_trace_impl.h"

/* A dependency: task c of `child` has the arrow number first_id + c. */
struct link {
    uint32_t child;
    const struct dependency *dependency;
    uint64_t first_id;
    struct task_deps_index by_parent, by_child;
};

/* Of an arrow whose task waits for several of which some are done: the last of them, and how many
 * they are. */
struct partial {
    uint64_t id;                         /* the arrow's */
    struct trace_end last;
    uint32_t n_done;
    UT_hash_handle hh;
};

struct trace_flows {
    const struct workflow *workflow;
    struct link *links;                  /* by child, in the order of its dependencies */
    size_t *first_link;                  /* by child: the first of its links */
    uint32_t *by_parent;                 /* links by parent, */
    size_t *first_by_parent;             /* n_sets + 1 entries: where each parent's begin */
    /* by set: the task done last so far; TRACE_NOWHERE: none */
    struct trace_end *last;
    struct partial *partial;             /* a hash table */
    /* bits by arrow, by task: its begin is written; it has started */
    uint64_t *begun, *ran;
};

static struct partial *find_partial(const struct trace_flows *f, uint64_t id)
{
    struct partial *p;
    HASH_FIND(hh, f->partial, &id, sizeof id, p);
    return p;
}

static struct partial *add_partial(struct trace_flows *f, uint64_t id)
{
    struct partial *p = xcalloc(1, sizeof *p);
    p->id = id;
    HASH_ADD(hh, f->partial, id, sizeof p->id, p);
    return p;
}

static void drop_partial(struct trace_flows *f, struct partial *p)
{
    if (p)
        HASH_DEL(f->partial, p);
    free(p);
}

static bool test(const uint64_t *bits, uint64_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static void set_bit(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* Links by child; returns one more than the last arrow's number, which are from 1. */
static uint64_t link_children(struct trace_flows *f)
{
    const struct workflow *w = f->workflow;
    uint64_t id = 1;
    size_t n = 0;
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *child = &w->sets[s];
        f->first_link[s] = n;
        for (size_t d = 0; d < child->n_dependencies; d++, id += child->n_tasks) {
            const struct dependency *on = &child->dependencies[d];
            f->links[n++] =
                (struct link){ (uint32_t)s, on, id,
                               task_deps_index_by_parent(on, w->sets[on->parent].n_tasks),
                               task_deps_index_by_child(on, child->n_tasks) };
        }
    }
    return id;
}

/* A counting sort of the links by their parent. */
static void index_parents(struct trace_flows *f, size_t n_links)
{
    size_t n_sets = f->workflow->n_sets, *next = xcalloc(n_sets + 1, sizeof *next);
    for (size_t l = 0; l < n_links; l++)
        f->first_by_parent[f->links[l].dependency->parent + 1]++;
    for (size_t s = 0; s < n_sets; s++) {
        f->first_by_parent[s + 1] += f->first_by_parent[s];
        next[s] = f->first_by_parent[s];
    }
    for (size_t l = 0; l < n_links; l++)
        f->by_parent[next[f->links[l].dependency->parent]++] = (uint32_t)l;
    free(next);
}

struct trace_flows *trace_flows_new(const struct workflow *w)
{
    struct trace_flows *f = xcalloc(1, sizeof *f);
    size_t n_links = workflow_edge_count(w);
    f->workflow = w;
    f->links = xcalloc(n_links, sizeof *f->links);
    f->first_link = xcalloc(w->n_sets, sizeof *f->first_link);
    f->by_parent = xcalloc(n_links, sizeof *f->by_parent);
    f->first_by_parent = xcalloc(w->n_sets + 1, sizeof *f->first_by_parent);
    f->last = xcalloc(w->n_sets, sizeof *f->last);
    for (size_t s = 0; s < w->n_sets; s++)
        f->last[s].place.pid = TRACE_NOWHERE;
    f->begun = xcalloc(link_children(f) / 64 + 1, sizeof *f->begun);
    f->ran = xcalloc(w->n_tasks / 64 + 1, sizeof *f->ran);
    index_parents(f, n_links);
    return f;
}

void trace_flows_free(struct trace_flows *f)
{
    if (!f)
        return;
    for (size_t l = 0; l < workflow_edge_count(f->workflow); l++) {
        task_deps_index_clear(&f->links[l].by_parent);
        task_deps_index_clear(&f->links[l].by_child);
    }
    struct partial *p, *next;
    HASH_ITER(hh, f->partial, p, next) {
        drop_partial(f, p);
    }
    xfree(f->links, f->first_link, f->by_parent, f->first_by_parent, f->last, f->begun, f->ran, f);
}

/* --- writing ---------------------------------------------------------------------------------- */

/* One end of arrow `id`. */
static void write_end(struct json_out *o, const char *phase, uint64_t id, int64_t at_us,
                      struct trace_place at)
{
    trace_event(o, "after");
    json_out_text(o, "cat", "dependency");
    json_out_text(o, "ph", phase);
    if (*phase == 'f')
        json_out_text(o, "bp", "e");
    json_out_whole(o, "id", (int64_t)id);
    json_out_whole(o, "ts", at_us);
    trace_write_place(o, at);
    json_out_close(o, '}');
}

static void write_begin(struct json_out *o, uint64_t id, const struct trace_end *from)
{
    write_end(o, "s", id, from->leave_us, from->place);
}

/* --- a task is done --------------------------------------------------------------------------- */

static bool later(const struct trace_end *a, const struct trace_end *b)
{
    return a->stopped_s != b->stopped_s ? a->stopped_s > b->stopped_s : a->task < b->task;
}

/* One of the n tasks that the arrow's task waits for is done. */
static void one_done(struct trace_flows *f, struct json_out *o, uint64_t id, uint32_t n,
                     const struct trace_end *end)
{
    struct trace_end last = *end;
    if (test(f->begun, id))
        return;
    if (n > 1) {
        struct partial *p = find_partial(f, id);
        if (!p)
            p = add_partial(f, id);

        if (p->n_done == 0 || later(end, &p->last))
            p->last = *end;
        if (++p->n_done < n)
            return;
        last = p->last;
        drop_partial(f, p);
    }
    set_bit(f->begun, id);
    write_begin(o, id, &last);
}

static void done_for(struct trace_flows *f, struct json_out *o, const struct link *l,
                     const struct trace_end *end)
{
    struct task_deps deps =
        task_deps_of_parent(f->workflow, (int)l->child, l->dependency, &l->by_parent, end->task);
    struct task_link link;
    while (task_deps_next(&deps, &link))
        for (uint32_t k = 0; k < link.n_children; k++) {
            uint32_t c = link.child + k;
            one_done(f, o, l->first_id + c,
                     task_deps_parents(f->workflow, (int)l->child, l->dependency, &l->by_child, c),
                     end);
        }
}

static void task_done(struct trace_flows *f, struct json_out *o, size_t set,
                      const struct trace_end *end)
{
    if (f->last[set].place.pid == TRACE_NOWHERE || later(end, &f->last[set]))
        f->last[set] = *end;
    for (size_t i = f->first_by_parent[set]; i < f->first_by_parent[set + 1]; i++) {
        const struct link *l = &f->links[f->by_parent[i]];
        if (dependency_is_by_task(l->dependency))
            done_for(f, o, l, end);
    }
}

/* --- a task starts ---------------------------------------------------------------------------- */

/* Whether the arrow has a begin now. A task that waits for several should start when all are done;
 * in a trace it may not have. */
static bool has_begun(struct trace_flows *f, struct json_out *o, const struct link *l,
                      uint64_t id)
{
    const struct trace_end *from = &f->last[l->dependency->parent];
    struct partial *p = NULL;
    if (dependency_is_by_task(l->dependency)) {
        p = find_partial(f, id);

        if (!p)
            return test(f->begun, id);
        from = &p->last;
    }
    if (from->place.pid == TRACE_NOWHERE)
        return false;
    set_bit(f->begun, id);
    write_begin(o, id, from);
    drop_partial(f, p);
    return true;
}

static void task_starts(struct trace_flows *f, struct json_out *o, size_t set, uint32_t task,
                        double started_s, struct trace_place first)
{
    const struct link *links = f->links + f->first_link[set];
    for (size_t d = 0; d < f->workflow->sets[set].n_dependencies; d++) {
        uint64_t id = links[d].first_id + task;
        if (has_begun(f, o, &links[d], id))
            write_end(o, "f", id, trace_us(started_s), first);
    }
}

void trace_flows_ran(struct trace_flows *f, struct json_out *o, uint32_t task, bool done,
                     const struct usage *u, struct trace_place first)
{
    int64_t begin = trace_us(u->started_s), end = trace_us(u->stopped_s);
    uint32_t of_set = task - f->workflow->sets[u->set].first_task;
    if (!test(f->ran, task))
        task_starts(f, o, (size_t)u->set, of_set, u->started_s, first);
    set_bit(f->ran, task);
    if (done)
        task_done(f, o, (size_t)u->set,
                  &(struct trace_end){ .place = first,
                                       .leave_us = end > begin ? end - 1 : begin,
                                       .stopped_s = u->stopped_s,
                                       .task = of_set });
}
