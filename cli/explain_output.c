#include "cli/explain_output.h"

#include <math.h>

#include "base/escape.h"
#include "cli/output.h"
#include "cli/run_output.h"
#include "cli/words.h"

enum { CHAIN_MOST = 12, NAME_MOST = 160 };
static const double nothing_share = 1e-3;                /* of the makespan: a gain below this is none */

static void name_row(const struct explain_row *r, char *name, size_t size)
{
    snprintf(name, size, "%s%s%s", explain_kind_words(r->kind), r->label ? " " : "", r->label ? r->label : "");
}

static void add_seconds(struct row_table *t, size_t column, double seconds, double makespan_s)
{
    if (seconds > 0)
        row_table_text(t, column, "%.1f s %5.1f %%", seconds, 100 * seconds / makespan_s);
}

static void add_class_rows(struct row_table *t, const struct explained *e)
{
    for (int c = 0; c < EXPLAIN_CLASSES; c++) {
        bool some = false;
        for (int m = 0; m < MODES; m++)
            some = some || explanation_of_class(&e->mode[m], (enum explain_class)c) > 0;
        if (!some)
            continue;
        row_table_add(t, explain_class_name((enum explain_class)c));
        for (size_t m = 0; m < MODES; m++)
            add_seconds(t, m, explanation_of_class(&e->mode[m], (enum explain_class)c), e->mode[m].makespan_s);
        for (size_t i = 0; i < e->table.n; i++) {
            const struct explain_row *r = &e->table.rows[i];
            char name[NAME_MOST] = "  ";
            if ((int)explain_class_of(r->kind) != c)
                continue;
            name_row(r, name + 2, sizeof name - 2);
            row_table_add(t, name);
            for (size_t m = 0; m < MODES; m++)
                add_seconds(t, m, r->seconds[m], e->mode[m].makespan_s);
        }
    }
}

static void add_table(struct str *text, const struct explained *e)
{
    const char *names[MODES];
    for (int m = 0; m < MODES; m++)
        names[m] = mode_name((enum mode)m);
    struct row_table t = row_table_new(names, MODES);
    row_table_add(&t, "makespan: mean");
    for (size_t m = 0; m < MODES; m++)
        row_table_text(&t, m, e->mode[m].makespan_s > 0 ? "%.1f s 100.0 %%" : "%.1f s", e->mode[m].makespan_s);
    add_class_rows(&t, e);
    row_table_print(&t, text);
}

/* --- why -------------------------------------------------------------------------------------------------------- */

/* What asynchronous execution loses most time to besides execution: its largest row of another class. */
static const struct explain_row *most_lost(const struct explained *e)
{
    const struct explain_row *most = NULL;
    for (size_t i = 0; i < e->table.n; i++) {
        const struct explain_row *r = &e->table.rows[i];
        if (explain_class_of(r->kind) != EXPLAIN_CLASS_WORK && r->seconds[MODE_ASYNCHRONOUS] > 0 &&
            (!most || r->seconds[MODE_ASYNCHRONOUS] > most->seconds[MODE_ASYNCHRONOUS]))
            most = r;
    }
    return most;
}

static void add_chain(struct str *text, const struct explained *e)
{
    const char *labels[CHAIN_MOST + 1];
    size_t n = explain_chain(e->set->workflow, &e->mode[MODE_ASYNCHRONOUS].path, labels, CHAIN_MOST + 1);
    for (size_t i = 0; i < n && i < CHAIN_MOST; i++)
        escape_addf(text, "%s%s", i ? " -> " : "", labels[i]);
    str_add(text, n > CHAIN_MOST ? " -> ..." : "");
}

static void add_most_lost(struct str *text, const struct explained *e)
{
    const struct explain_row *lost = most_lost(e);
    char name[NAME_MOST];
    if (!lost || lost->seconds[MODE_ASYNCHRONOUS] < 1e-3 * e->mode[MODE_ASYNCHRONOUS].makespan_s)
        return;
    name_row(lost, name, sizeof name);
    escape_addf(text, " What it loses most time to is '%s': %.1f s of its %.1f s.", name, lost->seconds[MODE_ASYNCHRONOUS],
                e->mode[MODE_ASYNCHRONOUS].makespan_s);
}

