/* Files of tasks: lists of ids with one list of sizes (1.5, 1.6), or a list of them in each task
 * (1.3, 1.4). */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/wfformat_impl.h"
#include "traces/session_files.h"

static const double most_bytes = 1e18;

/* Of file files->n. */
static const char *keep_name(struct wf *f, const char *id)
{
    struct wf_files *files = &f->files;
    if (files->only_counted)
        return arena_keep(&files->names, id, strlen(id));
    xgrow(&files->at, &files->room, files->n + 1, sizeof *files->at);
    files->at[files->n] = (struct session_file){ session_keep(f->session, id), NAN };
    return files->at[files->n].id;
}

/* The file of this id, with its size if it is given here. */
static uint32_t file_of(struct wf *f, const char *id, double bytes)
{
    struct wf_files *files = &f->files;
    files->index = files->index ? files->index : name_index_new();
    int known = name_index_find(files->index, id);
    if (known < 0) {
        known = (int)files->n;
        name_index_add(files->index, keep_name(f, id), known);
        files->n++;
    }
    if (!isnan(bytes) && !files->only_counted)
        files->at[known].bytes = bytes;
    return (uint32_t)known;
}

/* Bytes. Before 1.4 the name was `size`; WfCommons' own migration keeps its value, whatever the
 * schema of then said of kB, so that an instance means the same in both layouts. */
static double size_of(struct wf_files *files, const cJSON *file)
{
    const cJSON *size = value_at(file, "sizeInBytes"), *old = value_at(file, "size");
    files->old_sizes += !size && old;
    size = size ? size : old;
    bool usable = cJSON_IsNumber(size) && size->valuedouble >= 0 && size->valuedouble <= most_bytes;
    files->bad_sizes += size && !usable;
    return usable ? size->valuedouble : (double)NAN;
}

/* What names a file: text, or an object's id, else its path and name; until the next call. "":
 * nothing. */
static const char *id_of(struct str *joined, const cJSON *file)
{
    const char *path = value_text_at(file, "path"), *name = value_text_at(file, "name");
    const char *id = cJSON_IsObject(file) ? value_text_at(file, "id") : value_text(file);
    if (*id || !*path || !*name)
        return *id ? id : name;
    joined->length = 0;
    str_addf(joined, "%s%s", path, name);
    return joined->text;
}

static void add_file(struct wf *f, const cJSON *file)
{
    struct wf_files *files = &f->files;
    const char *id = id_of(&f->scratch, file);
    files->no_id += !*id;
    if (!*id)
        return;
    uint32_t number = file_of(f, id, cJSON_IsObject(file) ? size_of(files, file) : (double)NAN);
    if (files->only_counted)
        return;
    xgrow(&files->uses, &files->use_room, files->n_uses + 1, sizeof *files->uses);
    files->uses[files->n_uses++] = number;
}

static void add_named(struct wf *f, const cJSON *list)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next)
        add_file(f, e);
}

/* As WfCommons' migration: what is no input is an output. */
static void add_linked(struct wf *f, const cJSON *list, bool inputs)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next)
        if ((strcasecmp(value_text_at(e, "link"), "input") == 0) == inputs)
            add_file(f, e);
}

void wf_read_files(struct wf *f, size_t task, const struct json *at)
{
    struct wf_files *files = &f->files;
    const cJSON *both = json_member(at, "files").value;
    add_named(f, json_member(at, "inputFiles").value);
    add_linked(f, both, true);
    if (!files->only_counted)            /* fewer than the bytes of a file */
        files->first[2 * task + 1] = (uint32_t)files->n_uses;
    add_named(f, json_member(at, "outputFiles").value);
    add_linked(f, both, false);
    if (!files->only_counted)
        files->first[2 * task + 2] = (uint32_t)files->n_uses;
}

