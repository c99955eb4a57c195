#include "traces/importer/task_nodes.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traces/importer/task_values.h"

enum { LONGEST_NODE_NAME = 255, MOST_DIGITS = 9 };

struct node_reader {
    size_t left;
    task_nodes_fn *add;
    void *context;
};

static bool add_node(struct node_reader *r, const char *name, size_t length, double cores,
                     double gpus)
{
    char copy[LONGEST_NODE_NAME + 1];
    if (r->left == 0 || length == 0 || length > LONGEST_NODE_NAME)
        return false;
    memcpy(copy, name, length);
    copy[length] = '\0';
    r->left--;
    r->add(r->context, copy, cores, gpus);
    return true;
}

/* A number of at most MOST_DIGITS digits, and how many there were. */
static bool read_number(const char **text, long *value, int *width)
{
    const char *start = *text;
    *value = 0;
    for (; isdigit((unsigned char)**text); ++*text) {
        if (*text - start == MOST_DIGITS)
            return false;
        *value = 10 * *value + (**text - '0');
    }
    *width = (int)(*text - start);
    return *width > 0;
}

/* --- Slurm: n[001-003,7],m1 ------------------------------------------------------------------- */

/* Up to the separator behind a name with brackets; 0: a bracket is not closed. */
static size_t item_length(const char *text)
{
    size_t n = 0;
    bool inside = false;
    for (; text[n] && (inside || !strchr(", ;", text[n])); n++) {
        if (text[n] == '[' ? inside : text[n] == ']' && !inside)
            return 0;
        inside = text[n] == '[' || (inside && text[n] != ']');
    }
    return inside ? 0 : n;
}

static bool expand(struct node_reader *r, const char *prefix, size_t prefix_length,
                   const char *rest, size_t length);

/* One number of a bracket, and what is behind the bracket. */
struct numbered { char text[LONGEST_NODE_NAME + 1]; size_t length; };

/* Prefix and number; false: it is too long. */
static bool add_number(struct numbered *name, const char *prefix, size_t prefix_length, long number,
                       int width)
{
    int n = snprintf(name->text, sizeof name->text, "%.*s%0*ld", (int)prefix_length, prefix, width,
                     number);
    name->length = n > 0 ? (size_t)n : 0;
    return n > 0 && n < (int)sizeof name->text;
}

/* `rest`, of `length`, begins behind a '['. */
static bool expand_bracket(struct node_reader *r, const char *prefix, size_t prefix_length,
                           const char *rest, size_t length)
{
    struct numbered name;
    const char *close = memchr(rest, ']', length), *at = rest;
    if (!close || close == rest)
        return false;
    while (at < close) {
        long first, last;
        int width, last_width;
        if (!read_number(&at, &first, &width))
            return false;
        last = first;
        if (*at == '-' && (at++, !read_number(&at, &last, &last_width)))
            return false;
        if (last < first || (*at != ',' && *at != ']'))
            return false;
        for (long i = first; i <= last; i++)
            if (!add_number(&name, prefix, prefix_length, i, width) ||
                !expand(r, name.text, name.length, close + 1, length - (size_t)(close + 1 - rest)))
                return false;
        at += *at == ',';
    }
    return true;
}

static bool expand(struct node_reader *r, const char *prefix, size_t prefix_length,
                   const char *rest, size_t length)
{
    const char *open = memchr(rest, '[', length);
    size_t plain = open ? (size_t)(open - rest) : length;
    char name[LONGEST_NODE_NAME + 1];
    if (prefix_length + plain > LONGEST_NODE_NAME)
        return false;
    memcpy(name, prefix, prefix_length);
    memcpy(name + prefix_length, rest, plain);
    if (!open)
        return add_node(r, name, prefix_length + plain, NAN, NAN);
    return expand_bracket(r, name, prefix_length + plain, open + 1, length - plain - 1);
}

static bool read_slurm(struct node_reader *r, const char *text)
{
    while (*(text += strspn(text, ", ;"))) {
        size_t n = item_length(text);
        if (n == 0 || !expand(r, "", 0, text, n))
            return false;
        text += n;
    }
    return true;
}

/* --- LSF: 42*h01n01:42*h01n02 ----------------------------------------------------------------- */

static bool read_lsf(struct node_reader *r, const char *text)
{
    while (*(text += strspn(text, ": "))) {
        long slots = 1;
        int width;
        size_t n = strcspn(text, ": ");
        const char *star = memchr(text, '*', n), *name = star ? star + 1 : text;
        if (star && (!read_number(&text, &slots, &width) || text != star))
            return false;
        size_t length = strcspn(name, ": ");
        if (!add_node(r, name, length, (double)slots, NAN))
            return false;
        text = name + length;
    }
    return true;
}

/* --- PBS -------------------------------------------------------------------------------------- */

/* The number behind "ncpus=" or so within a chunk. */
static double chunk_value(const char *chunk, size_t n, const char *key)
{
    size_t length = strlen(key);
    for (size_t i = 0; i + length < n; i++) {
        if (chunk[i] == ':' && strncmp(chunk + i + 1, key, length) == 0 &&
            chunk[i + 1 + length] == '=')
            return isdigit((unsigned char)chunk[i + 2 + length])
                       ? fmin(strtod(chunk + i + 2 + length, NULL), 1e6)
                       : 0;
    }
    return 0;
}

/* "n3[0]" is a part (a socket, say) of the node n3. */
static size_t host_length(const char *name, size_t n)
{
    size_t open = n - (n > 0);
    while (open > 0 && isdigit((unsigned char)name[open - 1]))
        open--;
    return open > 1 && open + 1 < n && name[n - 1] == ']' && name[open - 1] == '[' ? open - 1 : n;
}

/* (n1:ncpus=32:ngpus=4)+(n2:ncpus=32) */
static bool read_vnodes(struct node_reader *r, const char *text)
{
    while (*(text += strspn(text, "()+ "))) {
        size_t n = strcspn(text, "()+"), name = strcspn(text, ":()+");
        if (!add_node(r, text, host_length(text, name), chunk_value(text, n, "ncpus"),
                      chunk_value(text, n, "ngpus")))
            return false;
        text += n;
    }
    return true;
}

/* n1/0*32+n2/1: node/index*cores */
static bool read_exec_host(struct node_reader *r, const char *text)
{
    while (*(text += strspn(text, "+ "))) {
        size_t n = strcspn(text, "+"), name = host_length(text, strcspn(text, "/+"));
        const char *star = memchr(text, '*', n);
        double cores =
            star && isdigit((unsigned char)star[1]) ? fmin(strtod(star + 1, NULL), 1e6) : 1;
        if (!add_node(r, text, name, cores, NAN))
            return false;
        text += n;
    }
    return true;
}

bool task_nodes_read(const char *text, size_t most, task_nodes_fn *add, void *context)
{
    struct node_reader r = { most, add, context };
    if (task_value_is_nothing(text))
        return true;
    if (strstr(text, "://"))             /* an address, as Dask has for a worker */
        return read_slurm(&r, text);
    if (strchr(text, '(') || strstr(text, ":ncpus="))
        return read_vnodes(&r, text);
    if (strchr(text, '/'))
        return read_exec_host(&r, text);
    if (strchr(text, '*') || (strchr(text, ':') && !strchr(text, '[')))
        return read_lsf(&r, text);
    return read_slurm(&r, text);
}
