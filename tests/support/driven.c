#include "tests/support/driven.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

void driven_init(struct driven *d, const char *workflow, const struct scenario *how,
                 const struct world_ops *ops, const struct client_ops *client)
{
    struct error err = { "" };
    struct scenario s = *how;
    s.workflow = d->workflow = given_workflow(workflow);
    s.platform = d->platform =
        given_platform("{'name': 'p', 'nodes': [{'name': 'n', 'count': 1, 'cores': 4}]}");
    s.middleware = d->ideal = middleware_ideal();
    s.seed = 1;
    s.scheduler.order = "arrival";
    s.scheduler.overtake = "backfill";
    s.scheduler.placement = "first_fit";
    CU_ASSERT_EQUAL_FATAL(driver_init(&d->drive, &s, &err), 0);
    d->drive.ops = ops;
    if (client)
        d->drive.client = client;
    d->drive.world = d;
    driver_begin(&d->drive, 0, 0);
}

void driven_run(struct driven *d)
{
    driver_start(&d->drive);
    driver_run(&d->drive);
}

void driven_clear(struct driven *d)
{
    driver_clear(&d->drive);
    workflow_free(d->workflow);
    platform_free(d->platform);
    middleware_free(d->ideal);
    str_clear(&d->starts);
}

void driven_same_text(const struct str *actual, const char *expected)
{
    const char *text = actual->text ? actual->text : "";
    if (strcmp(text, expected) != 0)
        printf("\n  expected: %s\n  got:      %s\n", expected, text);
    CU_ASSERT_STRING_EQUAL(text, expected);
}
