#include "study/grid_impl.h"

#include <assert.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/scenario.h"
#include "scheduling/names.h"

enum { DEFAULT_REPLICAS = 100, MOST_REPLICAS = 10000000 };

static const struct schema_type
    lists = { .words = "object of lists",
              .json = "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"array\","
                      " \"minItems\": 1}}" },
    objects = { .words = "list of objects",
                .json =
                    "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": \"object\"}}" };

static const struct schema_field fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct grid, name), .help = "the study's name" },
    { "replicas", &schema_integer, SCHEMA_AT(struct grid, replicas), .min = 1, .max = MOST_REPLICAS,
      .initial = DEFAULT_REPLICAS, .help = "runs of a point, or at most" },
    { "precision", &schema_number, SCHEMA_AT(struct grid, precision), .min = 1e-9, .max = 1,
      .help = "a point stops once its mean is known to this share of itself" },
    { "grid", &lists, .help = "settings and their values: their product, the last fastest" },
    { "points", &objects, .help = "settings of one point each; with `grid`, its product for each" },
};
/* All other members are settings that hold for every point. */
static const struct schema own = { "study", SCHEMA_FIELDS(fields), .size = sizeof(struct grid),
                                   .open = true };

static const struct settings_format format = { "study", "A study", SETTING_AXIS, .own = fields,
                                               .n_own = sizeof fields / sizeof *fields };

void grid_add_markdown(struct str *out)
{
    settings_add_markdown(&format, out);
}

cJSON *grid_json_schema(void)
{
    return settings_json_schema(&format);
}

static bool is_own_field(const char *key)
{
    for (size_t i = 0; i < own.n_fields; i++)
        if (str_equal(key, own.fields[i].key))
            return true;
    return json_is_comment(key);
}

/* ---- axes ---- */

size_t grid_axis(const struct grid *g, const char *name)
{
    size_t i = 0;
    while (i < g->n_axes && !str_equal(g->axes[i].name, name))
        i++;
    return i;
}

/* Behind those of the same kind. */
static void add_axis(struct grid *g, struct axis axis)
{
    if (grid_axis(g, axis.name) < g->n_axes)
        return;
    size_t i = g->n_axes++;
    g->axes = xrealloc(g->axes, g->n_axes, sizeof *g->axes);
    for (; i > 0 && g->axes[i - 1].id > axis.id; i--)
        g->axes[i] = g->axes[i - 1];
    g->axes[i] = axis;
}

/* The axes that the members of an object name. */
static int collect_axes(struct grid *g, const struct json *object, bool root, struct error *err)
{
    for (struct json e = json_first(object); e.value; e = json_next(&e)) {
        struct setting_change found;
        struct error why;
        if (root ? is_own_field(e.key) : json_is_comment(e.key))
            continue;
        if (setting_find(e.key, SETTING_AXIS, &found, &why))
            return json_error(&e, err, "%s", why.text);
        add_axis(g, (struct axis){ .id = found.id, .name = e.key, .part = found.part });
    }
    return 0;
}

static int expect_object(const struct json *at, struct error *err)
{
    return cJSON_IsObject(at->value)
               ? 0
               : json_error(at, err, "must be an object, {\"name of a setting\": value}");
}

static int collect_all(struct grid *g, const struct json *root, struct error *err)
{
    struct json grid = json_member(root, "grid"), points = json_member(root, "points");
    if (collect_axes(g, root, true, err))
        return -1;
    if (grid.value && (expect_object(&grid, err) || collect_axes(g, &grid, false, err)))
        return -1;
    if (!points.value)
        return 0;
    if (json_expect_array(&points, err))
        return -1;
    if (json_count(&points) == 0)
        return json_error(&points, err, "is empty; list at least one point, or leave it out");
    for (struct json e = json_first(&points); e.value; e = json_next(&e))
        if (expect_object(&e, err) || collect_axes(g, &e, false, err))
            return -1;
    return 0;
}

/* ---- points ---- */