/* Modes that left tasks undone are not compared; what their time went to can still be said. */
static bool add_incomplete(struct str *words, const struct explained *e)
{
    double share[MODES];
    for (int m = 0; m < MODES; m++)
        share[m] = e->mode[m].share_complete;
    if (!words_add_incomplete(words, &e->set->scenario, share))
        return false;
    str_add(words, "What ran asynchronously follows the chain ");
    add_chain(words, e);
    str_add(words, " (replica 0).");
    add_most_lost(words, e);
    return true;
}

/* The row that grew most when the barriers were removed: what replaces them. NULL: none grew. */
static const struct explain_row *most_grown(const struct explained *e)
{
    const struct explain_row *most = NULL;
    double most_s = 0;
    for (size_t i = 0; i < e->table.n; i++) {
        const struct explain_row *r = &e->table.rows[i];
        double grown_s = r->seconds[MODE_ASYNCHRONOUS] - r->seconds[MODE_SEQUENTIAL];
        if (explain_class_of(r->kind) != EXPLAIN_CLASS_BARRIER && grown_s > most_s) {
            most = r;
            most_s = grown_s;
        }
    }
    return most;
}

static void add_replacement(struct str *words, const struct explained *e)
{
    const struct explain_row *grown = most_grown(e);
    char name[NAME_MOST];
    if (!grown)
        return;
    name_row(grown, name, sizeof name);
    escape_addf(words, "'%s' replaces %s: %.1f s sequentially, %.1f s asynchronously. ", name,
                grown->seconds[MODE_SEQUENTIAL] > 0 ? "most of the rest" : "them", grown->seconds[MODE_SEQUENTIAL],
                grown->seconds[MODE_ASYNCHRONOUS]);
}

/* The verdict on barriers is that of the run without them, the asynchronous one, not of the time that sequential execution waits there. */
static void add_barriers(struct str *words, const struct explained *e, double gain_s, double barrier_s)
{
    double sequential_s = e->mode[MODE_SEQUENTIAL].makespan_s, share = 100 * barrier_s / sequential_s;
    if (fabs(gain_s) < nothing_share * sequential_s && share < 1) {
        str_addf(words, "Asynchronous execution has next to nothing to gain (%.1f s): sequential execution waits at barriers for %.1f s "
                        "(%.1f %%) only. ", gain_s + 0.0, barrier_s, share);
        return;
    }
    if (fabs(gain_s) < nothing_share * sequential_s)
        str_addf(words, "Barriers are not the reason: removing them gains nothing, although sequential execution waits at them for %.1f s "
                        "(%.1f %%). ", barrier_s, share);
    else if (gain_s < 0)
        str_addf(words, "Barriers are not the reason: removing them would cost %.1f s (%.1f %%). ", -gain_s, -100 * gain_s / sequential_s);
    else
        str_addf(words, "Asynchronous execution gains %.1f s (%.1f %%) of the %.1f s (%.1f %%) that sequential execution waits at "
                        "barriers. ", gain_s, 100 * gain_s / sequential_s, barrier_s, share);
    if (gain_s < barrier_s)
        add_replacement(words, e);
}

static void add_reason(struct str *words, const struct explained *e)
{
    const struct explanation *sequential = &e->mode[MODE_SEQUENTIAL], *asynchronous = &e->mode[MODE_ASYNCHRONOUS];
    if (add_incomplete(words, e))
        return;
    if (!(sequential->makespan_s > 0) || !(asynchronous->makespan_s > 0)) {
        str_add(words, "The makespan is 0 s: no task takes time, so there is none to explain. ");
        return;
    }
    add_barriers(words, e, sequential->makespan_s - asynchronous->makespan_s,
                 explanation_of_class(sequential, EXPLAIN_CLASS_BARRIER));
    str_addf(words, "Of the asynchronous makespan %.1f %% is execution, along the chain ",
             100 * explanation_of_class(asynchronous, EXPLAIN_CLASS_WORK) / asynchronous->makespan_s);
    add_chain(words, e);
    str_add(words, " (replica 0).");
    add_most_lost(words, e);
}

static const char method[] = "Each second of the makespan is attributed by walking back from its last event through the tasks that were "
                             "waited for; a dependency takes no time of its own. Means over the replicas.";

static void list_modes(const struct explained *e, const char **names, double *share)
{
    for (int m = 0; m < MODES; m++) {
        names[m] = mode_name((enum mode)m);
        share[m] = e->mode[m].share_complete;
    }
}

