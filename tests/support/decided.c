#include "tests/support/decided.h"

#include "tests/support/given.h"

static const char two_nodes[] = "{'name': 'p', 'nodes': [{'count': 2, 'cores': 8, 'gpus': 2}]}";

struct decided decided_of(const char *workflow, enum mode mode)
{
    struct decided d = { .workflow = given_workflow(workflow),
                         .platform = given_platform(two_nodes),
                         .middleware = given_middleware("{'name': 'ideal'}") };
    d.scenario = (struct scenario){ .workflow = d.workflow, .platform = d.platform,
                                    .middleware = d.middleware, .mode = mode, .seed = 3,
                                    .scheduler = { .order = "arrival", .overtake = "backfill",
                                                   .placement = "first_fit" } };
    return d;
}

void decided_clear(struct decided *d)
{
    workflow_free(d->workflow);
    platform_free(d->platform);
    middleware_free(d->middleware);
}
