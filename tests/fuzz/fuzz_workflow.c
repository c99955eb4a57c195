/* A workflow that workflow_from_json() takes has levels, fits a platform or is told why not, and
 * reads back equal. */
#include <assert.h>
#include <stdlib.h>

#include "core/longest_path.h"
#include "core/platform.h"
#include "core/workflow.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/round_trip.h"

static void check_on_a_platform(const struct workflow *w)
{
    static const char text[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 3, \"cores\": 8, "
                               "\"gpus\": 2, \"memory_mib\": 4096}]}";
    struct error err = { "" };
    struct json_document *doc = json_parse(text, sizeof text - 1, "p", &err);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, &err);
    assert(p);
    if (platform_check(p, w, &err))
        assert(err.text[0]);
    platform_free(p);
    json_free(doc);
}

static void check_levels(const struct workflow *w)
{
    int *levels = longest_path_levels(w, path_graph_of(w, 0));
    for (size_t s = 0; s < w->n_sets; s++) {
        assert(workflow_find_set(w, w->sets[s].name) == (int)s);
        for (size_t k = 0; k < w->sets[s].n_dependencies; k++)
            assert(levels[w->sets[s].dependencies[k].parent] < levels[s]);
    }
    free(levels);
}

static cJSON *trip(const struct json *at, struct error *err)
{
    struct workflow *w = workflow_from_json(at, err);
    if (!w)
        return NULL;
    cJSON *json = NULL;
    if (w->n_sets <= 1000) {
        check_on_a_platform(w);
        check_levels(w);
        json = workflow_to_json(w);
    } else {
        error_set(err, "too large to fuzz");
    }
    workflow_free(w);
    return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    round_trip(trip, data, size);
    return 0;
}
