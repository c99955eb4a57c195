/* cli/report_source.c - how to come to the same result and the same page again. */
#include <math.h>

#include "base/escape.h"
#include "cli/options_json.h"
#include "cli/output.h"
#include "cli/report_page.h"

/* " FILE --platform summit --nodes 16": what the result says of its call, else of its scenario. False: it says nothing. */
static bool add_arguments(struct str *text, const cJSON *root)
{
    const cJSON *call = cJSON_GetObjectItemCaseSensitive(root, "call"), *scenario = cJSON_GetObjectItemCaseSensitive(root, "scenario"),
                *operand;
    cJSON_ArrayForEach(operand, cJSON_GetObjectItemCaseSensitive(call, "operands")) {
        str_add(text, " ");
        escape_shell(text, cJSON_IsString(operand) ? operand->valuestring : "");
    }
    if (call) {
        options_add_command_line(text, cJSON_GetObjectItemCaseSensitive(call, "options"));
    } else if (scenario) {
        str_add(text, " ");
        escape_shell(text, report_text(scenario, "file", ""));
        options_add_command_line(text, cJSON_GetObjectItemCaseSensitive(scenario, "options"));
    }
    return call || scenario;
}

static void add_commands(struct report *r, const struct input *in, const cJSON *root)
{
    struct str text = { 0 };
    str_addf(&text, "dagcast %s", report_text(root, "command", ""));
    if (add_arguments(&text, root)) {
        str_add(&text, " --json >");
        escape_shell(&text, in->path);
        str_add(&text, "\n");
    } else {
        str_clear(&text);
    }
    str_add(&text, "dagcast report ");
    escape_shell(&text, in->path);
    report_lines(r, text.text);
    str_clear(&text);
}

/* A number, or a string where it is too large for one. */
static bool add_seed(struct str *out, const cJSON *root)
{
    const cJSON *scenario = cJSON_GetObjectItemCaseSensitive(root, "scenario");
    double number = fmax(report_number(root, "scenario/seed"), report_number(root, "seed"));
    if (isnan(number))
        str_add(out, report_text(scenario, "seed", report_text(root, "seed", "")));
    else
        str_addf(out, "%.0f", number);
    return out->length > 0;
}

void report_source(struct report *r, const struct input *in)
{
    const cJSON *root = in->document ? json_root(in->document).value : NULL;
    cJSON *page = output_json_new("report");
    struct str text = { 0 };
    report_subheading(r, "How to come to the same");
    add_commands(r, in, root);
    struct str seed = { 0 };
    if (add_seed(&seed, root))
        str_addf(&text, "Seed %s; ", seed.text);
    str_addf(&text, "%s by dagcast %s, this page by dagcast %s.", !seed.length ? "Results" : "results",
             report_text(root, "version", report_text(page, "version", "")), report_text(page, "version", ""));
    report_paragraph(r, text.text);
    str_clear(&seed);
    str_clear(&text);
    cJSON_Delete(page);
}
