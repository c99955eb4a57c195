/* Any bytes as what a task has decided: sets that can be decided on, or a sentence. */
#include <assert.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "core/decisions.h"
#include "tests/fuzz/fuzz.h"
#include "validation/executor/decision_file.h"

static const char workflow[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"propose\", \"duration\": 1},"
    "{\"name\": \"evaluate\", \"tasks\": {\"distribution\": \"poisson\", \"mean\": 2},"
    " \"duration\": 1, \"after\": [\"propose\"]}, {\"name\": \"try\", \"duration\": 1}],"
    "\"loops\": [{\"name\": \"round\", \"sets\": [\"propose\", \"evaluate\"],"
    " \"stop\": {\"probability\": 0.4}, \"at_most\": 9}],"
    "\"campaigns\": [{\"name\": \"search\", \"candidates\": \"try\", \"in_flight\": 2,"
    " \"budget\": 9}]}";

static void check(const struct decision_said *said, const struct workflow *w)
{
    assert(said->goes_on >= -1 && said->goes_on <= 1);
    for (size_t i = 0; i < said->n_counts; i++) {
        int set = workflow_find_set(w, said->counts[i].set);
        assert(set >= 0 && w->sets[set].decided && said->counts[i].tasks >= 0);
    }
    assert(said->cancels_said || said->n_cancels == 0);
    for (size_t i = 0; i < said->n_cancels; i++) {
        int set = workflow_find_set(w, said->cancels[i]);
        assert(set >= 0 && workflow_campaign_of(w, set) < 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { "" };
    struct decision_said said;
    gsl_set_error_handler_off();
    struct workflow *w = workflow_parse(workflow, sizeof workflow - 1, "w.json", &err);
    assert(w);
    struct json_document *doc = json_parse((const char *)data, size, "0.0.decision", &err);
    if (doc && decision_read(doc, w, &said, &err) == 0) {
        check(&said, w);
        decision_said_clear(&said);
    } else {
        assert(err.text[0]);
    }
    json_free(doc);
    workflow_free(w);
    return 0;
}
