#include "core/demand.h"

#include <string.h>

static const struct schema_field named_fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct named_amount, name), .required = true,
      .help = "as the platform calls it" },
    { "amount", &schema_integer, SCHEMA_AT(struct named_amount, amount), .min = 1, .max = 1e15,
      .initial = 1, .always = true,
      .help = "of one rank, in the platform's unit" },
};
const struct schema named_amount_schema = { "amount", SCHEMA_FIELDS(named_fields),
                                            .size = sizeof(struct named_amount),
                                            .title = "An amount of a named resource" };

static bool same_amounts(const struct demand *a, const struct demand *b)
{
    if (a->n_named != b->n_named)
        return false;
    for (size_t i = 0; i < a->n_named; i++)
        if (!str_equal(a->named[i].name, b->named[i].name) ||
            a->named[i].amount != b->named[i].amount)
            return false;
    return true;
}

bool demand_equal(const struct demand *a, const struct demand *b)
{
    return a->ranks == b->ranks && a->cores == b->cores && a->threads == b->threads &&
           a->gpus == b->gpus && a->gpu_share == b->gpu_share && a->memory_mib == b->memory_mib &&
           a->one_node == b->one_node && str_equal(a->node, b->node) && same_amounts(a, b);
}

bool slot_demand_equal(const struct slot_demand *a, const struct slot_demand *b)
{
    return a->ranks == b->ranks && a->slots == b->slots && a->gpus == b->gpus &&
           a->gpu_share == b->gpu_share && a->memory_mib == b->memory_mib &&
           a->one_node == b->one_node && str_equal(a->node, b->node) &&
           memcmp(a->named, b->named, sizeof a->named) == 0;
}

static void add_amount(struct str *text, const char *plus, int64_t n, const char *noun)
{
    str_addf(text, "%s%lld %s%s", plus, (long long)n, noun, n == 1 ? "" : "s");
}

static void add_memory(struct str *text, const char *plus, int64_t mib)
{
    if (mib % 1024 == 0)
        str_addf(text, "%s%lld GiB of memory", plus, (long long)(mib / 1024));
    else
        str_addf(text, "%s%lld MiB of memory", plus, (long long)mib);
}

void demand_add_words(struct str *text, const struct demand *d)
{
    const char *plus = "";
    if (d->ranks > 1)
        str_addf(text, "%d ranks of ", d->ranks);
    if (d->cores || d->threads) {
        add_amount(text, plus, d->cores ? d->cores : d->threads, d->cores ? "core" : "thread");
        plus = " + ";
    }
    if (d->gpus)
        add_amount(text, plus, d->gpus, "GPU");
    if (d->gpu_share)
        str_addf(text, "%s%g of a GPU", plus, (double)d->gpu_share / DEMAND_WHOLE_GPU);
    if (d->memory_mib)
        add_memory(text, " + ", d->memory_mib);
    for (size_t i = 0; i < d->n_named; i++)
        str_addf(text, " + %lld %s", (long long)d->named[i].amount, d->named[i].name);
    if (d->node)
        str_addf(text, " on %s nodes", d->node);
}
