#include "cli/operand_files.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { BUFFER = 1 << 16 };
static const char folder[] = "/proc/self/fd/";

static int copy_stream(FILE *from, FILE *to, const char *name, struct error *err)
{
    char buffer[BUFFER];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, from)) > 0)
        if (fwrite(buffer, 1, n, to) < n)
            return error_set(err, "%s: cannot be kept: %s", name, strerror(errno));
    if (ferror(from))
        return error_set(err, "%s: %s", name, strerror(errno));
    if (fflush(to) == EOF)
        return error_set(err, "%s: cannot be kept: %s", name, strerror(errno));
    return 0;
}

/* The path of a copy; NULL: there is none. */
static char *copy(struct operand_files *f, FILE *from, const char *name, struct error *err)
{
    FILE *file = tmpfile();
    if (!file) {
        error_set(err, "%s: no temporary file: %s", name, strerror(errno));
        return NULL;
    }
    xgrow(&f->copies, &f->copy_room, f->n_copies + 1, sizeof *f->copies);
    struct operand_copy *c = &f->copies[f->n_copies++];
    *c = (struct operand_copy){ file, str_format("%s%d", folder, fileno(file)), name };
    return copy_stream(from, file, name, err) ? NULL : c->path;
}

static char *copy_input(struct operand_files *f, struct error *err)
{
    static const char name[] = "standard input";
    for (size_t i = 0; i < f->n_copies; i++)
        if (f->copies[i].name == name)
            return f->copies[i].path;
    return copy(f, stdin, name, err);
}

static char *copy_pipe(struct operand_files *f, const char *name, struct error *err)
{
    FILE *pipe = file_open(name, err);
    char *path = pipe ? copy(f, pipe, name, err) : NULL;
    if (pipe)
        fclose(pipe);
    return path;
}

/* The installed file that an operand means; NULL: another one. */
static char *installed(struct operand_files *f, const char *name, const char *const *data_dirs)
{
    char *found = str_starts(name, "examples/") && access(name, F_OK) != 0
                      ? file_find_data(data_dirs, name)
                      : NULL;
    if (found) {
        xgrow(&f->examples, &f->room, f->n + 1, sizeof *f->examples);
        f->examples[f->n++] = found;
    }
    return found;
}

int operand_files_take(struct operand_files *f, const struct command *c, char **argv,
                       const struct operands *operands, const char *const *data_dirs,
                       struct error *err)
{
    size_t n = operands->n - (c->last_is_output && operands->n > 0);
    for (size_t i = (size_t)c->first_file; i < n; i++) {
        const char *name = operands->at[i];
        bool input = str_equal(name, "-"), pipe = !input && file_is_pipe(name);
        char *path = input  ? copy_input(f, err)
                     : pipe ? copy_pipe(f, name, err)
                            : installed(f, name, data_dirs);
        if ((input || pipe) && !path)
            return -1;
        if (path)
            argv[operands->at - argv + (ptrdiff_t)i] = path;
    }
    return 0;
}

void operand_files_clear(struct operand_files *f)
{
    for (size_t i = 0; i < f->n_copies; i++) {
        fclose(f->copies[i].file);
        free(f->copies[i].path);
    }
    for (size_t i = 0; i < f->n; i++)
        free(f->examples[i]);
    xfree(f->copies, f->examples);
    *f = (struct operand_files){ 0 };
}

void operand_files_name_copies(const struct operand_files *f, struct error *err)
{
    for (size_t i = 0; i < f->n_copies; i++) {
        const struct operand_copy *c = &f->copies[i];
        char *at = strstr(err->text, c->path);
        if (!at)
            continue;
        char *named = str_format("%.*s%s%s", (int)(at - err->text), err->text, c->name,
                                 at + strlen(c->path));
        error_set(err, "%s", named);
        free(named);
    }
}

bool operand_is_input(const char *operand)
{
    return str_starts(operand, folder);
}
