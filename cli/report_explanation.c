/* cli/report_explanation.c - what a report says of an explanation: why, what the time goes into, what would change it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cli/explain_output.h"
#include "cli/report_page.h"
#include "cli/result_pictures.h"
#include "core/scenario.h"

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static int draw(const void *what, const char *path, struct error *err)
{
    return result_draw_explanation(what, NULL, path, err);
}

/* --- what the time goes into: a row a class, below it its parts ------------------------------------------------------------ */

enum { MODES_MOST = MODES, NAME_COLUMN = 1 };

struct part_row { const char *words, *class; double seconds[MODES_MOST], most; };
struct part_rows { size_t n, room; struct part_row *at; };

static struct part_row *row_of(struct part_rows *rows, const cJSON *part)
{
    const char *words = report_text(part, "words", ""), *class = report_text(part, "class", "");
    for (size_t i = 0; i < rows->n; i++)
        if (str_equal(rows->at[i].words, words) && str_equal(rows->at[i].class, class))
            return &rows->at[i];
    xgrow(&rows->at, &rows->room, rows->n + 1, sizeof *rows->at);
    rows->at[rows->n] = (struct part_row){ .words = words, .class = class };
    return &rows->at[rows->n++];
}

static int by_most(const void *left, const void *right)                  /* most first */
{
    const struct part_row *a = left, *b = right;
    return (a->most < b->most) - (a->most > b->most);
}

static struct part_rows rows_of(const cJSON *modes)
{
    struct part_rows rows = { 0 };
    const cJSON *mode, *part;
    size_t m = 0;
    cJSON_ArrayForEach(mode, modes) {
        cJSON_ArrayForEach(part, member(mode, "parts")) {
            struct part_row *row = row_of(&rows, part);
            double seconds = report_number(part, "seconds");
            row->seconds[m] += isnan(seconds) ? 0 : seconds;
            row->most = fmax(row->most, row->seconds[m]);
        }
        if (++m == MODES_MOST)
            break;
    }
    if (rows.n > 0)
        qsort(rows.at, rows.n, sizeof *rows.at, by_most);
    return rows;
}

/* "525.0 s (31.6 %)"; nothing for nothing. */
static char *share_text(double seconds, double makespan_s)
{
    if (!(seconds > 0))
        return xstrdup("");
    return seconds < makespan_s ? str_format("%.1f s (%.1f %%)", seconds, 100 * seconds / makespan_s) : str_format("%.1f s", seconds);
}

static void add_row(struct report *r, const char *name, const double *seconds, const cJSON *modes, bool main)
{
    const char *cells[NAME_COLUMN + MODES_MOST] = { name };
    char *texts[MODES_MOST] = { NULL };
    const cJSON *mode = modes->child;
    for (size_t m = 0; m < MODES_MOST && mode; m++, mode = mode->next)
        cells[NAME_COLUMN + m] = texts[m] = share_text(seconds[m], report_number(mode, "makespan"));
    report_table_row(r, cells, main);
    for (size_t m = 0; m < MODES_MOST; m++)
        free(texts[m]);
}

static void add_class(struct report *r, const char *class, const struct part_rows *rows, const cJSON *modes)
{
    double sums[MODES_MOST] = { 0 }, sum = 0;
    for (size_t i = 0; i < rows->n; i++)
        for (size_t m = 0; m < MODES_MOST && str_equal(rows->at[i].class, class); m++) {
            sums[m] += rows->at[i].seconds[m];
            sum += rows->at[i].seconds[m];
        }
    if (sum <= 0)
        return;
    add_row(r, class, sums, modes, true);
    for (size_t i = 0; i < rows->n; i++) {
        char *indented = str_format("\u2003%s", rows->at[i].words);
        if (str_equal(rows->at[i].class, class))
            add_row(r, indented, rows->at[i].seconds, modes, false);
        free(indented);
    }
}

static void add_parts(struct report *r, const cJSON *modes)
{
    const char *names[NAME_COLUMN + MODES_MOST] = { "" };
    double makespans[MODES_MOST] = { 0 };
    struct part_rows rows = rows_of(modes);
    const cJSON *mode, *class;
    size_t n = 0;
    cJSON_ArrayForEach(mode, modes)
        if (n < MODES_MOST) {
            makespans[n] = report_number(mode, "makespan");
            names[NAME_COLUMN + n++] = mode->string;
        }
    report_table_begin(r, names, NAME_COLUMN + n, NAME_COLUMN);
    add_row(r, "makespan, mean", makespans, modes, true);
    cJSON_ArrayForEach(class, member(modes->child, "classes"))
        add_class(r, class->string ? class->string : "", &rows, modes);
    report_table_end(r);
    free(rows.at);
}

/* --- what if ---------------------------------------------------------------------------------------------------------------- */

