#include "traces/run_journal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "traces/packed_file.h"
#include "traces/run_journal_impl.h"

const char run_journal_head[] = "dagcast journal 1\n";

enum { MOST_SHOWN = 60 };

/* How many characters from here on are fit to be shown, on one line. */
static int printable(const char *text)
{
    int n = 0;
    while (n < MOST_SHOWN && text[n] >= ' ' && text[n] <= '~')
        n++;
    return n;
}

/* Where the lines begin, behind the first; `text` where that was being written when the executor
 * died; NULL: it is another file. */
static char *skip_head(const char *path, char *text, size_t size, struct error *err)
{
    static const char family[] = "dagcast journal ";
    size_t n = strlen(run_journal_head), begun = size < n ? size : n;
    if (memcmp(text, run_journal_head, begun) == 0)
        return size < n ? text : text + n;
    if (str_starts(text, family))
        error_set(err,
                  "%s: its first line is '%.*s', but this dagcast reads journals that begin with "
                  "'%.*s'; the dagcast whose version run.json beside it names can read it",
                  path, printable(text), text, (int)n - 1, run_journal_head);
    else
        error_set(err, "%s: expected the journal of a run: its first line is not '%.*s'", path,
                  (int)n - 1, run_journal_head);
    return NULL;
}

/* Nothing behind a line that cannot be read is used or lost: only who looks at the file can tell
 * what it was. */
static int refuse_line(const char *path, size_t number, const char *line, struct error *err)
{
    int shown = printable(line);
    return error_set(err,
                     "%s:%zu: '%.*s%s' is not a line of a journal of this workflow and platform; "
                     "if the file is damaged, keep a copy and keep only the lines before it (head "
                     "-n %zu): what is lost with the rest is run again",
                     path, number, shown, line, line[shown] ? "..." : "", number - 1);
}

static int read_lines(const char *path, char *text, size_t size, struct timeline *t,
                      struct run_journal *j, struct error *err)
{
    char *line = skip_head(path, text, size, err);
    if (!line)
        return -1;
    size_t number = 2;
    for (char *end; (end = memchr(line, '\n', size - (size_t)(line - text)));
         line = end + 1, number++) {
        *end = '\0';
        if (strlen(line) != (size_t)(end - line) || !run_journal_read_line(line, t, j))
            return refuse_line(path, number, line, err);
    }
    j->good_bytes = (size_t)(line - text);
    return 0;
}

/* As it is, or packed. */
static char *load_text(const char *path, size_t *size, struct error *err)
{
    char *found = packed_file_find(path);
    char *text = packed_file_is_packed(found) ? packed_file_load(found, size, err)
                                              : file_load(found, SIZE_MAX / 2, size, err);
    free(found);
    return text;
}

int run_journal_decisions(const char *path, struct outcomes *known, struct error *err)
{
    size_t size;
    char *text = load_text(path, &size, err);
    if (!text)
        return -1;
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        if (str_starts(line, "decided "))
            run_journal_read_decided(line, known);
    }
    free(text);
    return 0;
}

int run_journal_load(const char *path, struct timeline *t, struct run_journal *out,
                     struct error *err)
{
    size_t size;
    *out = (struct run_journal){ .last_s = NAN };
    char *text = load_text(path, &size, err);
    if (!text)
        return -1;
    int status = read_lines(path, text, size, t, out, err);
    free(text);
    if (status)
        run_journal_clear(out);
    return status;
}

struct run_interruptions run_journal_interruptions(const struct run_journal *j,
                                                   const struct timeline *t)
{
    struct run_interruptions all = { 0 };
    double first_s = timeline_first_start(t), last_s = timeline_last_stop(t);
    for (size_t i = 0; i < j->n_pauses && !isnan(last_s); i++) {
        double within_s = fmin(j->pauses[i].to_s, last_s) - fmax(j->pauses[i].from_s, first_s);
        all.n += within_s > 0;
        all.total_s += within_s > 0 ? within_s : 0;
    }
    return all;
}

void run_journal_clear(struct run_journal *j)
{
    xfree(j->ends, j->starts, j->pauses, j->set_of_number);
    *j = (struct run_journal){ 0 };
}
