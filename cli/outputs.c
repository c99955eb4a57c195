#include "cli/outputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/presets.h"

enum { REFERENCES_MOST = 2 };             /* a result names a scenario, that a workflow */

struct named { const char *by; char *path; bool written; };      /* by: "--timeline", "OUT" or "" */
struct named_files { size_t n, room; struct named *at; };

static void add(struct named_files *files, const char *by, const char *path, bool written)
{
    xgrow(&files->at, &files->room, files->n + 1, sizeof *files->at);
    files->at[files->n++] = (struct named){ by, xstrdup(path), written };
}

static void clear(struct named_files *files, char **spelt, size_t n_spelt)
{
    for (size_t i = 0; i < files->n; i++)
        free(files->at[i].path);
    for (size_t i = 0; i < n_spelt; i++)
        free(spelt[i]);
    free(files->at);
    free(spelt);
}

/* Of one option that was given; spelt: "--timeline", kept for the sentence. */
static void add_option(struct named_files *files, const struct option_row *row, const char *values, char *spelt)
{
    const char *path;
    if (row->file == OPTION_NO_FILE || row->kind != OPTION_TEXT)
        return;
    memcpy(&path, values + row->offset, sizeof path);
    if (path && (row->file != OPTION_READS_OR_NAME || presets_is_path(path)))
        add(files, spelt, path, row->file == OPTION_WRITES);
}

static char **add_options(struct named_files *files, const struct invocation *call)
{
    char **spelt = xcalloc(options_count(call->command->groups) + 1, sizeof *spelt);
    size_t i = 0;
    for (const struct option_group *g = call->command->groups; g->title; g++)
        for (const struct option_row *r = g->rows; r->name; r++, i++) {
            spelt[i] = str_format("--%s", r->name);
            add_option(files, r, (const char *)call->options + g->offset, spelt[i]);
        }
    return spelt;
}

static void add_operands(struct named_files *files, const struct invocation *call)
{
    const struct operands *o = &call->operands;
    for (size_t i = (size_t)call->command->first_file; i < o->n; i++) {
        bool out = call->command->last_is_output && i + 1 == o->n;
        add(files, out ? "OUT" : "", o->at[i], out);
    }
}

/* What a scenario file names, seen from its folder; what a result was made of. */
static void add_referenced(struct named_files *files, const char *path)
{
    static const char *const members[] = { "workflow", "platform", "middleware" };
    struct json_document *doc = str_ends(path, ".json") ? json_load(path, NULL) : NULL;
    if (!doc)
        return;
    const struct json root = json_root(doc), scenario = json_member(&root, "scenario");
    const char *text;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (json_get_string(&root, members[i], (text = NULL, &text), NULL) || !text || !presets_is_path(text))
            continue;
        char *beside = file_beside(path, text);
        add(files, "", beside, false);
        free(beside);
    }
    if (scenario.value && json_get_string(&scenario, "file", (text = NULL, &text), NULL) == 0 && text)
        add(files, "", text, false);
    json_free(doc);
}

static bool writes_over_a_file(const struct named_files *files)
{
    struct stat st;
    for (size_t i = 0; i < files->n; i++)
        if (files->at[i].written && stat(files->at[i].path, &st) == 0 && S_ISREG(st.st_mode))
            return true;
    return false;
}

/* Of files that are not there yet: the same name in the same folder. */
static bool same_place(const char *a, const char *b)
{
    const char *a_slash = strrchr(a, '/'), *b_slash = strrchr(b, '/');
    char *a_folder = a_slash ? xstrndup(a, (size_t)(a_slash - a) + 1) : xstrdup("."),
         *b_folder = b_slash ? xstrndup(b, (size_t)(b_slash - b) + 1) : xstrdup(".");
    struct stat sa, sb;
    bool same = str_equal(a_slash ? a_slash + 1 : a, b_slash ? b_slash + 1 : b);
    if (same && stat(a_folder, &sa) == 0 && stat(b_folder, &sb) == 0)
        same = sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
    else
        same = str_equal(a, b);
    free(a_folder);
    free(b_folder);
    return same;
}

static bool conflict(const struct named *a, const struct named *b)
{
    struct stat sa, sb;
    bool a_is = stat(a->path, &sa) == 0, b_is = stat(b->path, &sb) == 0;
    if (a_is != b_is)
        return false;
    if (!a_is)
        return a->written && b->written && same_place(a->path, b->path);
    if (sa.st_dev != sb.st_dev || sa.st_ino != sb.st_ino)
        return false;
    return S_ISREG(sa.st_mode) || (S_ISDIR(sa.st_mode) && a->written && b->written);    /* a folder that is read may also take pictures */
}

static int check_all(const struct named_files *files, struct error *err)
{
    for (size_t i = 0; i < files->n; i++)
        for (size_t j = 0; j < files->n; j++) {
            const struct named *out = &files->at[i], *other = &files->at[j];
            const char *blank = *out->by ? " " : "", *other_blank = *other->by ? " " : "";
            if (i == j || !out->written || (other->written && j < i) || !conflict(out, other))
                continue;
            if (other->written)
                return error_set(err, "%s%s%s and %s%s%s are one file; give each its own", out->by, blank, out->path, other->by, other_blank,
                                 other->path);
            return error_set(err, "%s%s%s would overwrite the input %s%s%s; write to another file", out->by, blank, out->path, other->by,
                             other_blank, other->path);
        }
    return 0;
}

int outputs_check(const struct invocation *call, const char *usual, struct error *err)
{
    struct named_files files = { 0 };
    add_operands(&files, call);
    char **spelt = add_options(&files, call);
    if (usual)
        add(&files, "", usual, true);
    bool follow = writes_over_a_file(&files);            /* what is not there yet was not read */
    for (size_t depth = 0, i = 0; follow && depth < REFERENCES_MOST; depth++)
        for (size_t n = files.n; i < n; i++)
            if (!files.at[i].written)
                add_referenced(&files, files.at[i].path);
    int status = check_all(&files, err);
    clear(&files, spelt, options_count(call->command->groups));
    return status;
}
