#include "cli/named_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/presets.h"

enum { REFERENCES_MOST = 2 };            /* a result names a scenario, that a workflow */
/* what a scenario file or a study may name */
static const char *const parts[] = { "workflow", "platform", "middleware" };
enum { PARTS = sizeof parts / sizeof *parts };

/* "out/" and "out" are one place: without the slashes at the end. */
static void add(struct named_files *files, const char *by, const char *path, bool written)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    xgrow(&files->at, &files->room, files->n + 1, sizeof *files->at);
    files->at[files->n++] = (struct named_file){ by, xstrndup(path, length), written, false };
}

void named_files_clear(struct named_files *files)
{
    for (size_t i = 0; i < files->n; i++)
        free(files->at[i].path);
    for (size_t i = 0; i < files->n_spelt; i++)
        free(files->spelt[i]);
    xfree(files->at, files->spelt);
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

static void add_options(struct named_files *files, const struct invocation *call)
{
    struct option_row r;
    files->spelt = xcalloc(options_count(call->command->groups) + 1, sizeof *files->spelt);
    for (const struct option_group *g = call->command->groups; g->title; g++)
        for (size_t i = 0; option_at(g, i, &r); i++) {
            char *spelt = files->spelt[files->n_spelt++] = str_format("--%s", r.name);
            add_option(files, &r, call->options, spelt);
        }
}

static void add_operands(struct named_files *files, const struct invocation *call)
{
    const struct operands *o = &call->operands;
    for (size_t i = (size_t)call->command->first_file; i < o->n; i++) {
        bool out = call->command->last_is_output && i + 1 == o->n;
        add(files, out ? "OUT" : "", o->at[i], out);
    }
}

struct named_files named_files_of(const struct invocation *call)
{
    struct named_files files = { 0 };
    add_operands(&files, call);
    add_options(&files, call);
    char *unsaid = call->command->unsaid_output ? call->command->unsaid_output(call) : NULL;
    if (unsaid)
        add(&files, "", unsaid, true);
    free(unsaid);
    return files;
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

void named_files_follow(struct named_files *files)
{
    for (size_t depth = 0, i = 0; depth < REFERENCES_MOST; depth++)
        for (size_t n = files->n; i < n; i++)
            if (!files->at[i].written)
                add_referenced(files, files->at[i].path);
}
