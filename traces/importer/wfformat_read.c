/* Tasks and their executions, in both layouts: 1.3 and 1.4 have one list, 1.5 and 1.6 a
 * specification and an execution. */
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

static const cJSON *member(const struct json *at, const char *key)
{
    return json_member(at, key).value;
}

int wf_text_number(struct wf_texts *t, struct arena *memory, const char *text)
{
    t->index = t->index ? t->index : name_index_new();
    int known = name_index_find(t->index, text);
    if (known < 0)
        name_index_add(t->index, arena_keep(memory, text, strlen(text)), t->n);
    return known >= 0 ? known : t->n++;
}

const char *wf_keep(struct wf_texts *t, struct arena *memory, const char *text)
{
    int number = wf_text_number(t, memory, text);
    return name_index_name(t->index, number);
}

struct wf_name *wf_name(struct wf *f, const char *name)
{
    struct wf_names *names = &f->names;
    int before = names->texts.n, number = wf_text_number(&names->texts, &f->memory, name);
    xgrow(&names->at, &names->room, (size_t)names->texts.n, sizeof *names->at);
    if (number == before)
        names->at[number] = (struct wf_name){ -1, -1 };
    return &names->at[number];
}

/* All tasks of a category have one text, so that what reads them later finds few. */
static void set_category(struct wf *f, size_t task, const char *text, size_t length)
{
    f->scratch.length = 0;
    str_add_n(&f->scratch, text, length);
    int kind = name_index_find(f->categories, f->scratch.text);
    f->extra[task].kind = kind < 0 ? (uint32_t)task : (uint32_t)kind;
    f->tasks[task].category = kind < 0 ? arena_keep(&f->memory, f->scratch.text, length)
                                       : f->tasks[kind].category;
    if (kind < 0)
        name_index_add(f->categories, f->tasks[task].category, (int)task);
}

static int read_names(struct wf *f, size_t task, const struct json *at, struct error *err)
{
    const char *name = NULL, *id = NULL, *category = NULL;
    if (json_get_string(at, "name", &name, err) || json_get_string(at, "id", &id, err) ||
        json_get_string(at, "category", &category, err))
        return -1;
    const char *own = f->old_layout && name ? name : id, *other = own == name ? id : name;
    if (!own)
        return json_error(at, err, "has no '%s'", f->old_layout ? "name" : "id");
    struct wf_name *called = wf_name(f, own);
    if (called->task >= 0)
        return json_error(at, err, "two tasks are called '%s'", own);
    called->task = (int)task;
    f->tasks[task].id =
        name_index_name(f->names.texts.index, (int)(called - f->names.at));
    if (other && !str_equal(other, own)) {
        called = wf_name(f, other);
        called->other = called->other < 0 ? (int)task : called->other;
    }
    bool derived = f->extra[task].derived = !category || str_equal(category, own);
    category = derived ? name ? name : own : category;
    set_category(f, task, category, derived ? task_category_length(category) : strlen(category));
    return 0;
}

/* An element of a list: its number is at->index. */
typedef int read_element_fn(struct wf *f, const struct json *at, struct wf_counts *c,
                            struct error *err);

static int read_list(struct wf *f, const struct json *list, read_element_fn *read,
                     struct wf_counts *c, struct error *err)
{
    struct json_walk walk = json_walk(list);
    struct json e;
    int status;
    for (size_t i = 0; (status = json_walk_at(&walk, i, &e, err)) > 0; i++)
        if (read(f, &e, c, err)) {
            status = -1;
            break;
        }
    json_walk_end(&walk);
    return status;
}

static int read_execution_of(struct wf *f, const struct json *at, struct wf_counts *c,
                             struct error *err)
{
    const char *id = NULL;
    if (json_need_string(at, "id", &id, err))
        return -1;
    int name = name_index_find(f->names.texts.index, id);
    int task = name >= 0 ? f->names.at[name].task : -1;
    if (task < 0) {
        c->unknown++;
        return 0;
    }
    wf_read_execution(f, (size_t)task, at, c);
    return wf_read_ours(f, at, (size_t)task, err);
}

static int read_executions(struct wf *f, struct wf_counts *c, struct error *err)
{
    struct json execution = json_member(&f->workflow, "execution"),
                list = json_member(&execution, "tasks");
    if (!execution.value || !list.value)
        return 0;
    return json_expect_array(&list, err) ? -1 : read_list(f, &list, read_execution_of, c, err);
}

static void note(const struct wf *f, const struct wf_counts *c)
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
static int read_task(struct wf *f, const struct json *at, struct wf_counts *c, struct error *err)
{
    size_t task = f->n;
    if (!cJSON_IsObject(at->value))
        return json_error(at, err, "must be an object that describes a task");
    const struct demand one_core = { .ranks = 1, .cores = 1 };
    f->tasks[task] = (struct listed_task){ .runtime_s = NAN,
                                           .demand = demand_pool_share(&f->demands, &one_core) };
    f->extra[task] = (struct wf_task){ .started_epoch_s = NAN, .program = -1, .set = -1 };
    if (read_names(f, task, at, err))
        return -1;
    wf_read_edges(f, (uint32_t)task, at);
    wf_read_files(f, task, at);
    c->childrens += member(at, "childrens") != NULL;
    c->ours += json_has(at, "dagcast");
    f->n++;
    if (f->old_layout)
        wf_read_execution(f, task, at, c);
    return 0;
}

static int read_ours_of(struct wf *f, const struct json *at, struct wf_counts *c, struct error *err)
{
    (void)c;
    return wf_read_ours(f, at, at->index, err);
}

static void make_room(struct wf *f, size_t n)
{
    f->room = n + 1;
    f->tasks = xcalloc(f->room, sizeof *f->tasks);
    f->extra = xcalloc(f->room, sizeof *f->extra);
    if (!f->files.only_counted)
        f->files.first = xcalloc(2 * n + 1, sizeof *f->files.first);
    f->categories = name_index_new();
    f->names.texts.index = name_index_new();
}

/* A set's own name stands for the category, once families are found among categories. */
static void take_set_names(struct wf *f)
{
    for (size_t i = 0; i < f->n; i++) {
        int set = f->extra[i].set;
        f->tasks[i].named_set = set >= 0;
        if (set >= 0)
            f->tasks[i].category = name_index_name(f->set_names.index, set);
    }
}

int wf_read_tasks(struct wf *f, struct error *err)
{
    struct json specification =
        f->old_layout ? f->workflow : json_member(&f->workflow, "specification");
    struct json list = json_member(&specification, "tasks");
    struct wf_counts c = { 0 };
    if (!list.value)
        return json_error(&specification, err, "holds no list 'tasks'");
    if (json_expect_array(&list, err))
        return -1;
    make_room(f, json_walk_count(&list));
    if (wf_read_file_sizes(f, err) || read_list(f, &list, read_task, &c, err))
        return -1;
    if (f->n == 0)
        return json_error(&list, err, "holds 0 tasks; it must hold one at least");
    if ((!f->old_layout && read_executions(f, &c, err)) ||
        (c.ours > 0 && read_list(f, &list, read_ours_of, &c, err)))
        return -1;
    wf_name_families(f);
    take_set_names(f);
    note(f, &c);
    return 0;
}
