#include "traces/importer/table_columns.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "traces/importer/table_maps.h"

enum { MOST_SHOWN = 40 };

/* --- headings --------------------------------------------------------------------------------- */

static bool key_of(const char *text, size_t length, char key[TABLE_HEADING_LONGEST + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        if (strchr(" _-", text[i]))
            continue;
        if (n == TABLE_HEADING_LONGEST)
            return false;
        key[n++] = (char)tolower((unsigned char)text[i]);
    }
    key[n] = '\0';
    return n > 0;
}

int table_heading_place(const char *keys, const char *key)
{
    size_t length = strlen(key);
    for (int place = 0; *keys; place++) {
        size_t n = strcspn(keys, " ");
        if (n == length && !memcmp(keys, key, n))
            return place;
        keys += n + strspn(keys + n, " ");
    }
    return -1;
}

/* The place among the column's keys: smaller is preferred. -1: not in the map. A kind's own map
 * comes before the plain one. */
static int look_up(const struct heading *map, const char *key, enum task_column *column)
{
    for (const struct heading *h = map; h->keys; h++) {
        int place = table_heading_place(h->keys, key);
        if (place < 0)
            continue;
        *column = h->column;
        return h->column == TASK_COLUMNS ? -1 : place;
    }
    int place = map == table_map_plain ? -1 : look_up(table_map_plain, key, column);
    return place < 0 ? -1 : place + 1000;
}

enum dimension { NO_DIMENSION, TIME, MEMORY };

static enum dimension dimension_of(enum task_column c)
{
    bool time = c == TASK_SUBMIT || c == TASK_ELIGIBLE || c == TASK_START || c == TASK_END ||
                c == TASK_ELAPSED || c == TASK_SPAN;
    return time ? TIME : c == TASK_MEMORY || c == TASK_PEAK_MEMORY ? MEMORY : NO_DIMENSION;
}

static double unit_of(const char *word, size_t length, enum dimension *dimension)
{
    static const struct { enum dimension dimension; double scale; const char *words; } units[] = {
        { TIME, 1, "s sec secs second seconds inseconds" },
        { TIME, 1e-3, "ms msec milliseconds" },
        { TIME, 1e-6, "us microseconds" },
        { TIME, 1e-9, "ns" },
        { TIME, 60, "min mins minutes" },
        { TIME, 3600, "h hr hrs hours" },
        { TIME, 86400, "days" },
        { MEMORY, 1.0 / 1048576, "b bytes" },
        { MEMORY, 1.0 / 1024, "kb kib" },
        { MEMORY, 1, "mb mib" },
        { MEMORY, 1024, "gb gib" },
        { MEMORY, 1048576, "tb tib" },
    };
    char key[TABLE_HEADING_LONGEST + 1];
    for (size_t k = 0; key_of(word, length, key) && k < sizeof units / sizeof *units; k++) {
        if (table_heading_place(units[k].words, key) < 0)
            continue;
        *dimension = units[k].dimension;
        return units[k].scale;
    }
    return NAN;
}

/* A heading without its unit: "mem_gb" -> 3; its length where it has none. */
static size_t without_unit(const char *text, double *unit, enum dimension *dimension)
{
    static const char in_seconds[] = "InSeconds";
    size_t length = strlen(text), end = length, at;
    *unit = NAN;
    if (length > strlen(in_seconds) && str_ends(text, in_seconds)) {
        *unit = 1;
        *dimension = TIME;
        return length - strlen(in_seconds);
    }
    if (end && strchr(")]", text[end - 1]))
        end--;
    for (at = end; at && !strchr(" _-([.", text[at - 1]); at--)
        continue;
    if (at < 2 || isnan(*unit = unit_of(text + at, end - at, dimension)))
        return length;
    for (at--; at && strchr(" _-([.", text[at - 1]); at--)
        continue;
    return at;
}

bool table_heading_key(const char *heading, char key[TABLE_HEADING_LONGEST + 1])
{
    return key_of(heading, strlen(heading), key);
}

bool table_heading_time_key(const char *heading, char key[TABLE_HEADING_LONGEST + 1],
                            double *unit_s)
{
    enum dimension dimension = NO_DIMENSION;
    size_t length = without_unit(heading, unit_s, &dimension);
    return heading[length] && dimension == TIME && key_of(heading, length, key);
}

static int meaning_of(const struct heading *map, const char *text, enum task_column *column,
                      double *unit)
{
    char key[TABLE_HEADING_LONGEST + 1];
    enum dimension dimension = NO_DIMENSION;
    *unit = NAN;
    *column = TASK_COLUMNS;
    int place = key_of(text, strlen(text), key) ? look_up(map, key, column) : -1;
    if (place >= 0)
        return place;
    size_t length = without_unit(text, unit, &dimension);
    if (!text[length] || !key_of(text, length, key))
        return -1;
    place = look_up(map, key, column);
    return place >= 0 && dimension_of(*column) == dimension ? place : -1;
}

