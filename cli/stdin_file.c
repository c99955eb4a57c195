#include "cli/stdin_file.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { BUFFER = 1 << 16 };
static const char folder[] = "/proc/self/fd/";

static int copy(struct stdin_file *s, struct error *err)
{
    char buffer[BUFFER];
    size_t n;
    if (!(s->file = tmpfile()))
        return error_set(err, "standard input: no temporary file: %s", strerror(errno));
    while ((n = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        if (fwrite(buffer, 1, n, s->file) < n)
            return error_set(err, "standard input: cannot be kept: %s", strerror(errno));
    if (ferror(stdin))
        return error_set(err, "standard input: %s", strerror(errno));
    if (fflush(s->file) == EOF)
        return error_set(err, "standard input: cannot be kept: %s", strerror(errno));
    s->path = str_format("%s%d", folder, fileno(s->file));
    return 0;
}

int stdin_file_take(struct stdin_file *s, const struct command *c, char **argv,
                    const struct operands *operands, struct error *err)
{
    size_t n = operands->n - (c->last_is_output && operands->n > 0);
    for (size_t i = (size_t)c->first_file; i < n; i++) {
        if (!str_equal(operands->at[i], "-"))
            continue;
        if (!s->path && copy(s, err))
            return -1;
        argv[operands->at - argv + (ptrdiff_t)i] = s->path;
    }
    return 0;
}

void stdin_file_clear(struct stdin_file *s)
{
    if (s->file)
        fclose(s->file);
    free(s->path);
    *s = (struct stdin_file){ 0 };
}

void stdin_file_name(const struct stdin_file *s, struct error *err)
{
    char *at = s->path ? strstr(err->text, s->path) : NULL;
    if (!at)
        return;
    char *named =
        str_format("%.*sstandard input%s", (int)(at - err->text), err->text, at + strlen(s->path));
    error_set(err, "%s", named);
    free(named);
}

bool stdin_file_is(const char *operand)
{
    return str_starts(operand, folder);
}
