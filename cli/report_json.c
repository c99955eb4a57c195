/* cli/report_json.c - any JSON as tables: what a report shows of results that it knows nothing else about. */
#include <stdlib.h>
#include <string.h>

#include "cli/report_page.h"
#include "plots/html.h"

enum { ROWS_MOST = 200, COLUMNS_MOST = 40, DEEPEST = 4 };

static bool is_scalar(const cJSON *v)
{
    return !cJSON_IsObject(v) && !cJSON_IsArray(v);
}

static bool all_scalar(const cJSON *container)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, container)
        if (!is_scalar(item))
            return false;
    return true;
}

static void add_words(struct str *out, const char *key)
{
    for (const char *c = key; *c; c++)
        str_add_n(out, *c == '_' ? " " : c, 1);
}

/* A scalar, or an array of such, for people. */
static void add_value(struct str *out, const cJSON *v)
{
    const cJSON *item;
    if (cJSON_IsNumber(v))
        str_addf(out, "%.6g", v->valuedouble);
    else if (cJSON_IsString(v))
        str_add(out, v->valuestring);
    else if (cJSON_IsBool(v))
        str_add(out, cJSON_IsTrue(v) ? "yes" : "no");
    else if (cJSON_IsNull(v))
        str_add(out, "–");
    else
        cJSON_ArrayForEach(item, v) {
            str_add(out, item->prev && item != v->child ? ", " : "");
            add_value(out, item);
        }
}

/* --- objects as facts ------------------------------------------------------------------------------------------------- */

static void add_facts(struct report *r, const cJSON *object)
{
    const cJSON *item;
    bool any = false;
    cJSON_ArrayForEach(item, object) {
        if (cJSON_IsNull(item) || (!is_scalar(item) && !(cJSON_IsArray(item) && item->child && all_scalar(item))))
            continue;
        struct str name = { 0 }, value = { 0 };
        if (!any)
            report_facts_begin(r);
        any = true;
        add_words(&name, item->string);
        add_value(&value, item);
        report_fact(r, name.text, value.text ? value.text : "");
        str_clear(&name);
        str_clear(&value);
    }
    if (any)
        report_facts_end(r);
}

/* --- arrays of objects as tables ---------------------------------------------------------------------------------------- */

struct columns { size_t n; char *paths[COLUMNS_MOST]; };  /* "predicted/mean" */

/* What an object's paths lead to; NULL: nothing. */
static const cJSON *at_path(const cJSON *object, const char *path)
{
    while (object && *path) {
        size_t n = strcspn(path, "/");
        char *key = str_format("%.*s", (int)n, path);
        object = cJSON_GetObjectItemCaseSensitive(object, key);
        free(key);
        path += n + (path[n] == '/');
    }
    return object;
}

static void add_column(struct columns *c, const char *path)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_equal(c->paths[i], path))
            return;
    if (c->n < COLUMNS_MOST)
        c->paths[c->n++] = str_format("%s", path);
}

static void collect_columns(struct columns *c, const cJSON *object, const char *before)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, object) {
        char *path = str_format("%s%s%s", before, *before ? "/" : "", item->string ? item->string : "");
        if (is_scalar(item) || (cJSON_IsArray(item) && all_scalar(item)))
            add_column(c, path);
        else if (cJSON_IsObject(item) && !*before)
            collect_columns(c, item, path);
        free(path);
    }
}

/* Some cell is a number and none is anything else that can be read. */
static bool holds_numbers(const cJSON *array, const char *path)
{
    const cJSON *row;
    bool any = false;
    cJSON_ArrayForEach(row, array) {
        const cJSON *v = at_path(row, path);
        if (v && !cJSON_IsNumber(v) && !cJSON_IsNull(v))
            return false;
        any = any || cJSON_IsNumber(v);
    }
    return any;
}

