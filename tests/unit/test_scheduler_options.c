/* Layers of what is said of the scheduler. */
#include "core/scheduler_options.h"

#include <stdio.h>
#include <string.h>

#include "core/middleware.h"
#include "tests/support/unit.h"

static const struct scheduler_options nothing;

/* `top` over `under` over the middleware's own scheduler, or none; a sentence if that is refused.
 */
static struct scheduler_options chosen(struct scheduler_options top, struct scheduler_options under,
                                       const char *own, struct error *err)
{
    /* what is returned may point here until the next call */
    static char names[64], generation[] = "1.9";
    snprintf(names, sizeof names, "%s", own ? own : "");
    struct middleware m = { .scheduler = own ? names : NULL, .generation = generation };
    struct scheduler_options said = scheduler_options_over(&top, &under), out = nothing;
    int status = scheduler_options_choose(&said, &m, &out, err);
    CU_ASSERT_EQUAL(status, err && err->text[0] ? -1 : 0);
    return out;
}

static void expect(struct scheduler_options is, const char *scheduler, const char *order,
                   const char *overtake, const char *placement)
{
    CU_ASSERT_EQUAL(is.scheduler != NULL, scheduler != NULL);
    if (scheduler) {
        CU_ASSERT_STRING_EQUAL(is.scheduler, scheduler);
        return;
    }
    CU_ASSERT_STRING_EQUAL(is.order, order);
    CU_ASSERT_STRING_EQUAL(is.overtake, overtake);
    CU_ASSERT_STRING_EQUAL(is.placement, placement);
}

static void defaults_and_the_middlewares_own(void)
{
    expect(chosen(nothing, nothing, NULL, NULL), NULL, "arrival", "backfill", "first_fit");
    expect(chosen(nothing, nothing, "radical", NULL), "radical", NULL, NULL, NULL);
    CU_ASSERT_STRING_EQUAL(chosen(nothing, nothing, "radical", NULL).generation, "1.9");
    expect(chosen((struct scheduler_options){ .order = "largest" }, nothing, "radical", NULL), NULL,
           "largest", "backfill", "first_fit");
}

static void a_preset_is_an_order_and_an_overtaking_rule(void)
{
    struct scheduler_options easy = { .scheduler = "easy" }, largest = { .order = "largest" };
    struct scheduler_options both = { .scheduler = "easy", .order = "largest" };
    expect(chosen(easy, nothing, "radical", NULL), NULL, "arrival", "easy", "first_fit");
    expect(chosen(both, nothing, NULL, NULL), NULL, "largest", "easy", "first_fit");
    expect(chosen(largest, easy, NULL, NULL), NULL, "largest", "easy", "first_fit");
    expect(chosen(easy, largest, NULL, NULL), NULL, "arrival", "easy", "first_fit");
}

static void a_profile_may_name_a_preset(void)
{
    struct scheduler_options best_fit = { .placement = "best_fit" },
                             slurm = { .scheduler = "slurm" };
    expect(chosen(nothing, nothing, "slurm", NULL), NULL, "priority", "conservative", "best_fit");
    expect(chosen(slurm, nothing, "radical", NULL), NULL, "priority", "conservative", "best_fit");
    expect(chosen(best_fit, nothing, "flux_easy", NULL), NULL, "arrival", "easy", "best_fit");
    for (size_t i = 0; scheduler_preset_at(i); i++) {
        const struct scheduler_preset *p = scheduler_preset_at(i);
        unit_is(!p->placement, ==, !p->source); /* of another tool */
        for (size_t k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(scheduler_preset_at(k)->name, p->name);
    }
}

static void a_layer_drops_what_it_replaces(void)
{
    struct scheduler_options radical = { .scheduler = "radical", .generation = "0.6" },
                             best_fit = { .placement = "best_fit" };
    struct scheduler_options parts = { .order = "largest", .overtake = "none",
                                       .placement = "best_fit" };
    expect(chosen(radical, parts, NULL, NULL), "radical", NULL, NULL, NULL);
    expect(chosen(parts, radical, NULL, NULL), NULL, "largest", "none", "best_fit");
    expect(chosen(best_fit, radical, NULL, NULL), NULL, "arrival", "backfill", "best_fit");
    expect(chosen((struct scheduler_options){ .scheduler = "fifo" }, parts, NULL, NULL), NULL,
           "arrival", "none", "best_fit");
    CU_ASSERT_STRING_EQUAL(
        chosen((struct scheduler_options){ .scheduler = "radical" }, radical, NULL, NULL)
            .generation,
        "0.6");
}

static void a_whole_scheduler_takes_no_parts(void)
{
    struct error err = { "" };
    chosen((struct scheduler_options){ .scheduler = "radical", .order = "largest" }, nothing, NULL,
           &err);
    CU_ASSERT_STRING_EQUAL(err.text, "scheduler radical orders and places by itself: give no "
                                     "order, overtake or placement with it, or "
                                     "another scheduler");
    err.text[0] = '\0';
    chosen((struct scheduler_options){ .placement = "best_fit" }, nothing, "radical", &err);
    unit_is(strlen(err.text), >, 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(defaults_and_the_middlewares_own),
        UNIT_TEST(a_preset_is_an_order_and_an_overtaking_rule),
        UNIT_TEST(a_profile_may_name_a_preset),
        UNIT_TEST(a_layer_drops_what_it_replaces),
        UNIT_TEST(a_whole_scheduler_takes_no_parts),
        { NULL, NULL },
    };
    return unit_run("scheduler_options", tests);
}