/* Writes an object's values over those in `row`. */
static int read_row(const struct grid *g, const struct json *object, bool root,
                    struct setting_value *row, struct error *err)
{
    for (struct json e = json_first(object); e.value; e = json_next(&e)) {
        if (root ? is_own_field(e.key) : json_is_comment(e.key))
            continue;
        size_t i = grid_axis(g, e.key);
        if (setting_read(g->axes[i].id, policy_names, &e, &row[i], err))
            return cJSON_IsArray(e.value)
                       ? json_error(&e, err, "is a list; settings that vary belong in \"grid\"")
                       : -1;
    }
    return 0;
}

/* The product once for each entry of `points`, or once. */
static int fill_points(struct grid *g, const struct json *root, const struct grid_product *p,
                       struct error *err)
{
    struct json points = json_member(root, "points"), entry = json_first(&points);
    size_t n_entries = points.value ? json_count(&points) : 1;
    if (p->n_rows * n_entries > GRID_MOST_POINTS)
        return json_error(root, err, "has more than %d points", GRID_MOST_POINTS);
    g->n_points = p->n_rows * n_entries;
    g->values = xcalloc(g->n_points * g->n_axes + 1, sizeof *g->values);
    struct setting_value *row = g->values;
    for (size_t k = 0; k < g->n_points; k++, row += g->n_axes) {
        if (k > 0 && k % p->n_rows == 0)
            entry = json_next(&entry);
        if (read_row(g, root, true, row, err) ||
            (points.value && read_row(g, &entry, false, row, err)))
            return -1;
        grid_product_fill(p, k % p->n_rows, row);
    }
    return 0;
}

static int check_points(const struct grid *g, const struct json *root, struct error *err)
{
    for (size_t k = 0; k < g->n_points; k++) {
        if (!grid_find(g, k, SETTING_WORKFLOW).text)
            return json_error(root, err, "needs a `workflow`: the path of a file");
        if (!grid_find(g, k, SETTING_PLATFORM).text)
            return json_error(root, err,
                              "needs a `platform`: the name of one, or the path of a file");
    }
    return 0;
}

static int read_grid(struct grid *g, struct error *err)
{
    struct json root = json_root(g->document);
    if (schema_read(&own, &root, g, err) || collect_all(g, &root, err))
        return -1;
    struct grid_product p;
    int status = grid_product_read(g, &root, &p, err) || fill_points(g, &root, &p, err) ||
                         check_points(g, &root, err)
                     ? -1
                     : 0;
    grid_product_clear(&p);
    return status;
}

/* Takes `doc`, which may be NULL. */
static struct grid *grid_of(struct json_document *doc, struct error *err)
{
    if (!doc)
        return NULL;
    struct grid *g = xcalloc(1, sizeof *g);
    g->document = doc;
    if (read_grid(g, err) == 0)
        return g;
    grid_free(g);
    return NULL;
}

struct grid *grid_load(const char *path, struct error *err)
{
    return grid_of(json_load(path, err), err);
}

struct grid *grid_parse(const char *text, size_t size, const char *name, struct error *err)
{
    return grid_of(json_parse(text, size, name, err), err);
}

void grid_free(struct grid *g)
{
    if (!g)
        return;
    schema_clear(&own, g);
    json_free(g->document);
    xfree(g->axes, g->values, g);
}

/* ---- questions ---- */

const struct setting_value *grid_at(const struct grid *g, size_t point, size_t axis)
{
    assert(point < g->n_points && axis < g->n_axes);
    return &g->values[point * g->n_axes + axis];
}

struct setting_value grid_find(const struct grid *g, size_t point, enum setting_id id)
{
    for (size_t i = 0; i < g->n_axes; i++)
        if (g->axes[i].id == id && !g->axes[i].part)
            return *grid_at(g, point, i);
    return (struct setting_value){ 0 };
}

size_t grid_changes(const struct grid *g, size_t point, struct setting_change *out)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_axes; i++)
        if (grid_at(g, point, i)->said)
            out[n++] = (struct setting_change){ .id = g->axes[i].id,
                                                .part = g->axes[i].part,
                                                .value = *grid_at(g, point, i) };
    return n;
}
