#include "cli/result_pictures.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/front_picture.h"
#include "core/scenario.h"
#include "plots/parity.h"
#include "plots/series.h"
#include "plots/style.h"

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static double number(const cJSON *v)
{
    return cJSON_IsNumber(v) ? v->valuedouble : (double)NAN;
}

static const char *text(const cJSON *object, const char *key)
{
    const cJSON *v = member(object, key);
    return cJSON_IsString(v) ? v->valuestring : "";
}

/* --- predicted against measured ------------------------------------------------------------------------------------ */

int result_draw_parity(const cJSON *result, const char *title, const char *path, struct error *err)
{
    const cJSON *sessions = member(result, "sessions"), *session;
    struct parity_point *points = xcalloc((size_t)cJSON_GetArraySize(sessions) + 1, sizeof *points);
    size_t n = 0;
    cJSON_ArrayForEach(session, sessions) {
        const cJSON *predicted = member(session, "predicted"), *interval = member(predicted, "pi95");
        struct parity_point p = { text(session, "session"), number(member(session, "measured")), number(member(predicted, "mean")),
                                  number(cJSON_GetArrayItem(interval, 0)), number(cJSON_GetArrayItem(interval, 1)) };
        if (!cJSON_IsNumber(cJSON_GetArrayItem(interval, 0)))    /* one replica: a point without a bar */
            p.low_s = p.high_s = p.predicted_s;
        if (p.measured_s > 0 && p.predicted_s > 0 && p.low_s > 0 && p.high_s > 0)
            points[n++] = p;
    }
    int status = n > 0 ? plot_parity_points(points, n, title ? title : "Predicted against measured makespans", path, err)
                       : error_set(err, "holds no sessions with measured and predicted makespans; 'dagcast validate --json' prints such");
    free(points);
    return status;
}

/* --- cost against time --------------------------------------------------------------------------------------------------- */

static size_t add_points(struct front_point *points, const cJSON *rows)
{
    const cJSON *row;
    size_t n = 0;
    cJSON_ArrayForEach(row, rows) {
        int m = mode_find(text(row, "mode"));
        if (m >= 0 && cJSON_IsTrue(member(row, "accepted")))
            points[n++] = (struct front_point){ (enum mode)m, number(member(row, "nodes")), number(member(row, "charge")),
                                                number(cJSON_GetArrayItem(member(row, "quantile_ci95"), 1)),
                                                number(member(row, "replicas")) };
    }
    return n;
}

int result_draw_advice(const cJSON *result, const char *title, const char *path, struct error *err)
{
    const cJSON *rows = member(result, "rows");
    if (!rows)
        return error_set(err, "holds no rows; 'dagcast advise --json' prints such");
    struct front_point *points = xcalloc((size_t)cJSON_GetArraySize(rows) + 1, sizeof *points);
    const struct front front = { .title = title, .workflow = text(result, "workflow"),
                                 .platform = text(member(member(result, "scenario"), "platform"), "name"),
                                 .confidence = number(member(result, "confidence")), .points = points,
                                 .n = add_points(points, rows) };
    int status = front_draw(&front, path, err);
    free(points);
    return status;
}

/* --- what the time goes into ------------------------------------------------------------------------------------------ */

#define SLIVER 0.005                     /* of the longest bar: 3 of some 600 pixels */
enum { PARTS_MOST = STYLE_COLOURS + 3 };         /* further ones are one part, the last */

struct part { char *name; double *seconds, total; };     /* seconds: one a mode */

static struct part *part_named(struct makespan_parts *p, char *name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_equal(p->at[i].name, name)) {
            free(name);
            return &p->at[i];
        }
    xgrow(&p->at, &p->room, p->n + 1, sizeof *p->at);
    p->at[p->n] = (struct part){ .name = name, .seconds = xcalloc(p->n_modes, sizeof(double)) };
    return &p->at[p->n++];
}

void makespan_parts_add(struct makespan_parts *p, char *name, size_t mode, double seconds)
{
    struct part *part = part_named(p, name);
    part->seconds[mode] += isfinite(seconds) ? seconds : 0;
    part->total += isfinite(seconds) ? seconds : 0;
}

void makespan_parts_clear(struct makespan_parts *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->at[i].name);
        free(p->at[i].seconds);
    }
    free(p->at);
    *p = (struct makespan_parts){ 0 };
}