static int by_difference(const void *left, const void *right)            /* what saves most first */
{
    double a = report_number(*(const cJSON *const *)left, "difference"), b = report_number(*(const cJSON *const *)right, "difference");
    return (a > b) - (a < b);
}

static void add_world(struct report *r, const cJSON *world, double makespan_s)
{
    double difference_s = report_number(world, "difference"), low_s = report_number(world, "ci95/0");
    char *makespan = str_format("%.1f s", report_number(world, "makespan")),
         *difference = makespan_s > 0 ? str_format("%+.1f s (%+.1f %%)", difference_s, 100 * difference_s / makespan_s)
                                      : str_format("%+.1f s", difference_s),
         *interval = isnan(low_s) ? xstrdup("–") : str_format("%+.1f … %+.1f s", low_s, report_number(world, "ci95/1"));
    report_table_row(
        r, (const char *const[]){ report_text(world, "words", world->string ? world->string : ""), makespan, difference, interval }, false);
    free(makespan);
    free(difference);
    free(interval);
}

static void add_impossible(struct report *r, const cJSON *worlds)
{
    const cJSON *world;
    cJSON_ArrayForEach(world, worlds) {
        if (!member(world, "cannot"))
            continue;
        char *words =
            str_format("%s: %s.", report_text(world, "words", world->string ? world->string : ""), report_text(world, "cannot", ""));
        report_paragraph(r, words);
        free(words);
    }
}

static void add_what_if(struct report *r, const cJSON *what_if)
{
    const cJSON *worlds = member(what_if, "worlds"), *world;
    const cJSON **possible = xcalloc((size_t)cJSON_GetArraySize(worlds) + 1, sizeof *possible);
    double makespan_s = report_number(what_if, "makespan");
    size_t n = 0;
    cJSON_ArrayForEach(world, worlds)
        if (!member(world, "cannot"))
            possible[n++] = world;
    qsort(possible, n, sizeof *possible, by_difference);
    char *title = str_format("What would change it (%s)", report_text(what_if, "mode", "")), *as_it_is = str_format("%.1f s", makespan_s);
    report_subheading(r, title);
    report_table_begin(r, (const char *const[]){ "if there were", "makespan", "difference", "95 % interval, paired" }, 4, 1);
    report_table_row(r, (const char *const[]){ "as it is", as_it_is, "", "" }, true);
    for (size_t i = 0; i < n; i++)
        add_world(r, possible[i], makespan_s);
    report_table_end(r);
    add_impossible(r, worlds);
    if (member(what_if, "orders"))
        report_paragraph(r, report_text(member(what_if, "orders"), "words", ""));
    free(title);
    free(as_it_is);
    free(possible);
}

void report_explanation(struct report *r, const cJSON *result)
{
    const cJSON *modes = member(result, "modes");
    report_answer(r, report_text(result, "why", ""));
    if (!cJSON_IsObject(modes) || !modes->child)
        return;
    report_picture(r, &(struct report_picture){ draw, result, "What the makespan of each mode consists of, means over the replicas" });
    add_parts(r, modes);
    report_paragraph(r, report_text(result, "method", ""));
    if (member(result, "what_if"))
        add_what_if(r, member(result, "what_if"));
}

/* --- of a scenario ------------------------------------------------------------------------------------------------------------ */

enum { REPLICAS_MOST = 100, RECORDS_MOST = 1000000 };                    /* so that a report takes seconds */

static size_t replicas_to_explain(const struct scenario_set *set)
{
    size_t most = RECORDS_MOST / (MODES * (size_t)set->workflow->n_tasks), n = most < REPLICAS_MOST ? most : REPLICAS_MOST;
    return n < set->replicas ? n : set->replicas;
}

static void add_explained(struct report *r, const struct explained *e, size_t replicas)
{
    cJSON *explanation = explain_json(e);
    report_explanation(r, explanation);
    cJSON_Delete(explanation);
    char *words =
        replicas == e->set->replicas
            ? str_format("Of all %zu replicas. 'dagcast explain' asks, too, what would change the makespan.", replicas)
            : str_format("Of the first %zu of %zu replicas. 'dagcast explain' takes all, and asks what would change the makespan.",
                         replicas, e->set->replicas);
    report_paragraph(r, words);
    free(words);
}

void report_explain(struct report *r, const struct scenario_set *set)
{
    size_t replicas = replicas_to_explain(set);
    struct explained e = { .set = set };
    struct error err = { "" };
    if (replicas == 0)
        return;
    report_heading(r, "Where the time goes, and why");
    if (explained_modes(&e, replicas, NULL, &err) == 0) {
        add_explained(r, &e, replicas);
    } else {
        char *words = str_format("Not explained, since %s", err.text);
        report_paragraph(r, words);
        free(words);
    }
    explained_clear(&e);
}