static void add_cell(struct report *r, const cJSON *v, bool number)
{
    struct str value = { 0 };
    if (v)
        add_value(&value, v);
    str_add(&r->body, number ? "<td class=\"number\">" : "<td>");
    html_add_name(&r->body, value.text ? value.text : "");
    str_add(&r->body, "</td>");
    str_clear(&value);
}

static void add_table(struct report *r, const cJSON *array)
{
    struct columns c = { 0 };
    const cJSON *row;
    bool numbers[COLUMNS_MOST];
    int rows = 0;
    cJSON_ArrayForEach(row, array)
        collect_columns(&c, row, "");
    str_add(&r->body, "<div class=\"scroll\"><table><thead><tr>");
    for (size_t i = 0; i < c.n; i++) {
        struct str name = { 0 };
        add_words(&name, c.paths[i]);
        numbers[i] = holds_numbers(array, c.paths[i]);
        str_add(&r->body, numbers[i] ? "<th class=\"number\">" : "<th>");
        html_add_text(&r->body, name.text ? name.text : "");
        str_add(&r->body, "</th>");
        str_clear(&name);
    }
    str_add(&r->body, "</tr></thead><tbody>\n");
    cJSON_ArrayForEach(row, array) {
        if (rows++ == ROWS_MOST)
            break;
        str_add(&r->body, "<tr>");
        for (size_t i = 0; i < c.n; i++)
            add_cell(r, at_path(row, c.paths[i]), numbers[i]);
        str_add(&r->body, "</tr>\n");
    }
    str_add(&r->body, "</tbody></table></div>\n");
    if (cJSON_GetArraySize(array) > ROWS_MOST)
        str_addf(&r->body, "<p class=\"note\">%d of %d rows are shown.</p>\n", ROWS_MOST, cJSON_GetArraySize(array));
    for (size_t i = 0; i < c.n; i++)
        free(c.paths[i]);
}

/* An object of two objects or more that hold nothing deeper: rows with a name. */
static bool is_map(const cJSON *value)
{
    const cJSON *row, *item;
    cJSON_ArrayForEach(row, value) {
        if (!cJSON_IsObject(row) || cJSON_HasObjectItem(row, "name"))
            return false;
        cJSON_ArrayForEach(item, row)
            if (!is_scalar(item) && !all_scalar(item))
                return false;
    }
    return cJSON_GetArraySize(value) > 1;
}

static void add_map(struct report *r, const cJSON *map)
{
    cJSON *rows = cJSON_CreateArray();
    const cJSON *row, *item;
    cJSON_ArrayForEach(row, map) {
        cJSON *named = cJSON_CreateObject();
        cJSON_AddStringToObject(named, "name", row->string);
        cJSON_ArrayForEach(item, row)
            cJSON_AddItemToObject(named, item->string, cJSON_Duplicate(item, true));
        cJSON_AddItemToArray(rows, named);
    }
    add_table(r, rows);
    cJSON_Delete(rows);
}

/* --- all ------------------------------------------------------------------------------------------------------------------ */

static void add_json(struct report *r, const cJSON *value, int depth)
{
    const cJSON *item;
    if (cJSON_IsArray(value) && value->child) {
        add_table(r, value);
        return;
    }
    if (cJSON_IsObject(value) && is_map(value)) {
        add_map(r, value);
        return;
    }
    add_facts(r, value);
    if (depth == DEEPEST)
        return;
    cJSON_ArrayForEach(item, value) {
        if (is_scalar(item) || !item->child || (cJSON_IsArray(item) && all_scalar(item)) || str_equal(item->string, "page"))
            continue;
        struct str name = { 0 };
        add_words(&name, item->string ? item->string : "");
        report_subheading(r, name.text ? name.text : "");
        str_clear(&name);
        add_json(r, item, depth + 1);
    }
}

void report_add_json(struct report *r, const cJSON *value)
{
    add_json(r, value, 0);
}

void report_add_table(struct report *r, const struct table *t)
{
    cJSON *rows = table_to_json(t);
    if (rows->child)
        add_table(r, rows);
    cJSON_Delete(rows);
}