static int by_total(const void *left, const void *right)                 /* most first */
{
    const struct part *a = left, *b = right;
    return (a->total < b->total) - (a->total > b->total);
}

/* How many parts, the largest first, keep an entry of their own: those behind are too many, or slivers in every bar that no eye could
 * find. */
static size_t parts_kept(const struct makespan_parts *p)
{
    double longest_s = 0;
    size_t kept = 0;
    for (size_t m = 0; m < p->n_modes; m++) {
        double sum_s = 0;
        for (size_t i = 0; i < p->n; i++)
            sum_s += p->at[i].seconds[m];
        longest_s = fmax(longest_s, sum_s);
    }
    for (size_t i = 0; i < p->n && i < PARTS_MOST - 1; i++)
        for (size_t m = 0; m < p->n_modes; m++)
            if (p->at[i].seconds[m] >= SLIVER * longest_s)
                kept = i + 1;
    return kept;
}

/* What is not worth an entry of its own becomes one. */
static void merge_small(struct makespan_parts *p)
{
    size_t kept = parts_kept(p);
    if (kept + 1 >= p->n)
        return;
    struct part *rest = &p->at[kept];
    free(rest->name);
    rest->name = str_format("%zu smaller parts", p->n - kept);
    for (; p->n > kept + 1; p->n--) {
        struct part *last = &p->at[p->n - 1];
        for (size_t m = 0; m < p->n_modes; m++)
            rest->seconds[m] += last->seconds[m];
        free(last->name);
        free(last->seconds);
    }
}

static int draw_parts(const struct makespan_parts *p, const char *const *modes, const char *title,
                      const char *path, struct error *err)
{
    const char **names = xcalloc(p->n, sizeof *names);
    double *values = xcalloc(p->n * p->n_modes, sizeof *values);
    struct stacked_bar *bars = xcalloc(p->n_modes, sizeof *bars);
    for (size_t i = 0; i < p->n; i++) {
        names[i] = p->at[i].name;
        for (size_t m = 0; m < p->n_modes; m++)
            values[m * p->n + i] = p->at[i].seconds[m];
    }
    for (size_t m = 0; m < p->n_modes; m++)
        bars[m] = (struct stacked_bar){ modes[m], values + m * p->n };
    const struct stacked_picture picture = { .title = title, .x_name = "makespan [s]",
                                             .part_names = names, .n_parts = p->n, .bars = bars,
                                             .n_bars = p->n_modes };
    int status = plot_stacked(&picture, path, err);
    free(names);
    free(values);
    free(bars);
    return status;
}

int makespan_parts_draw(struct makespan_parts *p, const char *const *modes, const char *title,
                        const char *path, struct error *err)
{
    if (p->n == 0)
        return error_set(err, "no mode spends any time");
    qsort(p->at, p->n, sizeof *p->at, by_total);
    merge_small(p);
    return draw_parts(p, modes, title, path, err);
}

/* "What the makespan consists of: ddmd on summit (16 nodes)". New string. */
static char *explanation_title(const cJSON *result)
{
    const cJSON *scenario = member(result, "scenario"), *platform = member(scenario, "platform");
    double nodes = number(member(platform, "nodes"));
    return str_format("What the makespan consists of: %s on %s (%.0f node%s)",
                      text(result, "workflow"), text(platform, "name"), nodes,
                      nodes == 1 ? "" : "s");
}

int result_draw_explanation(const cJSON *result, const char *title, const char *path, struct error *err)
{
    const cJSON *modes = member(result, "modes"), *mode, *part;
    struct makespan_parts p = { .n_modes = (size_t)cJSON_GetArraySize(modes) };
    const char **names = xcalloc(p.n_modes + 1, sizeof *names);
    char *own = title ? xstrdup(title) : explanation_title(result);
    size_t m = 0;
    cJSON_ArrayForEach(mode, modes) {
        names[m] = mode->string;
        cJSON_ArrayForEach(part, member(mode, "parts"))
            makespan_parts_add(&p, xstrdup(text(part, "words")), m, number(member(part, "seconds")));
        m++;
    }
    int status = p.n > 0 ? makespan_parts_draw(&p, names, own, path, err)
                         : error_set(err, "holds no parts of makespans; 'dagcast explain --json' prints such");
    makespan_parts_clear(&p);
    free(own);
    free(names);
    return status;
}
