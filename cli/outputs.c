#include "cli/outputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/presets.h"
#include "plots/gnuplot.h"

enum { REFERENCES_MOST = 2 };             /* a result names a scenario, that a workflow */
/* what a scenario file or a study may name */
static const char *const parts[] = { "workflow", "platform", "middleware" };
enum { PARTS = sizeof parts / sizeof *parts };

struct named {
    const char *by;                       /* "--timeline", "OUT" or "" */
    char *path;
    bool written, in_folder;              /* a file, for which the folder must be there */
};
struct named_files { size_t n, room; struct named *at; };

/* "out/" and "out" are one place: without the slashes at the end. */
static void add(struct named_files *files, const char *by, const char *path, bool written)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    xgrow(&files->at, &files->room, files->n + 1, sizeof *files->at);
    files->at[files->n++] = (struct named){ by, xstrndup(path, length), written, false };
}

static void clear(struct named_files *files, char **spelt, size_t n_spelt)
{
    for (size_t i = 0; i < files->n; i++)
        free(files->at[i].path);
    for (size_t i = 0; i < n_spelt; i++)
        free(spelt[i]);
    xfree(files->at, spelt);
}

/* Of one option that was given; spelt: "--timeline", kept for the sentence. */
static void add_option(struct named_files *files, const struct option_row *row, const char *values,
                       char *spelt)
{
    const char *path;
    struct setting_value v = { 0 };
    if (row->file == OPTION_NO_FILE)
        return;
    if (row->kind == OPTION_SETTING)
        memcpy(&v, values + row->offset, sizeof v);
    else
        memcpy(&v.text, values + row->offset, sizeof v.text);
    path = v.text;
    if (path && (row->file != OPTION_READS_OR_NAME || presets_is_path(path)))
        add(files, spelt, path, row->file >= OPTION_WRITES);
    if (path && row->file == OPTION_WRITES)
        files->at[files->n - 1].in_folder = true;
}

