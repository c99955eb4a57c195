#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/radical_groups_impl.h"
#include "traces/importer/radical_impl.h"

/* more kinds of names, or fewer tasks a kind on average: names of tasks, not of roles */
enum { MAX_ROLES = 4, TASKS_PER_ROLE = 2 };

static bool is_generic(const char *label)
{
    return !*label || str_equal(label, "unit") || str_equal(label, "task") ||
           str_equal(label, "cu");
}

static const char *prefix_of(struct radical *r, const char *name)
{
    size_t n;
    radical_prefix(name, &n);
    return session_keep_n(r->session, name, n);
}

/* The label of a task's set as written: the stage's name, else its uid; without EnTK the uid less
 * its number, else the name. */
static const char *base_label(struct radical *r, const struct radical_task *t)
{
    if (t->pipeline >= 0)
        return t->stage_name ? t->stage_name : t->stage_uid;
    const char *label = prefix_of(r, t->uid);
    if (is_generic(label) && t->name) {
        const char *named = prefix_of(r, t->name);
        label = *named ? named : label;
    }
    return *label ? label : "task";
}

/* Demands in some strict order; only equality matters. */
static int compare_demands(const struct demand *a, const struct demand *b)
{
    const long long x[] = { a->ranks, a->cores, a->threads, a->gpus, a->gpu_share, a->memory_mib,
                            a->one_node };
    const long long y[] = { b->ranks, b->cores, b->threads, b->gpus, b->gpu_share, b->memory_mib,
                            b->one_node };
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static int compare_labels(const struct radical_member *x, const struct radical_member *y)
{
    if (x->task->pipeline != y->task->pipeline)
        return x->task->pipeline < y->task->pipeline ? -1 : 1;
    if (x->task->stage != y->task->stage)
        return x->task->stage < y->task->stage ? -1 : 1;
    return strcmp(x->base, y->base);
}

static int compare_members(const void *a, const void *b)
{
    const struct radical_member *x = a, *y = b;
    int order = compare_labels(x, y);
    order = order ? order : compare_demands(&x->task->demand, &y->task->demand);
    return order ? order : radical_compare_submissions(x->task, y->task);
}

/* What a task is called but for its number; `n` is 0 if it has no name, or nothing else. */
static struct text_slice role_of(const struct radical_task *t)
{
    struct text_slice role = { "", 0 };
    if (t->name)
        role.text = radical_prefix(t->name, &role.length);
    return role;
}

static bool same_role(struct text_slice a, struct text_slice b)
{
    return a.length == b.length && !memcmp(a.text, b.text, a.length);
}

/* The roles of n members in order of appearance; 0: they have none, one, or too many to be roles.
 */
static size_t find_roles(const struct radical_member *m, size_t n,
                         struct text_slice roles[MAX_ROLES])
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        struct text_slice role = role_of(m[i].task);
        size_t k = 0;
        while (k < found && !same_role(roles[k], role))
            k++;
        if (!role.length || k == MAX_ROLES)
            return 0;
        if (k == found)
            roles[found++] = role;
    }
    return found > 1 && n >= TASKS_PER_ROLE * found ? found : 0;
}

/* Members of one label and demand, in order of submission: those of unlike names are unlike sets,
 * even if they are of one shape. */
static void split_roles(struct radical *r, struct radical_member *m, size_t n, bool by_demand)
{
    struct text_slice roles[MAX_ROLES];
    size_t n_roles = find_roles(m, n, roles), at = 0;
    if (!n_roles) {
        radical_split_waves(r, m, n, by_demand);
        return;
    }
    struct radical_member *old = xmemdup(m, n * sizeof *m);
    for (size_t k = 0; k < n_roles; k++) {
        size_t first = at;
        for (size_t i = 0; i < n; i++)
            if (same_role(role_of(old[i].task), roles[k])) {
                m[at] = old[i];
                m[at++].by_role = true;
            }
        radical_split_waves(r, m + first, at - first, by_demand);
    }
    free(old);
}

static bool demands_differ(const struct radical_member *m, size_t n)
{
    return n && compare_demands(&m[0].task->demand, &m[n - 1].task->demand) != 0;
}

/* One label's members, sorted by demand: one part for each demand. */
static void split_demands(struct radical *r, struct radical_member *m, size_t n)
{
    bool differ = demands_differ(m, n);
    for (size_t first = 0, i = 1; i <= n; i++) {
        if (i < n && compare_demands(&m[i].task->demand, &m[first].task->demand) == 0)
            continue;
        split_roles(r, m + first, i - first, differ);
        first = i;
    }
}

SORT_ORDER(compare_groups, struct radical_group, SORT_FIRST(pipeline) SORT_FIRST(stage)
           radical_compare_times(x->submitted_s, y->submitted_s, x->first, y->first))

static uint64_t arrival(const struct radical_task *t) { return t->arrival; }

static int compare_label_attempts(const void *a, const void *b)
{
    const struct radical_task *x = *(const struct radical_task *const *)a,
                              *y = *(const struct radical_task *const *)b;
    int order = strcmp(x->label, y->label);
    return order ? order : (int)y->attempt - (int)x->attempt;
}

/* Earlier attempts are the same task as the last one. */
static void follow_last_attempts(struct radical *r)
{
    struct radical_task **list = radical_all(r);
    sort_items(list, r->n, sizeof *list, compare_label_attempts);
    for (size_t i = 1; i < r->n; i++) {
        if (list[i]->last_attempt)
            continue;
        list[i]->task = list[i - 1]->task;
    }
    free(list);
}

/* Tasks stand by group, within it by arrival. */
static void number_members(struct radical *r)
{
    struct radical_task **old = r->order;
    size_t at = 0;
    r->order = xcalloc(r->n_order + 1, sizeof *r->order);
    for (size_t g = 0; g < r->n_groups; g++) {
        struct radical_group *group = &r->groups[g];
        struct radical_task **member = r->order + at;
        memcpy(member, old + group->first, group->n * sizeof *member);
        /* by uid already */
        radical_sort_by_event(member, group->n, EVENT_CLIENT_SUBMITTED);
        radical_sort(member, group->n, arrival);
        group->first = at;
        for (; at < group->first + group->n; at++)
            r->order[at]->task = (uint32_t)at;
    }
    free(old);
    follow_last_attempts(r);
}

void radical_groups(struct radical *r)
{
    struct radical_member *members = xcalloc(r->n + 1, sizeof *members);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->tasks[i].last_attempt)
            members[n++] = (struct radical_member){ .task = &r->tasks[i],
                                                    .base = base_label(r, &r->tasks[i]) };
    sort_items(members, n, sizeof *members, compare_members);
    r->order = xcalloc(n + 1, sizeof *r->order);
    for (size_t first = 0, i = 1; i <= n; i++) {
        if (i < n && compare_labels(&members[first], &members[i]) == 0)
            continue;
        split_demands(r, members + first, i - first);
        first = i;
    }
    free(members);
    sort_items(r->groups, r->n_groups, sizeof *r->groups, compare_groups);
    number_members(r);
}
