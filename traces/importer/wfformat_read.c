/* Tasks and their executions, in both layouts: 1.3 and 1.4 have one list, 1.5 and 1.6 a
 * specification and an execution. */
#include <float.h>
#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

static const double longest_runtime_s = 1e15, year_s = 365.25 * 86400;

struct counts {                          /* of what could not be used */
    size_t no_runtime, bad_runtime, long_runtime, bad_cores, part_cores, bad_priority, machine,
        again, unknown, bad_start, childrens, ours;
};

static const cJSON *member(const struct json *at, const char *key)
{
    return json_member(at, key).value;
}

static const char *category_of(const struct wf *f, const char *name)
{
    size_t n = task_category_length(name);
    return name[n] ? session_keep_n(f->session, name, n) : name;
}

/* All tasks of a category have one text, so that what reads them later finds few. */
static void set_category(struct wf *f, size_t task, const char *category)
{
    int kind = name_index_add(f->categories, category, (int)task);
    f->extra[task].kind = kind < 0 ? (uint32_t)task : (uint32_t)kind;
    f->tasks[task].category = kind < 0 ? category : f->tasks[kind].category;
}

static int read_names(struct wf *f, const struct json *at, struct listed_task *t, struct error *err)
{
    const char *name = NULL, *id = NULL, *category = NULL;
    if (json_get_string(at, "name", &name, err) || json_get_string(at, "id", &id, err) ||
        json_get_string(at, "category", &category, err))
        return -1;
    const char *own = f->old_layout && name ? name : id, *other = own == name ? id : name;
    if (!own)
        return json_error(at, err, "has no '%s'", f->old_layout ? "name" : "id");
    int i = (int)(t - f->tasks);
    t->id = session_keep(f->session, own);               /* beside the others: looked up often */
    f->extra[i].derived = !category || str_equal(category, t->id);
    set_category(f, (size_t)i, f->extra[i].derived ? category_of(f, name ? name : own) : category);
    if (name_index_add(f->ids, t->id, i) >= 0)
        return json_error(at, err, "two tasks are called '%s'", t->id);
    if (other && !str_equal(other, t->id))
        name_index_add(f->other_names, other, i);
    return 0;
}

/* A number from `low` to `high` by its name, or by its name in old files. NAN: absent, or (counted)
 * not that. */
static double number_of(const struct json *at, const char *key, const char *old, double low,
                        double high, size_t *bad)
{
    const cJSON *value = member(at, key) ? member(at, key) : member(at, old);
    bool usable = cJSON_IsNumber(value) && value->valuedouble >= low && value->valuedouble <= high;
    *bad += value && !usable;
    return usable ? value->valuedouble : (double)NAN;
}

static void read_numbers(const struct json *at, struct listed_task *t, struct counts *c)
{
    t->runtime_s = number_of(at, "runtimeInSeconds", "runtime", 0, longest_runtime_s,
                             &c->bad_runtime);
    c->no_runtime += !member(at, "runtimeInSeconds") && !member(at, "runtime");
    c->long_runtime += t->runtime_s > year_s;
    double cores = number_of(at, "coreCount", "cores", DBL_MIN, NODE_MOST_SLOTS, &c->bad_cores);
    c->part_cores += ceil(cores) > cores;
    t->demand.cores = isnan(cores) ? t->demand.cores : (int)ceil(cores);
    double priority = number_of(at, "priority", "priority", -1e9, 1e9, &c->bad_priority);
    t->priority = isnan(priority) ? t->priority : (int)rint(priority);
}

/* Our own field, in a task's specification or its execution: {"set", "ranks", "cores" or "threads",
 * "gpus", "memory_mib", "one_node"}, as a task set has them. Once coreCount is known. */
static int read_ours(struct wf *f, size_t task, const struct json *at, struct error *err)
{
    static const char *const known[] = { "set", "ranks", "cores", "threads", "gpus", "memory_mib",
                                         "one_node", NULL };
    struct json ours = json_member(at, "dagcast");
    struct listed_task *t = &f->tasks[task];
    if (!ours.value || f->extra[task].ours)
        return 0;
    f->extra[task].ours = true;
    struct demand d = { 0 };
    if (json_expect_object(&ours, known, err) || json_get_string(&ours, "set", &t->set_name, err) ||
        demand_from_json(&ours, &d, err))
        return -1;
    if (!json_has(&ours, "cores") && !json_has(&ours, "threads"))
        /* coreCount is all ranks' */
        d.cores = (t->demand.cores + d.ranks - 1) / d.ranks;
    t->demand = d;
    return 0;
}

/* What ran: an element of execution.tasks, or in the old layout the task itself. */
static void read_execution(struct wf *f, size_t task, const struct json *at, struct counts *c)
{
    struct listed_task *t = &f->tasks[task];
    struct wf_task *extra = &f->extra[task];
    if (extra->executed) {
        c->again++;
        return;
    }
    extra->executed = true;
    read_numbers(at, t, c);
    t->command = member(at, "command");
    const cJSON *machine = member(at, "machine"), *machines = member(at, "machines");
    extra->machines = cJSON_GetArraySize(machines) > 0 ? machines : machine;
    c->machine += extra->machines != NULL;
    bool bad;
    extra->started_epoch_s = wf_time_of(member(at, "executedAt"), &bad);
    c->bad_start += bad;
    extra->memory = member(at, "memoryInBytes") || member(at, "memory");
}

