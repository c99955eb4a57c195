/* cli/report_advice.c - what a report says of advice: what to ask for, the lines to copy, the front, every row. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "cli/report_page.h"
#include "cli/result_pictures.h"

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* A table of one kind of rows, or all. */
static const char *const columns[] = { "nodes", "mode", "", "queue", "walltime", "session, mean", NULL, "node-hours", "cores busy",
                                       "GPUs busy", "replicas" };
enum { COLUMNS = sizeof columns / sizeof *columns, WORDS = 4 };           /* NULL: the quantile */
static const char *const choices[] = { "cheapest", "fastest", "smallest" };
enum { CHOICES = sizeof choices / sizeof *choices };

/* "1:05:00" */
static char *time_text(double seconds)
{
    if (!(fabs(seconds) < 1e15))
        return xstrdup("–");
    long long s = (long long)ceil(seconds);
    return str_format("%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
}

static void add_question(struct report *r, const cJSON *root)
{
    const cJSON *scenario = member(root, "scenario");
    double confidence = report_number(root, "confidence"), deadline_s = report_number(root, "deadline");
    struct str words = { 0 };
    str_addf(&words,
             "How many nodes of %s, in which mode, and for how long should one ask for to run %s through %s, so that %g %% of sessions "
             "end within the walltime",
             report_text(member(scenario, "platform"), "name", ""), report_text(root, "workflow", report_text(scenario, "file", "")),
             report_text(scenario, "middleware", ""), 100 * confidence);
    if (!isnan(deadline_s)) {
        char *deadline = time_text(deadline_s);
        str_addf(&words, ", and the walltime is at most %s", deadline);
        free(deadline);
    }
    str_add(&words, "?");
    report_lead(r, words.text);
    str_clear(&words);
}

static const char *main_choice(const cJSON *root)
{
    return isnan(report_number(root, "deadline")) ? "cheapest" : "smallest";
}

static const cJSON *chosen_row(const cJSON *root, const char *choice)
{
    const cJSON *rows = member(root, "rows");
    double row = report_number(member(root, "choices"), choice);
    return row >= 0 && row < cJSON_GetArraySize(rows) ? cJSON_GetArrayItem(rows, (int)row) : NULL;
}

static void add_batch(struct report *r, const cJSON *root)
{
    const cJSON *row = chosen_row(root, main_choice(root));
    const char *batch = report_text(root, "batch", NULL), *queue = report_text(row, "queue", NULL);
    if (batch)
        report_lines(r, batch);
    if (queue) {
        char *words = str_format("The queue '%s' accepts it.", queue);
        report_paragraph(r, words);
        free(words);
    }
    if (row && report_text(row, "extrapolation", NULL)) {
        char *words = str_format("Extrapolation: %s.", report_text(row, "extrapolation", ""));
        report_warning(r, words);
        free(words);
    }
    if (cJSON_IsTrue(member(root, "retired"))) {
        char *words = str_format("%s is retired: its queue rules are history.",
                                 report_text(member(member(root, "scenario"), "platform"), "name", ""));
        report_warning(r, words);
        free(words);
    }
}

/* The main choice, the lines for it, then the others. */
static void add_answer(struct report *r, const cJSON *root)
{
    const cJSON *words = member(root, "words");
    const char *first = report_text(words, main_choice(root), report_text(words, "no_choice", ""));
    report_answer(r, first);
    if (report_text(words, "incomplete", NULL))
        report_warning(r, report_text(words, "incomplete", ""));
    add_batch(r, root);
    for (size_t i = 0; i < CHOICES; i++) {
        const char *sentence = report_text(words, choices[i], NULL);
        if (sentence && sentence != first)
            report_paragraph(r, sentence);
    }
    if (report_text(words, "refused", NULL))
        report_paragraph(r, report_text(words, "refused", ""));
}

/* "cheapest, fastest" */
static void add_marks(struct str *marks, const cJSON *root, const cJSON *row)
{
    for (size_t i = 0; i < CHOICES; i++)
        if (row == chosen_row(root, choices[i]))
            str_addf(marks, "%s%s", marks->length ? ", " : "", choices[i]);
    if (!marks->length && cJSON_IsTrue(member(row, "front")))
        str_add(marks, "on the front");
    if (!cJSON_IsTrue(member(row, "accepted")))
        str_add(marks, "no queue accepts it");
    if (report_text(row, "extrapolation", NULL))
        str_addf(marks, "%sextrapolation", marks->length ? ", " : "");
}

static char *figure(const cJSON *row, const char *way, int decimals, const char *unit)
{
    double x = report_number(row, way);
    return isnan(x) ? xstrdup("–") : str_format("%.*f%s", decimals, str_equal(unit, " %") ? 100 * x : x, unit);
}

static void add_row(struct report *r, const cJSON *root, const cJSON *row)
{
    struct str marks = { 0 };
    add_marks(&marks, root, row);
    char *cells[COLUMNS] = {
        figure(row, "nodes", 0, ""), xstrdup(report_text(row, "mode", "")), NULL, xstrdup(report_text(row, "queue", "–")),
        time_text(report_number(row, "walltime")), figure(row, "session/mean", 1, " s"), figure(row, "quantile", 1, " s"),
        figure(row, "charge", 2, ""), figure(row, "utilisation/cores", 1, " %"), figure(row, "utilisation/gpus", 1, " %"),
        figure(row, "replicas", 0, ""),
    };
    cells[2] = str_take(&marks);
    report_table_row(r, (const char *const *)cells, row == chosen_row(root, main_choice(root)));
    for (size_t i = 0; i < COLUMNS; i++)
        free(cells[i]);
}

static bool stands_out(const cJSON *root, const cJSON *row)
{
    for (size_t i = 0; i < CHOICES; i++)
        if (row == chosen_row(root, choices[i]))
            return true;
    return cJSON_IsTrue(member(row, "front"));
}

static bool cannot(const cJSON *row)
{
    return cJSON_IsString(member(row, "cannot"));
}

static size_t add_table(struct report *r, const cJSON *root, bool all)
{
    const cJSON *row;
    size_t left_out = 0;
    const char *names[COLUMNS];
    char *quantile = str_format("%g %% quantile", 100 * report_number(root, "confidence"));
    for (size_t i = 0; i < COLUMNS; i++)
        names[i] = columns[i] ? columns[i] : quantile;
    report_table_begin(r, names, COLUMNS, WORDS);
    free(quantile);
    cJSON_ArrayForEach(row, member(root, "rows")) {
        bool show = !cannot(row) && (all || stands_out(root, row));
        if (show)
            add_row(r, root, row);
        left_out += !show && !cannot(row);
    }
    report_table_end(r);
    return left_out;
}

static int draw(const void *what, const char *path, struct error *err)
{
    return result_draw_advice(what, NULL, path, err);
}

void report_advice(struct report *r, const struct input *in)
{
    const cJSON *root = json_root(in->document).value, *words = member(root, "words");
    report_heading(r, "Advice");
    add_question(r, root);
    add_answer(r, root);
    report_picture(r,
                   &(struct report_picture){ draw, root, "Walltime to ask for against what it costs; what no queue accepts is left out" });
    report_subheading(r, "Choices, and what no other beats in both time and cost");
    if (add_table(r, root, false) > 0) {
        report_details_begin(r, "All numbers of nodes in all modes");
        add_table(r, root, true);
        report_details_end(r);
    }
    if (report_text(words, "refusals", NULL))
        report_paragraph(r, report_text(words, "refusals", ""));
    report_paragraph(r, report_text(words, "unknowns", ""));
    report_source(r, in);
}
