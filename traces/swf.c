#include "traces/swf.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/xalloc.h"

static const double largest = 1e12;

static bool read_numbers(const char *line, double x[SWF_COLUMNS])
{
    for (int k = 0; k < SWF_COLUMNS; k++) {
        char *end;
        x[k] = strtod(line, &end);
        if (end == line || !isfinite(x[k]) || fabs(x[k]) > largest ||
            (*end && !isspace((unsigned char)*end)))
            return false;
        line = end;
    }
    return !line[strspn(line, " \t\r")];
}

/* "; MaxProcs: 128 (whatever)": the text behind the colon; NULL: another comment. */
static const char *comment_value(const char *line, const char *key)
{
    size_t n = strlen(key);
    line += strspn(line, "; \t");
    if (strncasecmp(line, key, n) != 0 || line[n] != ':')
        return NULL;
    return line + n + 1 + strspn(line + n + 1, " \t");
}

static void read_comment(struct swf_reader *r, const char *line)
{
    static const char *const keys[] = { "MaxNodes", "MaxProcs", "UnixStartTime" };
    double *const values[] = { &r->max_nodes, &r->max_procs, &r->unix_start_s };
    const char *computer = comment_value(line, "Computer");
    if (computer)
        r->computer = computer;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const char *text = comment_value(line, keys[k]);
        char *end;
        double value = text ? strtod(text, &end) : 0;
        if (value > 0 && value <= 1e11)
            *values[k] = value;
    }
}

struct swf_reader swf_open(char *text)
{
    return (struct swf_reader){ .at = text, .max_nodes = NAN, .max_procs = NAN,
                                .unix_start_s = NAN };
}

/* Cuts the next line off, without its "\r". */
static char *next_line(struct swf_reader *r)
{
    char *line = r->at;
    size_t n = strcspn(line, "\n");
    r->at = line + n + (line[n] == '\n');
    r->line++;
    line[n] = '\0';
    while (n && line[n - 1] == '\r')
        line[--n] = '\0';
    return line;
}

bool swf_next(struct swf_reader *r, double x[SWF_COLUMNS])
{
    while (*r->at) {
        char *line = next_line(r);
        line += strspn(line, " \t\r");
        if (*line == ';')
            read_comment(r, line);
        else if (*line && read_numbers(line, x))
            return true;
        else if (*line && r->torn++ == 0)
            r->first_torn = r->line;
    }
    return false;
}

enum swf_likeness swf_likeness(const char *head)
{
    char *copy = xstrdup(head);
    struct swf_reader r = swf_open(copy);
    double x[SWF_COLUMNS];
    bool job = swf_next(&r, x) && !r.torn;
    bool header = !isnan(r.max_nodes) || !isnan(r.max_procs) || !isnan(r.unix_start_s);
    free(copy);
    return job ? SWF_SURE : header ? SWF_PERHAPS : SWF_NO;
}
