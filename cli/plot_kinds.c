#include "cli/plot_kinds.h"

#include "base/str.h"

/* Columns by name, first found first used: of sweep's rows, advise's rows and users' tables. */
static const char *const times[] = { "makespan_s", "session_s", "makespan", "session",
                                     "session.mean", NULL };
static const char *const costs[] = { "node_hours", "charge", "cost", "nodes", NULL };
static const char *const sizes[] = { "nodes", NULL };

#define ROW(key, words)                                                                            \
    { .name = #key, .summary = words, .needs = PLOT_TIMELINES, .timelines = plot_##key },
static const struct plot_kind kinds[] = {
    TIMELINE_PICTURES(ROW)
    { .name = "makespan", .summary = "distribution of makespans over replicas, per mode",
      .needs = PLOT_REPLICAS },
    { .name = "dag", .summary = "task sets and dependencies, with the critical path",
      .needs = PLOT_WORKFLOW },
    { .name = "sweep", .summary = "a result over a setting, one line per other settings",
      .needs = PLOT_SERIES, .series = plot_sweep,
      .word = "Sweep", .x = sizes, .y = times, .over_settings = true },
    { .name = "pareto", .summary = "cost against time, and which points no other beats",
      .needs = PLOT_FRONT, .series = plot_pareto,
      .word = "Pareto front", .x = costs, .y = times, .by = "mode" },
    { .name = "sessions", .summary = "advised sessions over nodes, per mode, with their quantiles",
      .needs = PLOT_SESSIONS },
    { .name = "ecdf", .summary = "distribution of a column", .needs = PLOT_SERIES,
      .series = plot_ecdf, .word = "Distribution", .x = times, .by = "mode" },
    { .name = "parity", .summary = "predicted against measured makespans of validate",
      .needs = PLOT_PARITY },
    { .name = "campaign", .summary = "results and hits of a campaign over time, per mode",
      .needs = PLOT_CAMPAIGN },
    { .name = "explain", .summary = "what each mode's makespan consists of", .needs = PLOT_PARTS },
};

const struct plot_kind *plot_kind_at(size_t i)
{
    return i < sizeof kinds / sizeof *kinds ? &kinds[i] : NULL;
}

const struct plot_kind *plot_kind_find(const char *name)
{
    for (size_t i = 0; plot_kind_at(i); i++)
        if (str_equal(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}
