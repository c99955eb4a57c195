#include "cli/sweep_output.h"

#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/xalloc.h"

enum { MOST_ROWS = 100000 };

/* What the page shows of a setting, and how it writes it. */
static const struct {
    enum figure figure;
    const char *label, *unit;
    int decimals;
    double scale;
} shown[] = {
    { FIGURE_MAKESPAN, "makespan", "s", 1, 1 },
    { FIGURE_MAKESPAN_Q05, "5 % of the runs below", "s", 1, 1 },
    { FIGURE_MAKESPAN_Q95, "95 % of the runs below", "s", 1, 1 },
    { FIGURE_NODE_HOURS, "node-hours", "", 2, 1 },
    { FIGURE_UTILISATION_SLOTS, "utilisation of cores", "%", 1, 100 },
    { FIGURE_UTILISATION_GPUS, "utilisation of GPUs", "%", 1, 100 },
    { FIGURE_SOLUTION, "time to solution", "s", 1, 1 },
    { FIGURE_ENERGY, "energy", "kWh", 2, 1 },
    { FIGURE_SHARE_INCOMPLETE, "runs with tasks left undone", "%", 1, 100 },
};
enum { N_SHOWN = sizeof shown / sizeof *shown };

/* The option of `dagcast simulate` that says this setting: "--nodes"; NULL: it has none. */
static const struct setting *option_of(const char *axis)
{
    struct setting_change change;
    struct error err;
    if (setting_find(axis, SETTING_AXIS, &change, &err) < 0)
        return NULL;
    const struct setting *s = setting_at(change.id);
    return s->heading != SETTING_NO_OPTION && s->of == SETTING_OF_SCENARIO ? s : NULL;
}

static cJSON *value_json(const struct setting_value *v)
{
    if (!v->said)
        return cJSON_CreateNull();
    return v->text ? cJSON_CreateString(v->text) : cJSON_CreateNumber(v->number);
}

/* The values of an axis in order of their first row; place_of[row]: which it has. */
static cJSON *values_of(const struct sheet *s, size_t axis, size_t *place_of)
{
    cJSON *values = cJSON_CreateArray();
    size_t *first = xcalloc(s->n_rows + 1, sizeof *first), n = 0;
    for (size_t r = 0; r < s->n_rows; r++) {
        size_t k = 0;
        while (k < n &&
               !setting_value_equal(sheet_value(s, first[k], axis), sheet_value(s, r, axis)))
            k++;
        if (k == n) {
            cJSON_AddItemToArray(values, value_json(sheet_value(s, r, axis)));
            first[n++] = r;
        }
        place_of[r] = k;
    }
    free(first);
    return values;
}

static void add_axis(cJSON *axes, const struct sheet *s, size_t axis, size_t *place_of)
{
    const struct setting *option = option_of(s->axes[axis]);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "name", s->axes[axis]);
    if (option) {
        char *name = str_format("--%s", option->option ? option->option : option->name);
        cJSON_AddStringToObject(o, "option", name);
        free(name);
    }
    cJSON_AddItemToObject(o, "values", values_of(s, axis, place_of));
    cJSON_AddItemToArray(axes, o);
}

static bool has(const struct sheet *s, enum figure f)
{
    for (size_t r = 0; r < s->n_rows; r++)
        if (!isnan(s->rows[r]->figures[f]) &&
            (f != FIGURE_SHARE_INCOMPLETE || s->rows[r]->figures[f] > 0))
            return true;
    return false;
}

static void add_figures(cJSON *root, const struct sheet *s)
{
    cJSON *figures = cJSON_AddArrayToObject(root, "figures");
    for (size_t k = 0; k < N_SHOWN; k++) {
        if (!has(s, shown[k].figure))
            continue;
        cJSON *o = cJSON_CreateObject();
        cJSON_AddStringToObject(o, "label", shown[k].label);
        cJSON_AddStringToObject(o, "unit", shown[k].unit);
        cJSON_AddNumberToObject(o, "decimals", shown[k].decimals);
        cJSON_AddItemToArray(figures, o);
    }
}

/* {"at": [place on each axis], "figures": [...], "error": "why not", "replicas": n} */
static cJSON *row_json(const struct sheet *s, size_t r, const size_t *places)
{
    const struct result *result = s->rows[r];
    cJSON *o = cJSON_CreateObject(), *at = cJSON_AddArrayToObject(o, "at"),
          *figures = cJSON_AddArrayToObject(o, "figures");
    for (size_t axis = 0; axis < s->n_axes; axis++)
        cJSON_AddItemToArray(at, cJSON_CreateNumber((double)places[axis * s->n_rows + r]));
    for (size_t k = 0; k < N_SHOWN; k++)
        if (has(s, shown[k].figure)) {
            double x = result->figures[shown[k].figure] * shown[k].scale;
            cJSON_AddItemToArray(figures, isfinite(x) ? cJSON_CreateNumber(x) : cJSON_CreateNull());
        }
    if (result->error)
        cJSON_AddStringToObject(o, "error", result->error);
    if (isfinite(result->figures[FIGURE_REPLICAS]))
        cJSON_AddNumberToObject(o, "replicas", result->figures[FIGURE_REPLICAS]);
    return o;
}

bool sweep_can_be_explored(const struct sheet *s)
{
    bool varies = false, ran = false;
    for (size_t i = 0; i < s->n_axes && s->n_rows > 0; i++)
        varies |= sheet_varies(s, i);
    for (size_t r = 0; r < s->n_rows; r++)
        ran |= !s->rows[r]->error;
    return varies && ran && s->n_rows <= MOST_ROWS;
}

cJSON *sweep_explored(const struct sheet *s)
{
    cJSON *root = cJSON_CreateObject();
    size_t *places = xcalloc(s->n_axes * s->n_rows + 1, sizeof *places);
    cJSON_AddStringToObject(root, "study", s->name);
    cJSON *axes = cJSON_AddArrayToObject(root, "axes");
    for (size_t i = 0; i < s->n_axes; i++)
        add_axis(axes, s, i, places + i * s->n_rows);
    add_figures(root, s);
    cJSON *rows = cJSON_AddArrayToObject(root, "rows");
    for (size_t r = 0; r < s->n_rows; r++)
        cJSON_AddItemToArray(rows, row_json(s, r, places));
    free(places);
    return root;
}
