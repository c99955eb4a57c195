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

static int copy_input(struct operand_files *f, struct error *err)
{
    char buffer[BUFFER];
    size_t n;
    if (!(f->input = tmpfile()))
        return error_set(err, "standard input: no temporary file: %s", strerror(errno));
    while ((n = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        if (fwrite(buffer, 1, n, f->input) < n)
            return error_set(err, "standard input: cannot be kept: %s", strerror(errno));
    if (ferror(stdin))
        return error_set(err, "standard input: %s", strerror(errno));
    if (fflush(f->input) == EOF)
        return error_set(err, "standard input: cannot be kept: %s", strerror(errno));
    f->input_path = str_format("%s%d", folder, fileno(f->input));
    return 0;
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
        bool input = str_equal(operands->at[i], "-");
        if (input && !f->input_path && copy_input(f, err))
            return -1;
        char *path = input ? f->input_path : installed(f, operands->at[i], data_dirs);
        if (path)
            argv[operands->at - argv + (ptrdiff_t)i] = path;
    }
    return 0;
}

void operand_files_clear(struct operand_files *f)
{
    if (f->input)
        fclose(f->input);
    free(f->input_path);
    for (size_t i = 0; i < f->n; i++)
        free(f->examples[i]);
    free(f->examples);
    *f = (struct operand_files){ 0 };
}

void operand_files_name_input(const struct operand_files *f, struct error *err)
{
    char *at = f->input_path ? strstr(err->text, f->input_path) : NULL;
    if (!at)
        return;
    char *named = str_format("%.*sstandard input%s", (int)(at - err->text), err->text,
                             at + strlen(f->input_path));
    error_set(err, "%s", named);
    free(named);
}

bool operand_is_input(const char *operand)
{
    return str_starts(operand, folder);
}