int explain_print_text(const struct explained *e, struct error *err)
{
    struct str text = { 0 }, why = { 0 }, one = { 0 };
    const char *names[MODES];
    double share[MODES];
    list_modes(e, names, share);
    words_add_cut_runs(&text, &e->set->scenario, names, share, MODES);
    output_heading(&text, "Where the time goes");
    words_add_header(&text, e->set, false);
    str_add(&text, "\n");
    add_table(&text, e);
    str_add(&text, "\n");
    add_reason(&why, e);
    words_add_one_replica(&one, e->mode[MODE_SEQUENTIAL].replicas);
    output_paragraph(&text, why.text);
    output_paragraph(&text, method);
    if (one.length)
        output_paragraph(&text, one.text);
    str_clear(&why);
    str_clear(&one);
    str_add(&text, "\n");
    what_if_add_text(&text, &e->what_if);
    int status = output_text(&text, err);
    str_clear(&text);
    return status;
}

/* --- JSON ------------------------------------------------------------------------------------------------------- */

static void add_number(cJSON *object, const char *key, double x)
{
    cJSON_AddItemToObject(object, key, output_json_number(x));
}

static void add_name(cJSON *object, const char *key, const char *name)
{
    if (name)
        cJSON_AddStringToObject(object, key, name);
    else
        cJSON_AddNullToObject(object, key);
}

static cJSON *json_of_path(const struct workflow *w, const struct explain_path *p)
{
    cJSON *path = cJSON_CreateArray();
    for (size_t i = 0; i < p->n; i++) {
        const struct explain_step *s = &p->steps[i];
        int set = workflow_set_of_task(w, s->task);
        cJSON *o = cJSON_CreateObject();
        add_number(o, "from", s->from_s);
        add_number(o, "to", s->to_s);
        add_name(o, "kind", explain_kind_key(s->kind));
        add_name(o, "set", w->sets[set].name);
        add_number(o, "task", s->task - w->sets[set].first_task);
        add_name(o, "blame", s->blame < 0 ? NULL : w->sets[s->blame].name);
        cJSON_AddItemToArray(path, o);
    }
    return path;
}

static cJSON *json_of_mode(const struct explained *e, size_t m)
{
    const struct explanation *x = &e->mode[m];
    cJSON *o = cJSON_CreateObject();
    add_number(o, "replicas", (double)x->replicas);
    add_number(o, "makespan", x->makespan_s);
    cJSON *classes = cJSON_AddObjectToObject(o, "classes"), *parts = cJSON_AddArrayToObject(o, "parts");
    for (int c = 0; c < EXPLAIN_CLASSES; c++)
        add_number(classes, explain_class_name((enum explain_class)c), explanation_of_class(x, (enum explain_class)c));
    for (size_t i = 0; i < e->table.n; i++) {
        const struct explain_row *r = &e->table.rows[i];
        if (r->seconds[m] <= 0)
            continue;
        char words[NAME_MOST];
        name_row(r, words, sizeof words);
        cJSON *part = cJSON_CreateObject();
        add_name(part, "words", words);
        add_name(part, "kind", explain_kind_key(r->kind));
        add_name(part, "class", explain_class_name(explain_class_of(r->kind)));
        add_name(part, "label", r->label);
        add_number(part, "seconds", r->seconds[m]);
        cJSON_AddItemToArray(parts, part);
    }
    cJSON_AddItemToObject(o, "path", json_of_path(e->set->workflow, &x->path));
    return o;
}

cJSON *explain_json(const struct explained *e)
{
    struct str why = { 0 };
    cJSON *root = output_json_new("explain");
    cJSON_AddItemToObject(root, "scenario", json_of_scenario(e->set));
    cJSON_AddStringToObject(root, "workflow", e->set->workflow->name);
    add_reason(&why, e);
    add_name(root, "why", why.text);
    add_name(root, "method", method);
    str_clear(&why);
    const char *names[MODES];
    double share[MODES];
    list_modes(e, names, share);
    json_add_notes(root, &e->set->scenario, names, share, MODES, e->mode[MODE_SEQUENTIAL].replicas);
    cJSON *modes = cJSON_AddObjectToObject(root, "modes");
    for (size_t m = 0; m < MODES; m++)
        cJSON_AddItemToObject(modes, mode_name((enum mode)m), json_of_mode(e, m));
    if (e->asked_what_if)
        what_if_add_json(root, &e->what_if);
    return root;
}
