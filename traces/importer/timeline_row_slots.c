/* Where a row of a timeline ran, and the platform of the session's row. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/timeline_rows_impl.h"

int timeline_rows_number(struct name_index *index, const char ***names, size_t *n, size_t *room,
                     const char *name)
{
    int known = name_index_add(index, name, (int)*n);
    if (known >= 0)
        return known;
    xgrow(names, room, *n + 1, sizeof **names);
    (*names)[*n] = name;
    return (int)(*n)++;
}

/* One id of "0-3 7", or the first of a run of them; *text goes behind it. */
static bool read_id(const char **text, unsigned *id)
{
    char *end;
    if (!isdigit((unsigned char)**text))
        return false;
    unsigned long value = strtoul(*text, &end, 10);
    *id = value <= UINT16_MAX ? (unsigned)value : UINT16_MAX;
    *text = end;
    return true;
}

static bool add_run(struct timeline_rows *r, unsigned first, unsigned last, unsigned most,
                    size_t ids_limit)
{
    if (first > last || last >= most || r->n_ids + 8 * r->n_parts + (last - first) >= ids_limit)
        return false;
    xgrow(&r->ids, &r->id_room, r->n_ids + (last - first) + 1, sizeof *r->ids);
    for (unsigned id = first; id <= last; id++)
        r->ids[r->n_ids++] = (uint16_t)id;
    return true;
}

/* The ids of one part, up to a semicolon or the end. *text goes behind the semicolon. */
static bool read_ids(struct timeline_rows *r, const char **text, unsigned most, size_t ids_limit,
                     uint32_t *n)
{
    size_t before = r->n_ids;
    while (**text && **text != ';') {
        unsigned first, last;
        if (!read_id(text, &first))
            return false;
        last = first;
        if ((**text == '-' && (++*text, !read_id(text, &last))) ||
            !add_run(r, first, last, most, ids_limit))
            return false;
        if (**text == ' ')
            ++*text;
    }
    *n = (uint32_t)(r->n_ids - before);
    *text += **text == ';';
    return *n <= UINT16_MAX;
}

static bool read_share(const char **text, int32_t *share)
{
    char *end;
    long value = strtol(*text, &end, 10);
    if (end == *text || value < 0 || value >= DEMAND_WHOLE_GPU || (*end && *end != ';'))
        return false;
    *share = (int32_t)value;
    *text = *end ? end + 1 : end;
    return true;
}

static size_t count_parts(const char *text)
{
    size_t n = 1;
    for (; (text = strchr(text, ';')); text++)
        n++;
    return n;
}

/* %3B and %25 as core/timeline_csv.c writes them, back to ; and %, in place. */
static char *with_semicolons(char *name)
{
    char *to = name;
    for (const char *from = name; *from; from++) {
        bool semicolon = str_starts(from, "%3B");
        *to++ = semicolon ? ';' : *from;
        from += semicolon || str_starts(from, "%25") ? 2 : 0;
    }
    return *to = '\0', name;
}

char *timeline_rows_unguarded(char *field)
{
    return field + (escape_csv_undo(field) - field);
}

bool timeline_rows_read_parts(struct timeline_rows *r, char *const *fields, size_t ids_limit,
                       struct timeline_row *row)
{
    char *node = timeline_rows_unguarded(fields[0]);
    const char *cores = fields[1], *gpus = fields[2], *share = fields[3];
    size_t n = count_parts(node);
    row->first_part = r->n_parts;
    row->n_parts = 0;
    if (!*node)
        return !*cores && !*gpus && !*share;
    if (n != count_parts(cores) || n != count_parts(gpus) || n != count_parts(share) ||
        r->n_ids + 8 * (r->n_parts + n) >= ids_limit)
        return false;
    size_t parts_before = r->n_parts, ids_before = r->n_ids;
    for (size_t k = 0; k < n; k++) {
        struct timeline_part part = { .first_id = r->n_ids };
        char *end = strchr(node, ';');
        if (end)
            *end = '\0';
        if (!*node || !read_ids(r, &cores, NODE_MOST_SLOTS, ids_limit, &part.n_cores) ||
            !read_ids(r, &gpus, NODE_MOST_GPUS, ids_limit, &part.n_gpus) ||
            !read_share(&share, &part.gpu_share)) {
            r->n_parts = parts_before, r->n_ids = ids_before;
            return false;
        }
        part.node = timeline_rows_number(r->node_index, &r->nodes, &r->n_nodes, &r->node_room,
                                         with_semicolons(node));
        xgrow(&r->parts, &r->part_room, r->n_parts + 1, sizeof *r->parts);
        r->parts[r->n_parts++] = part;
        node = end ? end + 1 : node;
    }
    row->n_parts = n;
    return true;
}

/* Ids that ascend, at the end of r->ids. */
static bool read_ascending(struct timeline_rows *r, const char **text, unsigned most,
                           size_t ids_limit, uint32_t *n)
{
    size_t first = r->n_ids;
    bool good = read_ids(r, text, most, ids_limit, n);
    for (size_t i = first + 1; i < r->n_ids && good; i++)
        good = r->ids[i] > r->ids[i - 1];
    return good;
}

/* How many ids there are, of 0, 1, 2, ... without a gap; they are not kept. */
static bool read_range(struct timeline_rows *r, const char **text, unsigned most, size_t ids_limit,
                       int *n)
{
    size_t first = r->n_ids;
    uint32_t count;
    bool good = read_ascending(r, text, most, ids_limit, &count) &&
                (!count || r->ids[r->n_ids - 1] == count - 1);
    r->n_ids = first;
    *n = (int)count;
    return good;
}

/* One node of the platform; *name goes behind it. */
static bool read_node(struct timeline_rows *r, char **name, const char **columns, size_t ids_limit)
{
    struct timeline_node node = { .first_blocked = 0 };
    uint32_t n;
    char *text = *name, *end = strchr(text, ';');
    if (end)
        *end = '\0';
    *name = end ? end + 1 : text + strlen(text);
    with_semicolons(text);
    if (!*text || !read_range(r, &columns[0], NODE_MOST_SLOTS, ids_limit, &node.n_slots) ||
        node.n_slots == 0 || !read_range(r, &columns[1], NODE_MOST_GPUS, ids_limit, &node.n_gpus))
        return false;
    node.first_blocked = r->n_ids;
    if (!read_ascending(r, &columns[2], (unsigned)node.n_slots, ids_limit, &n) ||
        (int)n >= node.n_slots || name_index_add(r->listed_index, text, (int)r->n_listed) >= 0)
        return false;
    node.n_blocked = n;
    node.node = timeline_rows_number(r->node_index, &r->nodes, &r->n_nodes, &r->node_room, text);
    xgrow(&r->listed, &r->listed_room, r->n_listed + 1, sizeof *r->listed);
    r->listed[r->n_listed++] = node;
    return true;
}

void timeline_rows_read_platform(struct timeline_rows *r, char *const *fields, size_t ids_limit)
{
    char *name = timeline_rows_unguarded(fields[0]);
    const char *columns[] = { fields[1], fields[2], fields[3] };
    size_t n = count_parts(name), ids_before = r->n_ids;
    if (!*name || r->n_listed)
        return;
    bool good = n <= TIMELINE_CSV_MOST_NODES && n == count_parts(columns[0]) &&
                n == count_parts(columns[1]) && n == count_parts(columns[2]);
    for (size_t k = 0; k < n && good; k++)
        good = read_node(r, &name, columns, ids_limit);
    if (!good) {
        r->bad_platform++;
        r->n_listed = 0;
        r->n_ids = ids_before;
    }
}