static char **add_options(struct named_files *files, const struct invocation *call)
{
    char **spelt = xcalloc(options_count(call->command->groups) + 1, sizeof *spelt);
    struct option_row r;
    size_t n = 0;
    for (const struct option_group *g = call->command->groups; g->title; g++)
        for (size_t i = 0; option_at(g, i, &r); i++, n++) {
            spelt[n] = str_format("--%s", r.name);
            add_option(files, &r, call->options, spelt[n]);
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

/* --- what a file names in turn ---------------------------------------------------------------- */

/* A larger file is a workflow, or rows: neither names files. */
enum { NAMING_MOST = 16 << 20 };

/* NULL: no JSON that could name a file. A pipe can be read once only, which is the command's to do.
 */
static struct json_document *load_naming(const char *path)
{
    struct stat st;
    size_t size;
    if (!str_ends(path, ".json") || stat(path, &st) || !S_ISREG(st.st_mode) ||
        st.st_size > NAMING_MOST)
        return NULL;
    char *text = file_load(path, NAMING_MOST, &size, NULL);
    struct json_document *doc = text ? json_parse(text, size, path, NULL) : NULL;
    free(text);
    return doc;
}

/* What a scenario file or a study names, seen from its folder. */
static void add_parts(struct named_files *files, const struct json *root, const char *path)
{
    for (size_t i = 0; i < PARTS; i++) {
        const char *text = NULL;
        if (json_get_string(root, parts[i], &text, NULL) || !text || !presets_is_path(text))
            continue;
        char *beside = file_beside(path, text);
        add(files, "", beside, false);
        free(beside);
    }
}

static void add_recorded_options(struct named_files *files, const struct json *options,
                                 const struct command *c)
{
    struct option_row r;
    for (const struct option_group *g = c->groups; g->title; g++)
        for (size_t i = 0; option_at(g, i, &r); i++) {
            const char *text = NULL;
            if ((r.file == OPTION_READS || r.file == OPTION_READS_OR_NAME) &&
                json_get_string(options, r.name, &text, NULL) == 0 && text &&
                (r.file == OPTION_READS || presets_is_path(text)))
                add(files, "", text, false);
        }
}

/* What a result was made from: `made` is its "scenario" or its "call", by the command `c`. */
static void add_recorded(struct named_files *files, const struct json *made,
                         const struct command *c)
{
    const struct json operands = json_member(made, "operands"),
                      options = json_member(made, "options");
    const char *text = NULL;
    if (json_get_string(made, "file", &text, NULL) == 0 && text)
        add(files, "", text, false);
    for (struct json operand = json_first(&operands); operand.value; operand = json_next(&operand))
        if (json_as_string(&operand, &text, NULL) == 0)
            add(files, "", text, false);
    add_recorded_options(files, &options, c);
}

static void add_referenced(struct named_files *files, const char *path)
{
    struct json_document *doc = load_naming(path);
    if (!doc)
        return;
    const struct json root = json_root(doc), scenario = json_member(&root, "scenario"),
                      call = json_member(&root, "call");
    const char *name = NULL;
    const struct command *c =
        json_get_string(&root, "command", &name, NULL) == 0 && name ? command_find(name) : NULL;
    add_parts(files, &root, path);
    if (c) {
        add_recorded(files, &scenario, c);
        add_recorded(files, &call, c);
    }
    json_free(doc);
}

/* --- what is one place ------------------------------------------------------------------------ */

static bool writes_over_a_file(const struct named_files *files)
{
    struct stat st;
    for (size_t i = 0; i < files->n; i++)
        if (files->at[i].written && stat(files->at[i].path, &st) == 0 && S_ISREG(st.st_mode))
            return true;
    return false;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
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
        same = is_same(&sa, &sb);
    else
        same = str_equal(a, b);
    xfree(a_folder, b_folder);
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
    if (!is_same(&sa, &sb))
        return false;
    /* a folder that is read may also take pictures */
    return S_ISREG(sa.st_mode) || (S_ISDIR(sa.st_mode) && a->written && b->written);
}

/* Whether the path lies in the folder or in one below it: climbs to the root. */
static bool is_below(const char *path, const struct stat *folder)
{
    const char *slash = strrchr(path, '/');
    char *at = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup("./");
    struct stat here, before = { 0 };
    bool found = false;
    for (bool first = true; !found && stat(at, &here) == 0 && (first || !is_same(&here, &before));
         first = false) {
        found = is_same(&here, folder);
        before = here;
        char *above = str_format("%s../", at);
        free(at);
        at = above;
    }
    free(at);
    return found;
}

/* Whether `out` is a file of the folder that `in` is: of a run or session, all of which is read.
 * Its pictures and pages are not. */
static bool is_of_folder(const struct named *out, const struct named *in)
{
    struct stat out_st, in_st;
    return !in->written && stat(in->path, &in_st) == 0 && S_ISDIR(in_st.st_mode) &&
           stat(out->path, &out_st) == 0 && S_ISREG(out_st.st_mode) && !gnuplot_knows(out->path) &&
           !str_ends(out->path, ".html") && is_below(out->path, &in_st);
}

static int check_two(const struct named *out, const struct named *other, struct error *err)
{
    const char *blank = *out->by ? " " : "", *other_blank = *other->by ? " " : "";
    if (is_of_folder(out, other))
        return error_set(err,
                         "%s%s%s is there already, below the input %s%s%s, and would be "
                         "overwritten; write to another file",
                         out->by, blank, out->path, other->by, other_blank, other->path);
    if (!conflict(out, other))
        return 0;
    if (other->written)
        return error_set(err, "%s%s%s and %s%s%s are one file; give each its own", out->by, blank,
                         out->path, other->by, other_blank, other->path);
    return error_set(err, "%s%s%s would overwrite the input %s%s%s; write to another file", out->by,
                     blank, out->path, other->by, other_blank, other->path);
}

/* Known before a long run, and before another file is written. */
static int check_folder(const struct named *out, struct error *err)
{
    struct stat st;
    const char *slash = strrchr(out->path, '/');
    if (!out->in_folder || !slash || slash == out->path)
        return 0;
    char *folder = xstrndup(out->path, (size_t)(slash - out->path));
    bool there = stat(folder, &st) == 0 && S_ISDIR(st.st_mode);
    int status = there ? 0 : error_set(err, "%s %s: there is no folder %s; make it first",
                                       out->by, out->path, folder);
    free(folder);
    return status;
}

static int check_all(const struct named_files *files, struct error *err)
{
    for (size_t i = 0; i < files->n; i++)
        for (size_t j = 0; j < files->n && files->at[i].written; j++)
            if (i != j && !(files->at[j].written && j < i) &&
                check_two(&files->at[i], &files->at[j], err))
                return -1;
    for (size_t i = 0; i < files->n; i++)
        if (check_folder(&files->at[i], err))
            return -1;
    return 0;
}

/* A result is printed in one form. */
static int check_forms(const struct invocation *call, struct error *err)
{
    static const char *const forms[] = { "csv", "json", "markdown" };
    const char *given = NULL;
    struct option_row r;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++)
        for (const struct option_group *g = call->command->groups; g->title; g++)
            for (size_t i = 0; option_at(g, i, &r); i++) {
                bool set = false;
                if (r.kind != OPTION_FLAG || !str_equal(r.name, forms[f]))
                    continue;
                memcpy(&set, (const char *)call->options + r.offset, sizeof set);
                if (set && given)
                    return error_set(err, "--%s and --%s: give one of them", given, forms[f]);
                given = set ? forms[f] : given;
            }
    return 0;
}

int outputs_check(const struct invocation *call, struct error *err)
{
    if (check_forms(call, err))
        return -1;
    struct named_files files = { 0 };
    add_operands(&files, call);
    char **spelt = add_options(&files, call);
    char *unsaid = call->command->unsaid_output ? call->command->unsaid_output(call) : NULL;
    if (unsaid)
        add(&files, "", unsaid, true);
    free(unsaid);
    bool follow = writes_over_a_file(&files);            /* what is not there yet was not read */
    for (size_t depth = 0, i = 0; follow && depth < REFERENCES_MOST; depth++)
        for (size_t n = files.n; i < n; i++)
            if (!files.at[i].written)
                add_referenced(&files, files.at[i].path);
    int status = check_all(&files, err);
    clear(&files, spelt, options_count(call->command->groups));
    return status;
}
