#include "cli/outputs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/named_files.h"
#include "plots/gnuplot.h"

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

static bool conflict(const struct named_file *a, const struct named_file *b)
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
static bool is_of_folder(const struct named_file *out, const struct named_file *in)
{
    struct stat out_st, in_st;
    return !in->written && stat(in->path, &in_st) == 0 && S_ISDIR(in_st.st_mode) &&
           stat(out->path, &out_st) == 0 && S_ISREG(out_st.st_mode) && !gnuplot_knows(out->path) &&
           !str_ends(out->path, ".html") && is_below(out->path, &in_st);
}

static int check_two(const struct named_file *out, const struct named_file *other,
                     struct error *err)
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
static int check_folder(const struct named_file *out, struct error *err)
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
    struct named_files files = named_files_of(call);
    if (writes_over_a_file(&files))      /* what is not there yet was not read */
        named_files_follow(&files);
    int status = check_all(&files, err);
    named_files_clear(&files);
    return status;
}
