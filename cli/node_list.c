#include "cli/node_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { COUNTS_MOST = 10000, NODES_MOST = 1000000 };

static int compare_sizes(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static bool parse_number(const char *text, int64_t *out)
{
    return str_to_int64(text, out) && *out >= 1 && *out <= NODES_MOST;
}

/* "N", "N..M" or "N..M:S"; cut up in place. */
static bool parse_part(char *part, int64_t *from, int64_t *to, int64_t *step)
{
    char *dots = strstr(part, ".."), *colon = dots ? strchr(dots, ':') : NULL;
    *step = 1;
    if (colon)
        *colon = 0;
    if (dots)
        *dots = 0;
    if (!parse_number(part, from) || (colon && !parse_number(colon + 1, step)))
        return false;
    *to = *from;
    return !dots || (parse_number(dots + 2, to) && *to >= *from);
}

static int add_part(struct node_list *l, char *part, struct error *err)
{
    int64_t from, to, step;
    char *written = xstrdup(part);
    int status =
        parse_part(part, &from, &to, &step)
            ? 0
            : error_set(err,
                        "--nodes: '%s' is neither a number of nodes nor a range such as 1..64 or "
                        "4..64:4; at most %d nodes",
                        written, NODES_MOST);
    free(written);
    for (int64_t n = from; status == 0 && n <= to; n += step) {
        if (l->n == COUNTS_MOST)
            return error_set(err, "--nodes: more than %d node counts", COUNTS_MOST);
        xgrow(&l->at, &l->room, l->n + 1, sizeof *l->at);
        l->at[l->n++] = (size_t)n;
    }
    return status;
}

static void sort_unique(struct node_list *l)
{
    size_t kept = 0;
    qsort(l->at, l->n, sizeof *l->at, compare_sizes);
    for (size_t i = 0; i < l->n; i++)
        if (kept == 0 || l->at[i] != l->at[kept - 1])
            l->at[kept++] = l->at[i];
    l->n = kept;
}

int node_list_parse(const char *text, struct node_list *out, struct error *err)
{
    struct node_list l = { 0 };
    char *copy = xstrdup(text);
    int status = 0;
    for (char *part = copy, *next; part && status == 0; part = next) {
        next = strchr(part, ',');
        if (next)
            *next++ = 0;
        status = add_part(&l, part, err);
    }
    free(copy);
    if (status) {
        node_list_clear(&l);
        return -1;
    }
    sort_unique(&l);
    *out = l;
    return 0;
}

void node_list_clear(struct node_list *l)
{
    free(l->at);
    *l = (struct node_list){ 0 };
}
