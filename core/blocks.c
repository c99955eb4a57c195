#include "core/blocks.h"

#include <math.h>

#include "core/resource.h"

#define RULE(member) SCHEMA_AT(struct block_rule, member)
enum { MOST = PLATFORM_MOST_NODES };

static const struct schema_field fields[] = {
    { "nodes", &schema_integer, RULE(nodes), .min = 1, .max = MOST, .required = true,
      .help = "nodes of a block (`nodes_per_block`)" },
    { "init", &schema_integer, RULE(init), .max = MOST, .initial = 1,
      .help = "blocks asked for at the start (`init_blocks`)" },
    { "min", &schema_integer, RULE(min), .max = MOST,
      .help = "blocks that are kept (`min_blocks`)" },
    { "max", &schema_integer, RULE(max), .min = 1, .max = MOST, .otherwise = "as the nodes allow",
      .help = "most blocks at once (`max_blocks`)" },
    { "workers", &schema_integer, RULE(workers), .min = 1, .max = NODE_MOST_SLOTS,
      .otherwise = "one a slot",
      .help = "tasks that a node takes at once, as the strategy counts (`max_workers_per_node`)" },
    { "parallelism", &schema_number, RULE(parallelism), .max = 1e6, .initial = 1,
      .help = "workers that are asked for a task that waits or runs; 0: one block at most" },
    { "period", &schema_number, RULE(period_s), .unit = QUANTITY_SECONDS, .min = 1e-3,
      .max = DURATION_LARGEST_S, .initial = 5,
      .help = "seconds from one look of the strategy to the next (`strategy_period`)" },
    { "idle", &schema_number, RULE(idle_s), .unit = QUANTITY_SECONDS, .max = DURATION_LARGEST_S,
      .initial = 120,
      .help = "seconds without a task after which blocks go (`max_idletime`)" },
    { "start", &dist_field, RULE(start), .otherwise = "at once",
      .help = "from the request of a block until its nodes are there" },
};

const struct schema block_schema = { "blocks", SCHEMA_FIELDS(fields),
                                     .size = sizeof(struct block_rule),
                                     .title = "Blocks of nodes" };

/* parsl/jobs/strategy.py, _general_strategy(): cases 2 and 4a. */
int blocks_wanted(const struct block_rule *r, int most, int active, double workers, double tasks)
{
    if (tasks <= 0 || active >= most)
        return 0;
    double slots = active * workers;
    if (slots / tasks < r->parallelism)
        return (int)fmin(ceil(ceil(tasks * r->parallelism - slots) / workers), most - active);
    return active == 0 ? 1 : 0;
}
