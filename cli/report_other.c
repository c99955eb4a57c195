/* cli/report_other.c - what a report says of results that are neither of compare and simulate nor advice: those it knows, and any other. */
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

static const char *yes_or_no(const cJSON *v)
{
    return cJSON_IsNull(v) ? "–" : cJSON_IsTrue(v) ? "yes" : "no";
}

/* --- validations ---------------------------------------------------------------------------------------------------------- */

static int draw_parity(const void *what, const char *path, struct error *err)
{
    return result_draw_parity(what, NULL, path, err);
}

static void add_session(struct report *r, const cJSON *s)
{
    char *measured = str_format("%.1f s", report_number(s, "measured")),
         *predicted = str_format("%.1f s", report_number(s, "predicted/mean")),
         *interval = isnan(report_number(s, "predicted/pi95/0"))
                         ? xstrdup("–")
                         : str_format("%.1f … %.1f s", report_number(s, "predicted/pi95/0"), report_number(s, "predicted/pi95/1")),
         *error = str_format("%+.1f s (%+.2f %%)", report_number(s, "error"), report_number(s, "error_percent")),
         *path_alone = str_format("%+.1f s", report_number(s, "baselines/critical_path/error"));
    report_table_row(r, (const char *const[]){ report_text(s, "session", ""), measured, predicted, interval,
                                               yes_or_no(member(s, "in_interval")), error, path_alone }, false);
    free(measured);
    free(predicted);
    free(interval);
    free(error);
    free(path_alone);
}

static void add_cautions(struct report *r, const cJSON *s)
{
    static const struct { const char *key, *words; } texts[] = {
        { "information", "durations known" }, { "middleware", "middleware" }, { "read_from_the_run", "read from the run" },
        { "assumed", "assumed" }, { "extrapolation", "extrapolation" },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = report_text(s, texts[i].key, "");
        if (!*text)
            continue;
        char *words = str_format("%s, %s: %s.", report_text(s, "session", ""), texts[i].words, text);
        report_paragraph(r, words);
        free(words);
    }
}

static void add_validation(struct report *r, const struct input *in)
{
    static const char *const columns[] = { "session", "measured", "predicted", "95 % interval", "holds", "error", "critical path alone" };
    const cJSON *root = json_root(in->document).value, *session;
    report_answer(r, report_text(root, "verdict", ""));
    report_picture(r, &(struct report_picture){ draw_parity, root, "Predicted against measured, with 95 % intervals" });
    report_table_begin(r, columns, sizeof columns / sizeof *columns, 1);
    cJSON_ArrayForEach(session, member(root, "sessions"))
        add_session(r, session);
    report_table_end(r);
    report_details_begin(r, "What was read from each run, or assumed");
    cJSON_ArrayForEach(session, member(root, "sessions"))
        add_cautions(r, session);
    report_details_end(r);
    report_details_begin(r, "All figures");
    report_add_json(r, member(root, "sessions"));
    report_details_end(r);
}

/* --- any ---------------------------------------------------------------------------------------------------------------------- */

/* All but what the page's head and foot say. */
static void add_any(struct report *r, const struct input *in)
{
    static const char *const said[] = { "command", "version", "call", "seed" };
    cJSON *rest = cJSON_Duplicate(json_root(in->document).value, true);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        cJSON_DeleteItemFromObjectCaseSensitive(rest, said[i]);
    cJSON_DeleteItemFromObjectCaseSensitive(cJSON_GetObjectItemCaseSensitive(rest, "scenario"), "options");
    cJSON_DeleteItemFromObjectCaseSensitive(cJSON_GetObjectItemCaseSensitive(rest, "scenario"), "loaded");
    report_add_json(r, rest);
    cJSON_Delete(rest);
}

static const struct other { const char *command, *title; void (*add)(struct report *r, const struct input *in); } others[] = {
    { "validate", "Validation: predicted against measured", add_validation },
    { "calibrate", "Calibration", add_any },
    { "replay", "Replay", add_any },
};

int report_other_result(struct report *r, const struct input *in, struct error *err)
{
    const struct json root = json_root(in->document);
    const char *command = NULL;
    if (json_need_string(&root, "command", &command, err))
        return -1;
    struct other it = { command, command, add_any };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_equal(others[i].command, command))
            it = others[i];
    report_heading(r, it.title);
    it.add(r, in);
    report_source(r, in);
    return 0;
}
