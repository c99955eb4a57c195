#include "core/scheduler_options.h"

#include "base/str.h"
#include "core/middleware.h"

static const struct scheduler_preset presets[] = {
    { .name = "fifo", .summary = "arrival order, nobody overtakes", .order = "arrival", .overtake = "none" },
    { .name = "backfill", .summary = "arrival order, whoever fits may pass", .order = "arrival", .overtake = "backfill" },
    { .name = "easy", .summary = "arrival order, whoever fits may pass unless it delays the first", .order = "arrival",
      .overtake = "easy" },
    { .name = "largest_first", .summary = "largest first, whoever fits may pass", .order = "largest", .overtake = "backfill" },
    { .name = "critical_path_first", .summary = "longest way to the end first, whoever fits may pass",
      .order = "critical_path", .overtake = "backfill" },
    { .name = "radical", .summary = "RADICAL-Pilot's own loop, pool and node search", .scheduler = "radical" },
};

const struct scheduler_preset *scheduler_preset_at(size_t i)
{
    return i < sizeof presets / sizeof *presets ? &presets[i] : NULL;
}

static const char *either(const char *first, const char *second)
{
    return first ? first : second;
}

/* A name that no preset has is left to be refused by the dispatcher. */
static struct scheduler_options expand(const struct scheduler_options *layer)
{
    struct scheduler_options all = *layer;
    for (size_t i = 0; layer->scheduler && scheduler_preset_at(i); i++) {
        const struct scheduler_preset *p = scheduler_preset_at(i);
        if (!str_equal(p->name, layer->scheduler))
            continue;
        all.scheduler = p->scheduler;
        all.order = either(layer->order, p->order);
        all.overtake = either(layer->overtake, p->overtake);
    }
    return all;
}

struct scheduler_options scheduler_options_over(const struct scheduler_options *top, const struct scheduler_options *under)
{
    struct scheduler_options a = expand(top), b = expand(under);
    bool part = top->order || top->overtake || top->placement;
    if (!top->scheduler && !part)
        a = b;
    if (!top->scheduler) {
        a.order = either(a.order, b.order);
        a.overtake = either(a.overtake, b.overtake);
    }
    if (!a.scheduler)
        a.placement = either(a.placement, b.placement);
    a.generation = either(top->generation, b.generation);
    return a;
}

struct scheduler_options scheduler_options_resolve(const struct scheduler_options *o, const struct middleware *m)
{
    bool own_policy = o->order || o->overtake;           /* an order asked for is meant for the queue, not for `radical` */
    return (struct scheduler_options){
        .scheduler = o->scheduler ? o->scheduler : own_policy ? NULL : m->scheduler,
        .generation = either(o->generation, m->generation),
        .order = either(either(o->order, m->order), "arrival"),
        .overtake = either(either(o->overtake, m->overtake), "backfill"),
        .placement = either(either(o->placement, m->placement), "first_fit"),
    };
}

int scheduler_options_choose(const struct scheduler_options *said, const struct middleware *m, struct scheduler_options *out,
                             struct error *err)
{
    struct scheduler_options all = expand(said);
    *out = scheduler_options_resolve(&all, m);
    if (out->scheduler && (all.order || all.overtake || all.placement))
        return error_set(err, "scheduler %s orders and places by itself: give no order, overtake or placement with it, or another "
                         "scheduler", out->scheduler);
    return 0;
}