/* --- columns ---------------------------------------------------------------------------------- */

struct table_columns table_columns_find(enum table_kind kind, char *const *headings, size_t n)
{
    const struct table_map *m = table_map_of(kind, headings, n);
    struct table_columns c = { .width = n, .ends_with_separator = n && !*headings[n - 1],
                               .kind = m->kind };
    int places[TASK_COLUMNS];
    for (size_t k = 0; k < TASK_COLUMNS; k++) {
        c.at[k] = -1;
        c.unit[k] = NAN;
    }
    for (size_t i = 0; i < n; i++) {
        enum task_column column;
        double unit;
        int place = meaning_of(m->map, headings[i], &column, &unit);
        c.known += place >= 0;
        if (place < 0 || (c.at[column] >= 0 && places[column] <= place))
            continue;
        c.at[column] = (int)i;
        c.unit[column] = unit;
        places[column] = place;
    }
    bool named = c.at[TASK_ID] >= 0 || c.at[TASK_NAME] >= 0;
    bool timed = c.at[TASK_ELAPSED] >= 0 || c.at[TASK_SPAN] >= 0 ||
                 (c.at[TASK_START] >= 0 && c.at[TASK_END] >= 0);
    c.enough = named && timed;
    return c;
}

int table_columns_check_tool(enum table_kind asked, char *const *headings, size_t n,
                             const char *path, struct error *err)
{
    static const char *const tools[] = { [TABLE_SLURM] = "Slurm's sacct", [TABLE_PARSL] = "Parsl",
                                         [TABLE_LSF] = "LSF", [TABLE_PBS] = "PBS" };
    enum table_kind kind = table_map_of(TABLE_ANY, headings, n)->kind;
    if (asked != TABLE_NEXTFLOW || kind == asked || !tools[kind])
        return 0;
    return error_set(err, "%s: expected Nextflow's trace, got a table of %s; leave out --from",
                     path, tools[kind]);
}

/* --- what to say ------------------------------------------------------------------------------ */

static bool is_used(const struct table_columns *c, size_t i)
{
    for (size_t k = 0; k < TASK_COLUMNS; k++)
        if (c->at[k] == (int)i)
            return true;
    return false;
}

size_t table_columns_unused(const struct table_columns *c, char *const *headings, size_t n,
                            struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!*headings[i] || is_used(c, i))
            continue;
        if (++count <= MOST_SHOWN)
            str_addf(out, "%s%s", count > 1 ? ", " : "", headings[i]);
    }
    if (count > MOST_SHOWN)
        str_addf(out, " and %zu more", count - MOST_SHOWN);
    return count;
}

static void add_synonyms(struct str *out, enum task_column column)
{
    const struct heading *h = table_map_plain;
    while (h->column != column)
        h++;
    const char *key = h->keys;
    for (int n = 0; n < 5 && *key; n++) {
        str_add(out, n ? ", " : "");
        str_add_n(out, key, strcspn(key, " "));
        key += strcspn(key, " ");
        key += strspn(key, " ");
    }
}

int table_columns_refuse(const struct table_columns *c, char *const *headings, size_t n,
                         const char *path, struct error *err)
{
    struct str missing = { 0 }, found = { 0 };
    const int *at = c->at;
    if (at[TASK_ID] < 0 && at[TASK_NAME] < 0) {
        str_add(&missing, "a column of ids (");
        add_synonyms(&missing, TASK_ID);
        str_add(&missing, ") or of names (");
        add_synonyms(&missing, TASK_NAME);
        str_add(&missing, ")");
    }
    bool timed = at[TASK_ELAPSED] >= 0 || at[TASK_SPAN] >= 0;
    if (!timed && (at[TASK_START] < 0 || at[TASK_END] < 0)) {
        str_add(&missing, missing.length ? " and " : "");
        if (at[TASK_START] < 0) {
            str_add(&missing, at[TASK_END] < 0 ? "a column of starts ("
                                               : "beside the ends a column of starts (");
            add_synonyms(&missing, TASK_START);
            str_add(&missing, ")");
        }
        if (at[TASK_END] < 0) {
            str_add(&missing, at[TASK_START] < 0 ? " with one of ends ("
                                                 : "beside the starts a column of ends (");
            add_synonyms(&missing, TASK_END);
            str_add(&missing, ")");
        }
        str_add(&missing, " or one of durations (");
        add_synonyms(&missing, TASK_ELAPSED);
        str_add(&missing, ")");
    }
    for (size_t i = 0; i < n && i < MOST_SHOWN; i++)
        str_addf(&found, "%s%s", i ? ", " : "", headings[i]);
    error_set(
        err,
        "%s: expected a table of tasks; missing: %s. Found the columns %s. Rename or add a column "
        "(docs/formats.md lists the names)",
        path, missing.text ? missing.text : "", found.text ? found.text : "none");
    str_clear(&missing);
    str_clear(&found);
    return -1;
}