static int read_executions(struct wf *f, struct counts *c, struct error *err)
{
    struct json execution = json_member(&f->workflow, "execution"),
                list = json_member(&execution, "tasks");
    if (!execution.value || !list.value)
        return 0;
    if (json_expect_array(&list, err))
        return -1;
    for (struct json e = json_first(&list); e.value; e = json_next(&e)) {
        const char *id = NULL;
        if (json_need_string(&e, "id", &id, err))
            return -1;
        int i = name_index_find(f->ids, id);
        if (i < 0) {
            c->unknown++;
            continue;
        }
        read_execution(f, (size_t)i, &e, c);
        if (read_ours(f, (size_t)i, &e, err))
            return -1;
    }
    return 0;
}

static void note(const struct wf *f, const struct counts *c)
{
    struct session *s = f->session;
    size_t without = 0, memory = 0, timed = 0;
    for (size_t i = 0; i < f->n; i++) {
        timed += f->tasks[i].runtime_s > 0;
        without += !f->extra[i].executed;
        memory += f->extra[i].memory && !f->extra[i].ours;
    }
    session_note(
        s, timed ? 0 : f->n, "tasks",
        "no runtime is known, or all are 0: every duration is 0 s, and nothing can be predicted");
    session_note(s, without, "tasks",
                 "no execution recorded: the mean runtime of their set is taken");
    session_note(s, c->no_runtime, "tasks", "no runtime: the mean of their set is taken");
    session_note(s, c->bad_runtime, "tasks",
                 "a runtime that is not a number from 0 to 1e15: the mean of their set is taken");
    session_note(s, c->childrens, "tasks",
                 "a field `childrens`, not read (WfFormat has `children`); `parents` count");
    session_note(s, c->bad_start, "tasks", "an `executedAt` that is not a time");
    session_note(s, c->long_runtime, "tasks", "a runtime of more than a year");
    session_note(s, c->bad_cores, "tasks", "a number of cores that cannot be: one core is taken");
    session_note(s, c->part_cores, "tasks", "parts of cores, rounded up");
    session_note(s, c->bad_priority, "tasks",
                 "a priority that is not a number within 1e9: ignored");
    session_note(s, c->machine, "tasks", "ran on a named machine; here they may run on any");
    session_note(s, memory, "tasks", "memory as measured, not taken as a demand");
    session_note(s, c->again, "executions", "of a task that has one already");
    session_note(s, c->unknown, "executions", "of a task that is not specified");
}

/* One task's specification; in the old layout its execution too. */
static int read_task(struct wf *f, const struct json *at, struct counts *c, struct error *err)
{
    size_t task = f->n;
    xgrow(&f->tasks, &f->task_room, task + 1, sizeof *f->tasks);
    xgrow(&f->extra, &f->extra_room, task + 1, sizeof *f->extra);
    struct listed_task *t = &f->tasks[task];
    *t = (struct listed_task){ .runtime_s = NAN, .demand = { .ranks = 1, .cores = 1 } };
    if (!cJSON_IsObject(at->value))
        return json_error(at, err, "must be an object that describes a task");
    f->extra[task] =
        (struct wf_task){ .parents = member(at, "parents"), .children = member(at, "children"),
                          .inputs = member(at, "inputFiles"), .outputs = member(at, "outputFiles"),
                          .files = member(at, "files"), .started_epoch_s = NAN };
    if (read_names(f, at, t, err))
        return -1;
    c->childrens += member(at, "childrens") != NULL;
    c->ours += json_has(at, "dagcast");
    f->n++;
    if (f->old_layout)
        read_execution(f, task, at, c);
    return 0;
}

int wf_read_tasks(struct wf *f, struct error *err)
{
    struct json specification =
        f->old_layout ? f->workflow : json_member(&f->workflow, "specification");
    struct json list = json_member(&specification, "tasks");
    struct counts c = { 0 };
    if (!list.value)
        return json_error(&specification, err, "holds no list 'tasks'");
    if (json_expect_array(&list, err))
        return -1;
    f->ids = name_index_new();
    f->other_names = name_index_new();
    f->categories = name_index_new();
    for (struct json e = json_first(&list); e.value; e = json_next(&e))
        if (read_task(f, &e, &c, err))
            return -1;
    if (f->n == 0)
        return json_error(&list, err, "holds 0 tasks; it must hold one at least");
    if (!f->old_layout && read_executions(f, &c, err))
        return -1;
    for (struct json e = json_first(&list); c.ours > 0 && e.value; e = json_next(&e))
        if (read_ours(f, e.index, &e, err))
            return -1;
    wf_name_families(f);
    note(f, &c);
    return 0;
}
