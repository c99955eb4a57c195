/* Files of tasks: lists of ids with one list of sizes (1.5, 1.6), or a list of them in each task
 * (1.3, 1.4). */
#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/wfformat_impl.h"

static const double most_bytes = 1e18;

struct reader {
    struct wf *f;
    struct session_files *files;
    struct name_index *index;
    size_t room, n_ids, id_room;
    struct str joined;
    size_t old_sizes, bad_sizes, no_id;  /* of what is noted or could not be used */
};

/* The file of this id, with its size if it is given here. */
static uint32_t file_of(struct reader *r, const char *id, double bytes)
{
    int known = name_index_find(r->index, id);
    if (known < 0) {
        struct session_files *files = r->files;
        xgrow(&files->at, &r->room, files->n + 1, sizeof *files->at);
        files->at[files->n] = (struct session_file){ session_keep(r->f->session, id), NAN };
        known = (int)files->n++;
        name_index_add(r->index, files->at[known].id, known);
    }
    if (!isnan(bytes))
        r->files->at[known].bytes = bytes;
    return (uint32_t)known;
}

static void add_id(struct reader *r, uint32_t file)
{
    xgrow(&r->files->ids, &r->id_room, r->n_ids + 1, sizeof *r->files->ids);
    r->files->ids[r->n_ids++] = file;
}

/* Bytes. Before 1.4 the name was `size`; WfCommons' own migration keeps its value, whatever the
 * schema of then said of kB, so that an instance means the same in both layouts. */
static double size_of(struct reader *r, const cJSON *file)
{
    const cJSON *size = value_at(file, "sizeInBytes"), *old = value_at(file, "size");
    r->old_sizes += !size && old;
    size = size ? size : old;
    bool usable = cJSON_IsNumber(size) && size->valuedouble >= 0 && size->valuedouble <= most_bytes;
    r->bad_sizes += size && !usable;
    return usable ? size->valuedouble : (double)NAN;
}

/* What names a file: text, or an object's id, else its path and name; until the next call. "":
 * nothing. */
static const char *id_of(struct reader *r, const cJSON *file)
{
    const char *path = value_text_at(file, "path"), *name = value_text_at(file, "name");
    const char *id = cJSON_IsObject(file) ? value_text_at(file, "id") : value_text(file);
    if (*id || !*path || !*name)
        return *id ? id : name;
    str_clear(&r->joined);
    str_addf(&r->joined, "%s%s", path, name);
    return r->joined.text;
}

static void add_file(struct reader *r, const cJSON *file)
{
    const char *id = id_of(r, file);
    r->no_id += !*id;
    if (*id)
        add_id(r, file_of(r, id, cJSON_IsObject(file) ? size_of(r, file) : (double)NAN));
}

static void add_named(struct reader *r, const cJSON *list)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next)
        add_file(r, e);
}

/* As WfCommons' migration: what is no input is an output. */
static void add_linked(struct reader *r, const cJSON *list, bool inputs)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next)
        if ((strcasecmp(value_text_at(e, "link"), "input") == 0) == inputs)
            add_file(r, e);
}

static void read_sizes(struct reader *r, const cJSON *list)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        const char *id = id_of(r, e);
        if (*id)
            file_of(r, id, size_of(r, e));
    }
}

/* Tasks in the workflow's order. Free it. */
static const struct wf_task **tasks_in_order(const struct wf *f)
{
    const struct wf_task **at = xcalloc(f->n + 1, sizeof *at);
    for (size_t i = 0; i < f->n; i++) {
        struct set_member of = f->groups.of[i];
        at[f->session->workflow->sets[of.set].first_task + of.index] = &f->extra[i];
    }
    return at;
}

static void read_tasks(struct reader *r)
{
    const struct wf_task **tasks = tasks_in_order(r->f);
    for (size_t i = 0; i < r->f->n; i++) {
        r->files->first[2 * i] = r->n_ids;
        add_named(r, tasks[i]->inputs);
        add_linked(r, tasks[i]->files, true);
        r->files->first[2 * i + 1] = r->n_ids;
        add_named(r, tasks[i]->outputs);
        add_linked(r, tasks[i]->files, false);
    }
    r->files->first[2 * r->f->n] = r->n_ids;
    free(tasks);
}

void wf_read_files(struct wf *f)
{
    struct json specification =
        f->old_layout ? f->workflow : json_member(&f->workflow, "specification");
    struct reader r = { .f = f, .files = xcalloc(1, sizeof *r.files), .index = name_index_new() };
    r.files->first = xcalloc(2 * f->n + 1, sizeof *r.files->first);
    read_sizes(&r, json_member(&specification, "files").value);
    read_tasks(&r);
    name_index_free(r.index);
    str_clear(&r.joined);
    session_note(f->session, r.old_sizes, "files",
                 "a size by the name it had before 1.4 (`size`), taken in bytes as WfCommons' "
                 "migration takes it");
    session_note(f->session, r.bad_sizes, "files", "a size that is not a number from 0 to 1e18");
    session_note(f->session, r.no_id, "files", "without an id or a name, left out");
    session_note(
        f->session, r.files->n, "files",
        "their transfers are part of the runtimes, as measured, and not modelled beside them");
    if (r.files->n)
        f->session->files = r.files;
    else
        session_files_free(r.files);
}