int wf_read_file_sizes(struct wf *f, struct error *err)
{
    struct json specification =
        f->old_layout ? f->workflow : json_member(&f->workflow, "specification");
    struct json list = json_member(&specification, "files"), e;
    struct json_walk walk = json_walk(&list);
    int status = 0;
    for (size_t i = 0;
         cJSON_IsArray(list.value) && (status = json_walk_at(&walk, i, &e, err)) > 0; i++) {
        const char *id = id_of(&f->scratch, e.value);
        if (*id)
            file_of(f, id, size_of(&f->files, e.value));
    }
    json_walk_end(&walk);
    f->files.n_listed = f->files.n;
    return status;
}

/* ---- numbered again, as the workflow's tasks come ---- */

struct renumbering {
    struct session_files *out;
    uint32_t *number_of;                 /* of each file; UINT32_MAX: it has none yet */
    size_t n_ids;
};

static void take_uses(struct renumbering *r, const struct wf_files *files, size_t from, size_t to)
{
    for (size_t k = from; k < to; k++) {
        uint32_t *number = &r->number_of[files->uses[k]];
        if (*number == UINT32_MAX) {
            *number = (uint32_t)r->out->n;
            r->out->at[r->out->n++] = files->at[files->uses[k]];
        }
        r->out->ids[r->n_ids++] = *number;
    }
}

/* Tasks in the workflow's order. Free it. */
static uint32_t *tasks_in_order(const struct wf *f)
{
    uint32_t *at = xcalloc(f->n + 1, sizeof *at);
    for (size_t i = 0; i < f->n; i++) {
        struct set_member of = f->groups.of[i];
        at[f->session->workflow->sets[of.set].first_task + of.index] = (uint32_t)i;
    }
    return at;
}

/* Those that have a list of sizes come first, in its order. */
static struct session_files *renumbered(const struct wf *f)
{
    const struct wf_files *files = &f->files;
    struct session_files *out = xcalloc(1, sizeof *out);
    struct renumbering r = { .out = out,
                             .number_of = xcalloc(files->n, sizeof *r.number_of) };
    uint32_t *tasks = tasks_in_order(f);
    out->at = xcalloc(files->n, sizeof *out->at);
    out->ids = xcalloc(files->n_uses + 1, sizeof *out->ids);
    out->first = xcalloc(2 * f->n + 1, sizeof *out->first);
    for (size_t k = 0; k < files->n; k++)
        r.number_of[k] = k < files->n_listed ? (uint32_t)k : UINT32_MAX;
    for (; out->n < files->n_listed; out->n++)
        out->at[out->n] = files->at[out->n];
    for (size_t i = 0; i < f->n; i++) {
        const uint32_t *first = &files->first[2 * (size_t)tasks[i]];
        take_uses(&r, files, first[0], first[1]);
        out->first[2 * i + 1] = r.n_ids;
        take_uses(&r, files, first[1], first[2]);
        out->first[2 * i + 2] = r.n_ids;
    }
    xfree(tasks, r.number_of);
    return out;
}

void wf_files_read(struct wf_files *files)
{
    name_index_free(files->index);
    files->index = NULL;
    arena_clear(&files->names);
}

void wf_files_clear(struct wf_files *files)
{
    wf_files_read(files);
    xfree(files->at, files->first, files->uses);
    *files = (struct wf_files){ 0 };
}

void wf_note_files(struct wf *f)
{
    const struct wf_files *files = &f->files;
    session_note(f->session, files->old_sizes, "files",
                 "a size by the name it had before 1.4 (`size`), taken in bytes as WfCommons' "
                 "migration takes it");
    session_note(f->session, files->bad_sizes, "files",
                 "a size that is not a number from 0 to 1e18");
    session_note(f->session, files->no_id, "files", "without an id or a name, left out");
    session_note(
        f->session, files->n, "files",
        "their transfers are part of the runtimes, as measured, and not modelled beside them");
}

void wf_make_files(struct wf *f)
{
    if (f->files.n > 0 && !f->files.only_counted)
        f->session->files = renumbered(f);
}
