/* A document that the WfFormat importer takes has as many tasks as it says, no circle, and comes
 * back when it is written as WfFormat. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "base/str.h"
#include "tests/fuzz/fuzz.h"
#include "traces/importer/wfformat.h"
#include "traces/task_edges.h"
#include "traces/wfformat_write.h"

static const double most_edges = 1e5;    /* larger ones only take time */

static struct session *read_text(const char *text, size_t size, struct error *err)
{
    struct json_document *document = json_parse(text, size, "f", err);
    struct session *s = document ? wfformat_session(document, "f", err) : NULL;
    return s;
}

static void check_again(const struct session *s)
{
    struct error err = { "" };
    struct notes losses = { 0 };
    cJSON *json = wfformat_write(s->workflow, s->platform, s, &losses, &err);
    assert(json);
    char *text = json_print(json);
    struct session *again = read_text(text, strlen(text), &err);
    assert(again && again->workflow->n_tasks == s->workflow->n_tasks &&
           again->workflow->n_sets == s->workflow->n_sets);
    assert(task_edges_count(again->workflow) == task_edges_count(s->workflow));
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        const struct task_set *a = &s->workflow->sets[k], *b = &again->workflow->sets[k];
        assert(str_equal(a->name, b->name) && a->n_tasks == b->n_tasks &&
               a->priority == b->priority && demand_equal(&a->traits->demand, &b->traits->demand));
    }
    assert(again->platform->n_nodes == s->platform->n_nodes);
    session_free(again);
    free(text);
    cJSON_Delete(json);
    notes_clear(&losses);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { "" };
    gsl_set_error_handler_off();
    struct session *s = read_text((const char *)data, size, &err);
    assert(s || err.text[0]);
    if (s && task_edges_count(s->workflow) <= most_edges)
        check_again(s);
    session_free(s);
    return 0;
}
